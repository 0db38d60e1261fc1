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
} from '#connect';
import { bundleShape, bundlesOf, changedAt, quoteFields, type Bundle } from './bundles.js';
import type { Source } from './pulling.js';
import { linesOf } from './quote-lines.js';
import type { Settings } from './settings.js';
import { amountAt, dayOf, flagAt, flagBehind, idAt, textAt, timeAt, type SalesforceRecord } from './wire.js';

const DAY_MS = 86_400_000;

/** The values that CPQ is installed with; an org’s own ones stand in the settings. */
const STATUSES: Readonly<Record<string, StatedQuote['status']>> = {
  Draft: 'DRAFT',
  'In Review': 'PENDING_APPROVAL',
  Approved: 'APPROVED',
  Denied: 'REJECTED',
  Presented: 'SENT',
  Accepted: 'ACCEPTED',
  Rejected: 'DECLINED',
};
/** Of these, an opportunity that was won or lost says nothing: the quote came to its own end. */
const ENDED: readonly StatedQuote['status'][] = ['REJECTED', 'DECLINED', 'CANCELED'];

export const quotes: Source<Bundle> = {
  of: 'quote',
  type: 'SBQQ__Quote__c',
  isWhole: true,
  isWanted: (settings) => settings.quotes === 'cpq',
  fields: quoteFields,
  gather: bundlesOf,
  read: (raw, settings) => quoteChanges(readWire(bundleShape, raw), settings),
};

/** Nothing of what is not yet whole: a draft, or a quote whose amounts CPQ is still to compute. */
export function quoteChanges(bundle: Bundle, settings: Settings): Change[] {
  const { quote } = bundle;
  const stated = statusOf(quote, settings);
  if (flagAt(quote, 'SBQQ__Uncalculated__c')) return [];
  const customerExternalId = idAt(quote, 'SBQQ__Account__c') ?? idAt(quote, 'SBQQ__Opportunity2__r.AccountId');
  const currency = currencyOf(quote, settings);
  const isDraft = stated === 'DRAFT';
  if (isDraft && (customerExternalId === null || bundle.lines.length === 0)) return [];
  if (customerExternalId === null) throw rejected(`quote ${quote.Id}: expected an account, got none`);
  const lines = linesOf(bundle, { settings, currency });
  if (lines.length === 0) throw rejected(`quote ${quote.Id}: expected lines, got none`);
  checkAmount(bundle, currency);
  const number = textAt(quote, 'Name');
  return [
    {
      kind: 'quote',
      quote: {
        externalId: quote.Id,
        sourceVersion: changedAt(bundle),
        ...(number !== null && { number }),
        ...outcomeOf(quote, stated, settings),
        customerExternalId,
        currency,
        validUntil: validUntilOf(quote, settings),
        lines,
      },
    },
  ];
}

/** A quote whose status was never set is one that is still being made. */
function statusOf(quote: SalesforceRecord, { quoteStatuses }: Settings): StatedQuote['status'] {
  const stated = textAt(quote, 'SBQQ__Status__c') ?? 'Draft';
  const known = { ...STATUSES, ...quoteStatuses };
  const status = Object.hasOwn(known, stated) ? known[stated] : undefined;
  if (status) return status;
  const expected = Object.keys(known).join(', ');
  throw rejected(`quote ${quote.Id}: SBQQ__Status__c: expected one of ${expected}, got ${show(stated)}`);
}

/**
 * Won is what was ordered; what the buyer accepted; and the primary quote of an opportunity that was won. An opportunity
 * has one primary quote, so that of several only one can be won by it.
 */
function outcomeOf(
  quote: SalesforceRecord,
  status: StatedQuote['status'],
  { wonWhen }: Settings,
): Pick<StatedQuote, 'status' | 'isWon'> {
  const isPrimary = flagAt(quote, 'SBQQ__Primary__c');
  const hasWon = flagBehind(quote, 'SBQQ__Opportunity2__r.IsWon') === true;
  const hasClosed = flagBehind(quote, 'SBQQ__Opportunity2__r.IsClosed') === true;
  const isOpen = !ENDED.includes(status);
  const reasons = {
    ordered: flagAt(quote, 'SBQQ__Ordered__c'),
    opportunity: isPrimary && hasWon && isOpen,
    accepted: status === 'ACCEPTED',
  };
  if (wonWhen.some((reason) => reasons[reason])) return { status: 'ACCEPTED', isWon: true };
  const isLost = hasClosed && !hasWon && (status === 'SENT' || status === 'APPROVED');
  return { status: isLost ? 'DECLINED' : status, isWon: false };
}

export function currencyOf(object: SalesforceRecord, settings: Settings): string {
  const currency = settings.currency ?? textAt(object, 'CurrencyIsoCode');
  if (currency !== null && isCurrency(currency)) return currency;
  throw rejected(`CurrencyIsoCode of ${object.Id}: expected an ISO 4217 code, got ${show(currency)}`);
}

/** A day counts to its end. */
function validUntilOf(quote: SalesforceRecord, { quoteValidDays }: Settings): Date {
  const day = dayOf(quote, 'SBQQ__ExpirationDate__c');
  if (day) return new Date(day.getTime() + DAY_MS - 1);
  return new Date(timeAt(quote, 'CreatedDate').getTime() + quoteValidDays * DAY_MS);
}

/** The lines must come to what the quote says: CPQ computes it later, and one may be of before. */
function checkAmount({ quote, lines }: Bundle, currency: string): void {
  const amount = amountAt(quote, 'SBQQ__NetAmount__c');
  if (amount === null) return;
  const sum = lines
    .filter((line) => !flagAt(line, 'SBQQ__Optional__c'))
    .reduce((total, line) => total.plus(exact(amountAt(line, 'SBQQ__NetTotal__c') ?? '0')), exact('0'));
  // Each line may have been rounded another way.
  const tolerance = exact(moneyOfMinor(String(lines.length), currency).amount);
  if (exact(amount).minus(sum).abs().lessThanOrEqualTo(tolerance)) return;
  const shown = moneyOfMinor(minorOfQuantity(sum.toFixed(), '1', currency).toString(), currency).amount;
  throw rejected(`quote ${quote.Id}: SBQQ__NetAmount__c: expected ${shown}, what its lines come to, got ${amount}`);
}
