import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { moneyOfMinor } from '../../../shared/money.js';
import { selectPricedProducts, selectTaxRates, type PricedProductRow, type TaxRateRow } from '../../catalog/index.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX, type CustomerRow } from '../../customers/index.js';
import {
  checkLines,
  priceOrder,
  pricedTotals,
  refuseUntaxed,
  selectOrderCustomer,
  sellerSettings,
  type LineRequest,
  type Pricing,
} from '../../orders/index.js';
import { linkRecord } from '../../references/index.js';
import { insertQuote } from '../quote.queries.js';
import { QUOTE, quoteMoved } from '../quote.events.js';
import type { CreateQuoteInput } from '../quote-input.type.js';
import { checkTerms } from '../quote-lines.rules.js';
import { linesStatement } from './lines-statement.js';

export type QuoteValues = Omit<CreateQuoteInput, 'idempotencyKey'>;
type Party = CustomerRow & { contact_found: boolean };

/** Makes a DRAFT quote, priced and taxed as of now. */
export async function createQuote(scope: ActionScope, input: QuoteValues): Promise<{ quoteId: string }> {
  const refusals = new Refusals();
  const lines = requestedLines(input);
  checkLines(lines, input.currency, refusals);
  checkTerms(input.lines, refusals);
  if (input.validUntil <= scope.now) {
    const message = `validUntil: expected a time to come, got ${input.validUntil.toISOString()}`;
    refusals.add('INVALID', message, ['validUntil']);
  }
  refusals.throwIfAny();
  const known = await load(scope, input, lines, refusals);
  const [id, ...lineIds] = await scope.tx.ids.take(lines.length + 1);
  const request = { currency: input.currency, lines, adjustments: [], shipping: null };
  const pricing = priceOrder(request, known, lineIds, refusals);
  const { country: sellerCountry } = scope.service(sellerSettings);
  refuseUntaxed(pricing.untaxed, known.rates[0]?.country ?? input.shippingAddress?.country ?? sellerCountry, refusals);
  refusals.throwIfAny();
  await write(scope, id!, input, known.customer!, pricing, known.products);
  return { quoteId: id! };
}

async function write(
  scope: ActionScope,
  id: string,
  input: QuoteValues,
  customer: Party,
  pricing: Pricing,
  products: PricedProductRow[],
): Promise<void> {
  const { tx, now, actor } = scope;
  const totals = pricedTotals(pricing, input.currency);
  const quoted = await tx.one(
    insertQuote(
      id,
      null,
      1,
      'DRAFT',
      customer.id,
      idOf(CONTACT_PREFIX, input.contactId ?? ''),
      actor.kind,
      actor.id,
      actor.name,
      input.currency,
      input.validUntil.toISOString(),
      totals.order.subtotalMinor,
      totals.order.discountMinor,
      totals.order.taxMinor,
      totals.order.totalMinor,
      json(input.billingAddress ?? customer.billing_address),
      json(input.shippingAddress ?? customer.shipping_addresses[0] ?? null),
      now.toISOString(),
      1,
    ),
  );
  tx.defer(linesStatement(id, pricing, input.currency, products, input.lines));
  if (input.external) await linkRecord(tx, { kind: QUOTE, recordId: id, external: input.external, at: now });
  await appendEvents(tx, [
    quoteMoved({ id, customer_id: customer.id, event_count: 0 }, scope, null, 'DRAFT', {
      type: 'CREATED',
      message: `Quote ${quoted!.number} made`,
      changes: Object.entries({
        number: quoted!.number,
        currency: input.currency,
        validUntil: input.validUntil.toISOString(),
        total: moneyOfMinor(totals.order.totalMinor.toString(), input.currency),
      }).map(([field, to]) => ({ field, from: null, to })),
      data: {
        total: moneyOfMinor(totals.order.totalMinor.toString(), input.currency),
        lines: input.lines.map(({ sku, quantity }) => ({ sku, quantity })),
      },
    }),
  ]);
}

function requestedLines(input: QuoteValues): LineRequest[] {
  return input.lines.map((line, index) => ({
    sku: line.sku,
    quantity: line.quantity,
    unitPrice: line.unitPrice ?? null,
    discountRate: line.discountRate ?? '0',
    field: ['lines', String(index)],
  }));
}

async function load(scope: ActionScope, input: QuoteValues, lines: LineRequest[], refusals: Refusals) {
  const { tx, now, service } = scope;
  const customerId = idOf(CUSTOMER_PREFIX, input.customerId);
  const contactId = input.contactId == null ? null : idOf(CONTACT_PREFIX, input.contactId);
  const [customers, products, rates] = await tx.batch([
    selectOrderCustomer(customerId, contactId),
    selectPricedProducts(
      lines.map((line) => line.sku),
      lines.map((line) => line.quantity),
      input.currency,
      customerId,
      now.toISOString(),
    ),
    selectTaxRates(
      input.shippingAddress?.country ?? null,
      customerId,
      service(sellerSettings).country,
      now.toISOString().slice(0, 10),
    ),
  ]);
  const customer = customers![0] as Party | undefined;
  if (!customer) refusals.add('NOT_FOUND', `no customer has the id ${input.customerId}`, ['customerId']);
  else if (!customer.is_active) refusals.add('INVALID', `customer ${customer.number} is not active`, ['customerId']);
  if (input.contactId != null && !customer?.contact_found) {
    refusals.add('NOT_FOUND', `the customer has no contact ${input.contactId}`, ['contactId']);
  }
  return { customer, products: products as PricedProductRow[], rates: rates as TaxRateRow[] };
}

function json(value: unknown): string | null {
  return value == null ? null : JSON.stringify(value);
}
