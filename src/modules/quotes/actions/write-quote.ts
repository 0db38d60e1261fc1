import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import type { Address } from '../../../graph/values.type.js';
import { moneyOfMinor } from '../../../shared/money.js';
import { pricedTotals } from '../../orders/index.js';
import { quoteMoved } from '../quote.events.js';
import { insertQuote } from '../quote.queries.js';
import { shippingColumns, statedShipping, type Shipping } from '../quote-shipping.rules.js';
import { linesStatement, type LineTerms } from './lines-statement.js';
import type { PricedQuote } from './price-quote.js';

/** A DRAFT that is ready to be written: every check has passed. */
export interface NewQuote {
  id: string;
  /** Null: the next of the hub's own numbers. */
  number: string | null;
  revision: number;
  customerId: string;
  contactId: string | null;
  currency: string;
  validUntil: Date;
  billingAddress: Address | null;
  shippingAddress: Address | null;
  lines: LineTerms[];
  shipping: Shipping;
}

/** Writes the quote and its event, and leaves its lines to the transaction's last trip; answers its number. */
export async function writeQuote(
  scope: ActionScope,
  quote: NewQuote,
  priced: PricedQuote,
  made: (number: string) => { message: string; data?: object },
): Promise<string> {
  const { tx, actor, now } = scope;
  const { id, revision, customerId, currency, validUntil } = quote;
  const totals = pricedTotals(priced.pricing, currency).order;
  const row = await tx.one(
    insertQuote(
      id,
      quote.number,
      revision,
      'DRAFT',
      customerId,
      quote.contactId,
      actor.kind,
      actor.id,
      actor.name,
      currency,
      validUntil.toISOString(),
      totals.subtotalMinor,
      totals.discountMinor,
      totals.taxMinor,
      totals.totalMinor,
      json(quote.billingAddress),
      json(quote.shippingAddress),
      now.toISOString(),
      1,
      ...shippingColumns(priced.pricing),
    ),
  );
  const { number } = row!;
  tx.defer(linesStatement(id, currency, priced, quote.lines));
  const total = moneyOfMinor(totals.totalMinor.toString(), currency);
  const shipping = statedShipping(quote.shipping, currency);
  const begins = { number, revision, currency, validUntil: validUntil.toISOString(), ...shipping, total };
  const { message, data } = made(number);
  await appendEvents(tx, [
    quoteMoved({ id, customer_id: customerId, event_count: 0 }, scope, null, 'DRAFT', {
      type: 'CREATED',
      message,
      changes: Object.entries(begins).map(([field, to]) => ({ field, from: null, to })),
      data: { total, lines: priced.pricing.lines.map(({ sku, quantity }) => ({ sku, quantity })), ...data },
    }),
  ]);
  return number;
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
