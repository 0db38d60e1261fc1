import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { exact } from '../../../shared/decimal.js';
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
  type NewLine,
  type Pricing,
} from '../../orders/index.js';
import { linkRecord } from '../../references/index.js';
import { insertQuote, insertQuoteLines } from '../quote.queries.js';
import { QUOTE, quoteMoved } from '../quote.events.js';
import type { CreateQuoteInput } from '../quote-input.type.js';

export type QuoteValues = Omit<CreateQuoteInput, 'idempotencyKey'>;
type Party = CustomerRow & { contact_found: boolean };

/** Makes a DRAFT quote, priced and taxed as of now. */
export async function createQuote(scope: ActionScope, input: QuoteValues): Promise<{ quoteId: string }> {
  const refusals = new Refusals();
  const lines = requestedLines(input);
  checkLines(lines, input.currency, refusals);
  checkRates(input, refusals);
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
    ),
  );
  const listPrices = new Map(products.map((product) => [product.ordinal, product.unit_price]));
  tx.defer(quoteLines(id, pricing.lines, totals.lines, listPrices, input));
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

function checkRates(input: QuoteValues, refusals: Refusals): void {
  input.lines.forEach(({ discountRate }, index) => {
    if (discountRate == null) return;
    const rate = exact(discountRate);
    if (rate.isNegative() || rate.greaterThan(1) || rate.decimalPlaces() > 6) {
      const message = `discountRate: expected a fraction from 0 to 1 with at most six digits, got ${discountRate}`;
      refusals.add('INVALID', message, ['lines', String(index), 'discountRate']);
    }
  });
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

function quoteLines(
  quoteId: string,
  lines: NewLine[],
  totals: { taxMinor: bigint; totalMinor: bigint }[],
  listPrices: Map<string, string | null>,
  input: QuoteValues,
) {
  return insertQuoteLines(
    quoteId,
    lines.map((line) => line.id),
    lines.map((_, index) => index + 1),
    lines.map((line) => line.productId),
    lines.map((line) => line.sku),
    lines.map((line) => line.description),
    lines.map((line) => line.requiresShipping),
    lines.map((line) => line.quantity),
    lines.map((line) => line.unitPrice),
    lines.map((_, index) => listPrices.get(String(index + 1)) ?? null),
    input.lines.map((line) => line.discountRate ?? '0'),
    totals.map((line) => line.taxMinor),
    totals.map((line) => line.totalMinor),
    lines.map((line) => JSON.stringify(line.taxLines)),
  );
}

function json(value: unknown): string | null {
  return value == null ? null : JSON.stringify(value);
}
