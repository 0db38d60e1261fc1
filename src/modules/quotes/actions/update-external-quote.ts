import { appendEvents, type NewEvent } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { moneyOfMinor } from '../../../shared/money.js';
import { CONTACT_PREFIX } from '../../customers/index.js';
import type { OrderTotals } from '../../orders/index.js';
import type { ReferenceRow } from '../../references/index.js';
import { assertMayDiffer, differenceOf, stepsTo, type Difference, type Stated } from '../external-quote.rules.js';
import type { UpsertExternalQuoteInput } from '../external-quote.type.js';
import { quoteMoved } from '../quote.events.js';
import { deleteQuoteLines, lockQuote, selectLinesOfQuotes, updateQuote, type LockedQuote } from '../quote.queries.js';
import type { QuoteLineRow } from '../quote-line.type.js';
import type { QuoteStatus } from '../quote.states.js';
import { linesStatement } from './lines-statement.js';
import { priceStatement } from './price-statement.js';
import { stepEvents } from './step-events.js';
import { supersedeRevisions } from './supersede-revisions.js';

/**
 * Brings the hub's copy of a quote up to what its tool states now; answers the fields that changed. What stands beside its
 * lines may change at any time until it expires, lines and currency only until some of it is an order, and never behind the
 * back of a customer who said yes in the hub: a Refusal says so.
 */
export async function updateExternalQuote(
  scope: ActionScope,
  reference: ReferenceRow,
  input: UpsertExternalQuoteInput,
  customer: { id: string; number: string },
): Promise<string[]> {
  const [quotes, lineRows] = await scope.tx.batch([
    lockQuote(reference.record_id),
    selectLinesOfQuotes([reference.record_id]),
  ]);
  const quote = quotes![0] as LockedQuote;
  const lines = lineRows as QuoteLineRow[];
  assertSameQuote(quote, input, customer);
  const header = {
    revision: input.revision ?? quote.revision,
    contactId: input.contactId == null ? null : idOf(CONTACT_PREFIX, input.contactId),
    currency: input.currency,
    validUntil: input.validUntil,
    billingAddress: input.billingAddress ?? quote.billing_address,
    shippingAddress: input.shippingAddress ?? quote.shipping_address,
  };
  const steps = stepsTo(quote, input.status, (reference.stated as Stated | null)?.status ?? null);
  const difference = differenceOf(quote, lines, header, input.lines);
  assertMayDiffer(quote, steps.at(-1) ?? quote.status, input.status, difference);
  const others = await otherRevisions(scope, quote, header.revision, input, reference, steps);
  const walked = [...steps, ...others.steps];
  const isChanged = difference.open.length + difference.personal.length > 0;
  if (!isChanged && walked.length === 0) {
    await appendEvents(scope.tx, others.events);
    return [];
  }
  const totals = isChanged && mayReprice(quote) ? await replaceLines(scope, quote, lines, input, header) : null;
  const edited = isChanged ? [editedEvent(scope, quote, difference, totals, input)] : [];
  const facts = { ...quote, event_count: quote.event_count + edited.length };
  const moved = stepEvents(scope, facts, quote.status, walked);
  scope.tx.defer(
    updateQuote(
      quote.id,
      header.revision,
      walked.at(-1) ?? quote.status,
      header.contactId,
      header.currency,
      header.validUntil.toISOString(),
      totals?.subtotalMinor ?? quote.subtotal_minor,
      totals?.discountMinor ?? quote.discount_minor,
      totals?.taxMinor ?? quote.tax_minor,
      totals?.totalMinor ?? quote.total_minor,
      header.billingAddress && JSON.stringify(header.billingAddress),
      header.shippingAddress && JSON.stringify(header.shippingAddress),
      scope.now.toISOString(),
      edited.length + moved.length,
    ),
  );
  await appendEvents(scope.tx, [...edited, ...moved, ...others.events]);
  const fields = [...difference.open, ...difference.personal].map(({ field }) => field);
  return [...fields, ...(walked.length > 0 ? ['status'] : [])];
}

function mayReprice(quote: LockedQuote): boolean {
  return quote.status !== 'PARTIALLY_CONVERTED' && quote.status !== 'CONVERTED';
}

function assertSameQuote(
  quote: LockedQuote,
  input: UpsertExternalQuoteInput,
  customer: { id: string; number: string },
): void {
  if (customer.id !== quote.customer_id) {
    const message = `quote ${quote.number} stays with its customer, it cannot become one of ${customer.number}`;
    throw refuse('CONFLICT', message, [input.customerExternal ? 'customerExternal' : 'customerId']);
  }
  if (input.number != null && input.number !== quote.number) {
    throw refuse('CONFLICT', `number: the quote is ${quote.number} and stays so, got "${input.number}"`, ['number']);
  }
}

function otherRevisions(
  scope: ActionScope,
  { id, number, customer_id: customerId, status }: LockedQuote,
  revision: number,
  input: UpsertExternalQuoteInput,
  { integration_id: integrationId }: ReferenceRow,
  steps: QuoteStatus[],
): Promise<{ events: NewEvent[]; steps: QuoteStatus[] }> {
  if (input.number == null) return Promise.resolve({ events: [], steps: [] });
  return supersedeRevisions(scope, { id, number, revision, customerId, integrationId }, steps.at(-1) ?? status);
}

/** Lines that the tool knows by the same id stay the same lines of the hub. */
async function replaceLines(
  scope: ActionScope,
  quote: LockedQuote,
  lines: QuoteLineRow[],
  input: UpsertExternalQuoteInput,
  { shippingAddress }: { shippingAddress: { country: string } | null },
): Promise<OrderTotals> {
  const known = new Map(lines.map((line) => [line.external_line_id, line.id]));
  const fresh = (await scope.tx.ids.take(input.lines.length)).values();
  const ids = input.lines.map(({ lineId }) => known.get(lineId) ?? fresh.next().value!);
  const priced = await priceStatement(scope, input, quote.customer_id, shippingAddress?.country ?? null, ids);
  scope.tx.defer(
    deleteQuoteLines(quote.id),
    linesStatement(quote.id, priced.pricing, input.currency, priced.products, described(input, lines)),
  );
  return priced.totals;
}

/** A description that is not stated stays as it was. */
function described({ lines }: UpsertExternalQuoteInput, before: QuoteLineRow[]) {
  const known = new Map(before.map((line) => [`${line.external_line_id}\n${line.sku}`, line.description]));
  return lines.map((line) => ({
    ...line,
    description: line.description ?? known.get(`${line.lineId}\n${line.sku}`) ?? null,
  }));
}

function editedEvent(
  scope: ActionScope,
  quote: LockedQuote,
  difference: Difference,
  totals: OrderTotals | null,
  { external, currency }: UpsertExternalQuoteInput,
): NewEvent {
  const from = moneyOfMinor(quote.total_minor, quote.currency);
  const to = totals && moneyOfMinor(totals.totalMinor.toString(), currency);
  const isTotalChanged = to !== null && (to.amount !== from.amount || to.currency !== from.currency);
  return quoteMoved(quote, scope, quote.status, quote.status, {
    type: 'EDITED',
    message: `Quote ${quote.number} changed by ${external.integration}`,
    changes: [...difference.open, ...(isTotalChanged ? [{ field: 'total', from, to }] : [])],
    personal: difference.personal,
  });
}
