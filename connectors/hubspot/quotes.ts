import {
  exact,
  isCurrency,
  minorOfQuantity,
  moneyOfMinor,
  readWire,
  rejected,
  show,
  type Change,
  type StatedQuote,
  type StatedQuoteLine,
} from '#connect';
import { bundleShape, bundlesOf, partsOfBundle, QUOTE_PROPERTIES, type Bundle, type DealBundle } from './bundles.js';
import { PERSON_PREFIX } from './contacts.js';
import { newest, type Source } from './pulling.js';
import { isTaxed, lineOf } from './quote-lines.js';
import { recordUrl, type Settings } from './settings.js';
import { amountOf, instantOf, needed, optional, type CrmObject } from './wire.js';

const DAY_MS = 86_400_000;

/** What HubSpot says of a quote before it knows what became of it. ACCEPTED is a buyer’s click or signature. */
const STATUSES: Readonly<Record<string, StatedQuote['status']>> = {
  DRAFT: 'DRAFT',
  PENDING_APPROVAL: 'PENDING_APPROVAL',
  REJECTED: 'REJECTED',
  // Either is what a quote is published by.
  APPROVED: 'SENT',
  APPROVAL_NOT_NEEDED: 'SENT',
  ACCEPTED: 'ACCEPTED',
};

export const quotes: Source<Bundle> = {
  of: 'quote',
  type: 'quotes',
  modified: 'hs_lastmodifieddate',
  isWhole: true,
  properties: () => QUOTE_PROPERTIES,
  gather: bundlesOf,
  partsOf: partsOfBundle,
  read: (raw, settings) => quoteChanges(readWire(bundleShape, raw), settings),
};

/** Nothing of a draft that is not yet whole; what was published must be. */
export function quoteChanges(bundle: Bundle, settings: Settings): Change[] {
  const { quote, lines } = bundle;
  const status = statusOf(quote);
  const customerExternalId = customerOf(bundle);
  if (status === 'DRAFT' && (lines.length === 0 || customerExternalId === null)) return [];
  if (customerExternalId === null)
    throw rejected(`quote ${quote.id}: expected one company or contact that it is for, got none`);
  if (lines.length === 0) throw rejected(`quote ${quote.id}: expected line items, got none`);
  const currency = currencyOf(quote, 'hs_currency', settings);
  const stated = lines.map((line) => lineOf(line, settings));
  const number = needed(quote, 'hs_quote_number');
  const outcome = outcomeOf(bundle, status);
  if (outcome.status !== 'DRAFT') checkAmount(quote, lines, { stated, currency });
  return [
    {
      kind: 'quote',
      quote: {
        externalId: quote.id,
        externalUrl: recordUrl(settings, 'quotes', quote.id),
        sourceVersion: newest(partsOfBundle(bundle).map(({ modifiedAt }) => modifiedAt)),
        ...(number !== null && { number }),
        ...outcome,
        customerExternalId,
        currency,
        validUntil: validUntilOf(quote),
        lines: stated,
      },
    },
  ];
}

/** A quote whose state was never set is one that is still being made. */
function statusOf(quote: CrmObject): StatedQuote['status'] {
  const stated = needed(quote, 'hs_status') ?? 'DRAFT';
  const status = STATUSES[stated];
  if (status) return status;
  throw rejected(
    `quote ${quote.id}: hs_status: expected one of ${Object.keys(STATUSES).join(', ')}, got ${show(stated)}`,
  );
}

/**
 * Won is what the buyer accepted, signed or paid; and the one published quote of a deal that was closed as won. Where a
 * deal has several and none was signed, nothing says which of them: none is.
 */
function outcomeOf({ quote, deals }: Bundle, status: StatedQuote['status']): Pick<StatedQuote, 'status' | 'isWon'> {
  if (status !== 'SENT' && status !== 'ACCEPTED') return { status, isWon: false };
  if (status === 'ACCEPTED' || isSigned(quote) || optional(quote, 'hs_payment_status') === 'PAID') {
    return { status: 'ACCEPTED', isWon: true };
  }
  if (deals.some((deal) => isClosed(deal) === 'won' && isOnlyQuote(quote, deal)))
    return { status: 'ACCEPTED', isWon: true };
  const isLost = deals.length > 0 && deals.every((deal) => isClosed(deal) === 'lost');
  return { status: isLost ? 'DECLINED' : 'SENT', isWon: false };
}

function isSigned(quote: CrmObject): boolean {
  const count = (name: string): number => {
    const value = optional(quote, name);
    return value !== null && /^\d{1,4}$/.test(value) ? Number(value) : 0;
  };
  const required = count('hs_esign_num_signers_required');
  return (
    optional(quote, 'hs_esign_enabled') === 'true' &&
    required > 0 &&
    count('hs_esign_num_signers_completed') >= required
  );
}

/** By what HubSpot makes of the pipeline’s stage: each pipeline names its own. */
export function isClosed({ deal }: DealBundle): 'won' | 'lost' | null {
  needed(deal, 'dealstage');
  if (needed(deal, 'hs_is_closed_won') === 'true') return 'won';
  return needed(deal, 'hs_is_closed') === 'true' ? 'lost' : null;
}

function isOnlyQuote(quote: CrmObject, { quotes: all }: DealBundle): boolean {
  const published = all.filter((each) =>
    ['SENT', 'ACCEPTED'].includes(STATUSES[optional(each, 'hs_status') ?? ''] ?? ''),
  );
  return published.every(({ id }) => id === quote.id);
}

/** The quote’s company; else its deal’s; else the one contact, as a customer of its own. Null: nobody yet. */
function customerOf({ quote, companies, contacts, deals }: Bundle): string | null {
  const ofDeals = [...new Set(deals.flatMap((deal) => deal.companies))];
  return customerAmong(`quote ${quote.id}`, companies.length > 0 ? companies : ofDeals, contacts);
}

export function customerAmong(what: string, companies: readonly string[], contacts: readonly string[]): string | null {
  if (companies.length > 1) throw rejected(`${what}: expected one company that it is for, got ${companies.join(', ')}`);
  if (companies.length === 1) return companies[0]!;
  if (contacts.length > 1) {
    throw rejected(
      `${what}: expected a company or one contact that it is for, got the contacts ${contacts.join(', ')}`,
    );
  }
  return contacts.length === 1 ? PERSON_PREFIX + contacts[0]! : null;
}

export function currencyOf(object: CrmObject, property: string, settings: Settings): string {
  const currency = optional(object, property) ?? settings.currency;
  if (currency !== undefined && isCurrency(currency)) return currency;
  throw rejected(`${property} of ${object.id}: expected an ISO 4217 code, got ${show(currency ?? null)}`);
}

/** A day counts to its end. */
function validUntilOf(quote: CrmObject): Date {
  const text = needed(quote, 'hs_expiration_date');
  const day = text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) ? instantOf(`${text}T00:00:00Z`) : null;
  const instant = day ? new Date(day.getTime() + DAY_MS - 1) : instantOf(text ?? '');
  if (instant) return instant;
  throw rejected(`quote ${quote.id}: hs_expiration_date: expected a date, got ${show(text)}`);
}

/**
 * A discount or fee of the quote as a whole is no property of it: where the lines do not come to the quote’s amount, there
 * is one, and the quote is not what its lines say. What recurs is left out: an account decides what its amount counts.
 */
function checkAmount(
  quote: CrmObject,
  items: readonly CrmObject[],
  { stated, currency }: { stated: readonly StatedQuoteLine[]; currency: string },
): void {
  const amount = amountOf(quote, 'hs_quote_amount');
  if (amount === null || stated.some(({ recurrence }) => recurrence !== undefined)) return;
  const minor = stated.reduce((sum, line) => sum + minorOfLine(line, currency), 0n);
  const lines = moneyOfMinor(minor.toString(), currency).amount;
  const beyond = exact(amount).minus(exact(lines));
  // Each line may have been rounded another way.
  const tolerance = exact(moneyOfMinor(String(stated.length), currency).amount);
  if (beyond.abs().lessThanOrEqualTo(tolerance)) return;
  // The hub computes taxes of its own.
  if (beyond.isPositive() && items.some(isTaxed)) return;
  throw rejected(
    `quote ${quote.id}: hs_quote_amount: expected ${lines}, what its lines come to, ` +
      `got ${amount}: a discount, fee or tax of the whole quote cannot be read`,
  );
}

function minorOfLine({ unitPrice, quantity, discountRate }: StatedQuoteLine, currency: string): bigint {
  const net = exact(unitPrice).times(exact(1).minus(exact(discountRate ?? '0')));
  return minorOfQuantity(net.toFixed(), quantity, currency);
}
