import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { parseInstant } from '../../../shared/clock.js';
import { refuse, Refusal, Refusals } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import { moneyOfUnitPrice } from '../../../shared/money.js';
import { quoteMoved } from '../quote.events.js';
import {
  lockForeignName,
  lockRevisions,
  moveQuote,
  selectLinesOfQuotes,
  selectQuotes,
  type LockedRevision,
} from '../quote.queries.js';
import type { QuoteLineInput } from '../quote-input.type.js';
import { type ReviseQuoteInput } from '../quote-input.type.js';
import type { QuoteLineRow } from '../quote-line.type.js';
import { revisedShipping } from '../quote-shipping.rules.js';
import { assertQuoteMove, quoteMachine } from '../quote.states.js';
import { QUOTE_PREFIX } from '../quote.type.js';
import { assertRevisable } from '../revision.rules.js';
import type { LineTerms } from './lines-statement.js';
import { checkQuote, priceQuote, type QuoteCustomer } from './price-quote.js';
import { writeQuote } from './write-quote.js';

export type RevisionValues = Omit<ReviseQuoteInput, 'idempotencyKey'>;
type RevisedLine = QuoteLineInput & LineTerms;

/**
 * Makes the next revision of a quote, a DRAFT; the newest so far is SUPERSEDED, unless it had come to its end. What is left
 * out is carried over. Revisions of one number are made one after the other: of two calls for the same quote, one finds it
 * superseded.
 */
export async function reviseQuote(scope: ActionScope, input: RevisionValues): Promise<{ quoteId: string }> {
  const { tx, now } = scope;
  const { quote, newest } = await lockForRevision(scope, input);
  const carried = input.lines ?? carriedOver(await tx.query(selectLinesOfQuotes([quote.id])));
  const lines: RevisedLine[] = carried;
  const validUntil = input.validUntil ?? parseInstant(quote.valid_until);
  const refusals = new Refusals();
  checkQuote({ lines, currency: quote.currency, validUntil }, now, refusals);
  const shipping = revisedShipping(quote, input, refusals);
  refusals.throwIfAny();
  const [id, ...ids] = (await tx.ids.take(lines.length + 2)) as [string, ...string[]];
  const { customer_id: customerId, contact_id: contactId, currency, shipping_address: shippingAddress } = quote;
  const request = { customerId, contactId, currency, lines, shipping, shippingAddress };
  const refuseParty = (customer: QuoteCustomer | undefined) => {
    if (customer!.is_active) return;
    refusals.add('INVALID', `customer ${customer!.number} is not active`, ['quoteId']);
  };
  const priced = await priceQuote(scope, request, ids, refuseParty, refusals);
  refusals.throwIfAny();
  const { number } = quote;
  const revision = newest.revision + 1;
  const parties = { number, customerId, contactId, billingAddress: quote.billing_address, shippingAddress };
  const made = { id, revision, currency, validUntil, lines, shipping, ...parties };
  await writeQuote(scope, made, priced, () => ({
    message: `Quote ${number} revision ${revision} made of revision ${quote.revision}`,
    data: { revises: typeId(QUOTE_PREFIX, quote.id), ...(input.comment && { comment: input.comment }) },
  }));
  await supersede(scope, newest, id, input.comment);
  return { quoteId: id };
}

async function lockForRevision(
  { tx }: ActionScope,
  { quoteId, expectedVersion }: RevisionValues,
): Promise<{ quote: LockedRevision; newest: LockedRevision }> {
  const id = idOf(QUOTE_PREFIX, quoteId);
  const known = id === null ? undefined : await tx.one(selectQuotes([id]));
  if (!known) throw refuse('NOT_FOUND', `no quote has the id ${quoteId}`, ['quoteId']);
  const [, rows] = await tx.batch([lockForeignName(`quote number ${known.number}`), lockRevisions(known.number)]);
  const revisions = rows as LockedRevision[];
  const quote = revisions.find((one) => one.id === id)!;
  const newest = revisions.at(-1)!;
  const named = `quote ${quote.number}`;
  if (expectedVersion != null && expectedVersion !== quote.version)
    throw new Refusal([versionConflict(named, expectedVersion, quote.version)]);
  const tool = revisions.find(({ stated_by }) => stated_by !== null)?.stated_by;
  if (tool != null) throw refuse('CONFLICT', `${named} is stated by ${tool}: revise it there`, ['quoteId']);
  assertRevisable(quote, newest);
  if (quoteMachine.allowed(newest.status).length > 0) assertQuoteMove(newest, 'SUPERSEDED');
  return { quote, newest };
}

/** What was offered, at the prices at which it was offered. */
function carriedOver(lines: QuoteLineRow[]): RevisedLine[] {
  return lines.map((line) => ({
    sku: line.sku,
    description: line.description,
    quantity: line.quantity,
    unitPrice: moneyOfUnitPrice(line.unit_price, line.currency),
    discountRate: line.discount_rate,
    configuration: line.configuration.map(({ option, choice }) => ({ option, choice })),
    recurrence:
      line.recurrence_interval === null
        ? null
        : { interval: line.recurrence_interval, termCount: line.recurrence_terms! },
  }));
}

/** What had come to its end stays as it is. */
async function supersede(
  scope: ActionScope,
  newest: LockedRevision,
  by: string,
  comment: string | null | undefined,
): Promise<void> {
  if (!quoteMachine.canMove(newest.status, 'SUPERSEDED')) return;
  scope.tx.defer(moveQuote(newest.id, 'SUPERSEDED', scope.now.toISOString()));
  await appendEvents(scope.tx, [
    quoteMoved(newest, scope, newest.status, 'SUPERSEDED', {
      message: `Quote ${newest.number} is superseded by a newer revision`,
      data: { supersededBy: typeId(QUOTE_PREFIX, by), ...(comment && { comment }) },
    }),
  ]);
}
