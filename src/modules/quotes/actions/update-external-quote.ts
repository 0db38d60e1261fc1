import type { Statement } from '../../../db/statement.js';
import { appendEvents, type NewEvent } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { moneyOfMinor } from '../../../shared/money.js';
import { CONTACT_PREFIX } from '../../customers/index.js';
import { shippingRequest, type OrderTotals } from '../../orders/index.js';
import type { ReferenceRow } from '../../references/index.js';
import {
  assertMayDiffer,
  differenceOf,
  stepsTo,
  type Difference,
  type QuoteHeader,
  type Stated,
} from '../external-quote.rules.js';
import type { ExternalQuoteValues } from '../external-quote.type.js';
import { deleteApprovals, selectActiveRules, selectApprovals } from '../approval.queries.js';
import { ApprovalStatus, type ApprovalRow } from '../quote-approval.type.js';
import { quoteMoved } from '../quote.events.js';
import {
  deleteQuoteLines,
  lockQuote,
  selectLinesOfQuotes,
  setQuoteShipping,
  updateQuote,
  type LockedQuote,
} from '../quote.queries.js';
import type { QuoteLineRow } from '../quote-line.type.js';
import { shippingColumns } from '../quote-shipping.rules.js';
import type { QuoteStatus } from '../quote.states.js';
import { askForApproval, askingAmong } from './ask-for-approval.js';
import { linesStatement } from './lines-statement.js';
import { priceStatement, type PricedStatement } from './price-statement.js';
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
  input: ExternalQuoteValues,
  customer: { id: string; number: string },
): Promise<string[]> {
  const { quote, lines, approvals } = await load(scope, reference.record_id);
  assertSameQuote(quote, input, customer);
  const header = headerOf(quote, input);
  const steps = stepsTo(quote, input.status, (reference.stated as Stated | null)?.status ?? null);
  const difference = differenceOf(quote, lines, header, input.lines);
  const to = steps.at(-1) ?? quote.status;
  const isApprovedHere = approvals.some(({ status }) => status === ApprovalStatus.APPROVED);
  assertMayDiffer(quote, to, input.status, difference, isApprovedHere);
  const { revision } = header;
  const { id, customer_id: customerId } = quote;
  const named = { id, number: input.number ?? null, revision, customerId, integrationId: reference.integration_id };
  const others = await supersedeRevisions(scope, named, to);
  const fields = [...difference.open, ...difference.personal].map(({ field }) => field);
  const edited: NewEvent[] = [];
  let totals: OrderTotals | null = null;
  let cleared: QuoteStatus[] = [];
  if (fields.length > 0) {
    if (isOpen(quote)) {
      const priced = await replaceLines(scope, quote, lines, input, header);
      totals = priced.totals;
      const isAskedAnew = difference.isPriced && approvals.length > 0 && to === 'PENDING_APPROVAL';
      if (isAskedAnew) cleared = await askAnew(scope, quote.id, input, priced);
    }
    edited.push(editedEvent(scope, quote, difference, totals, input));
  }
  const walked = [...steps, ...(others.steps.length > 0 ? others.steps : cleared)];
  const moved = stepEvents(scope, { ...quote, event_count: quote.event_count + edited.length }, quote.status, walked);
  const made = edited.length + moved.length;
  if (made > 0) scope.tx.defer(updateStatement(scope, quote, header, totals, walked.at(-1) ?? quote.status, made));
  await appendEvents(scope.tx, [...edited, ...moved, ...others.events]);
  return [...fields, ...(walked.length > 0 ? ['status'] : [])];
}

async function load({ tx }: ActionScope, id: string) {
  const [quotes, lines, approvals] = await tx.batch([lockQuote(id), selectLinesOfQuotes([id]), selectApprovals([id])]);
  return {
    quote: quotes![0] as LockedQuote,
    lines: lines as QuoteLineRow[],
    approvals: approvals as ApprovalRow[],
  };
}

/** What waits in the hub is asked for of the lines as they are now; where no rule asks any more, it is APPROVED. */
async function askAnew(
  scope: ActionScope,
  quoteId: string,
  { lines, currency }: ExternalQuoteValues,
  { totals, listPrices }: PricedStatement,
): Promise<QuoteStatus[]> {
  const rules = await scope.tx.query(selectActiveRules());
  const figures = lines.map((line, index) => ({
    sku: line.sku,
    quantity: line.quantity,
    unit_price: line.unitPrice.amount,
    list_price: listPrices[index]!,
    discount_rate: line.discountRate ?? '0',
    recurrence_interval: line.recurrence?.interval ?? null,
    recurrence_terms: line.recurrence?.termCount ?? null,
  }));
  const asking = askingAmong(rules, { currency, total_minor: totals.totalMinor.toString() }, figures);
  scope.tx.defer(deleteApprovals(quoteId));
  if (asking.length === 0) return ['APPROVED'];
  await askForApproval(scope, quoteId, asking);
  return [];
}

/** What is left out stays as it was; shipping is stated whole, as lines are. */
function headerOf(quote: LockedQuote, input: ExternalQuoteValues): QuoteHeader {
  return {
    revision: input.revision ?? quote.revision,
    contactId: input.contactId == null ? null : idOf(CONTACT_PREFIX, input.contactId),
    currency: input.currency,
    validUntil: input.validUntil,
    billingAddress: input.billingAddress ?? quote.billing_address,
    shippingAddress: input.shippingAddress ?? quote.shipping_address,
    shipping: shippingRequest(input, input.currency, new Refusals()),
  };
}

function updateStatement(
  { now }: ActionScope,
  quote: LockedQuote,
  { revision, contactId, currency, validUntil, billingAddress, shippingAddress }: QuoteHeader,
  totals: OrderTotals | null,
  status: QuoteStatus,
  eventCount: number,
): Statement {
  return updateQuote(
    quote.id,
    revision,
    status,
    contactId,
    currency,
    validUntil.toISOString(),
    totals?.subtotalMinor ?? quote.subtotal_minor,
    totals?.discountMinor ?? quote.discount_minor,
    totals?.taxMinor ?? quote.tax_minor,
    totals?.totalMinor ?? quote.total_minor,
    billingAddress && JSON.stringify(billingAddress),
    shippingAddress && JSON.stringify(shippingAddress),
    now.toISOString(),
    eventCount,
  );
}

/** Nothing of it is an order. */
function isOpen(quote: LockedQuote): boolean {
  return quote.status !== 'PARTIALLY_CONVERTED' && quote.status !== 'CONVERTED';
}

function assertSameQuote(
  quote: LockedQuote,
  input: ExternalQuoteValues,
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

/** Lines that the tool knows by the same id stay the same lines of the hub. */
async function replaceLines(
  scope: ActionScope,
  quote: LockedQuote,
  lines: QuoteLineRow[],
  input: ExternalQuoteValues,
  { shippingAddress }: QuoteHeader,
): Promise<PricedStatement> {
  const known = new Map(lines.map((line) => [line.external_line_id, line.id]));
  const fresh = (await scope.tx.ids.take(input.lines.length + 1)).values();
  const next = () => fresh.next().value!;
  const ids = [...input.lines.map(({ lineId }) => known.get(lineId) ?? next()), next()];
  const priced = await priceStatement(scope, input, quote.customer_id, shippingAddress, ids);
  scope.tx.defer(
    deleteQuoteLines(quote.id),
    linesStatement(quote.id, input.currency, priced, described(input, lines)),
    setQuoteShipping(quote.id, ...shippingColumns(priced.pricing)),
  );
  return priced;
}

/** A description that is not stated stays as it was. */
function described({ lines }: ExternalQuoteValues, before: QuoteLineRow[]) {
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
  { external, currency }: ExternalQuoteValues,
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
