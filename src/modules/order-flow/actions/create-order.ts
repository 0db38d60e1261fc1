import type { ActionScope } from '../../../graph/mutation.js';
import { Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { selectPricedProducts, type PricedProductRow } from '../../catalog/index.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX, type CustomerRow } from '../../customers/index.js';
import {
  checkLines,
  headlineOf,
  lockCreditLimit,
  minorOf,
  NOTHING_SHIPPED,
  ORDER,
  pricedTotals,
  priceOrder,
  progressOf,
  refuseUntaxed,
  selectChannelByCode,
  selectCreditUsed,
  selectOrderCustomer,
  sellerSettings,
  shippingRequest,
  writeOrder,
  type ChannelRow,
  type CreateOrderInput,
  type CreditLimitRow,
  type CreditUsedRow,
  type LineRequest,
  type Pricing,
} from '../../orders/index.js';
import { linkRecord } from '../../references/index.js';
import { ratedTaxes, selectTaxRates, type KnownRateRow, type TaxProvider } from '../../tax/index.js';
import { lockLevelsBySku, reserveStock, type LockedLevel, type Reserved } from '../../stock/index.js';
import { confirmLine, stockedIds, stockNeeds } from '../verification.rules.js';
import { refuseBeyondCredit } from '../credit.rules.js';

interface Known {
  channel: ChannelRow | undefined;
  customer: (CustomerRow & { contact_found: boolean }) | undefined;
  products: PricedProductRow[];
  taxes: TaxProvider;
  limit: CreditLimitRow | undefined;
  used: CreditUsedRow | undefined;
  levels: LockedLevel[];
  sellerCountry: string;
}

/**
 * Takes an order: a DRAFT, RECEIVED, or with `confirm` verified and CONFIRMED at once. Two trips to the database: one
 * reads and locks, one writes and commits.
 */
export async function createOrder(
  scope: ActionScope,
  orderId: string,
  input: Omit<CreateOrderInput, 'idempotencyKey'>,
): Promise<{ orderId: string }> {
  const refusals = new Refusals();
  const request = read(scope, input, refusals);
  refusals.throwIfAny();
  const known = await load(scope, request);
  const customer = checkParties(request, known, refusals);
  const shippingAddress = input.shippingAddress ?? customer?.shipping_addresses[0] ?? null;
  const ids = await scope.tx.ids.take(request.lines.length + request.adjustments.length + 1);
  const pricing = priceOrder(request, known, ids, refusals);
  if (input.confirm || request.tax.pricesIncludeTax) {
    refuseUntaxed(pricing.untaxed, known.taxes.country ?? shippingAddress?.country ?? known.sellerCountry, refusals);
  }
  const reserved = input.confirm ? verify(scope, request, pricing, known, refusals) : null;
  refusals.throwIfAny();
  if (reserved) for (const line of pricing.lines) confirmLine(line, reserved);
  const confirmed = reserved && headlineOf(pricing.lines.map(progressOf), NOTHING_SHIPPED);
  await writeOrder(
    scope,
    {
      id: orderId,
      channel: known.channel!,
      status: confirmed ?? (input.draft ? 'DRAFT' : 'RECEIVED'),
      customerId: customer?.id ?? null,
      contactId: request.contactId,
      email: input.email ?? customer?.email ?? null,
      purchaseOrderNumber: input.purchaseOrderNumber ?? null,
      note: input.note ?? null,
      currency: input.currency,
      pricesIncludeTax: request.tax.pricesIncludeTax,
      isStated: false,
      taxRounding: request.tax.rounding,
      lines: pricing.lines,
      shipping: pricing.shipping,
      adjustments: pricing.adjustments,
      billingAddress: input.billingAddress ?? customer?.billing_address ?? null,
      shippingAddress,
      quoteId: null,
      allowBackorder: input.allowBackorder ?? false,
      requestedDeliveryAt: input.requestedDeliveryAt ?? null,
      placedAt: input.placedAt ?? scope.now,
    },
    { status: input.draft ? 'DRAFT' : 'RECEIVED', message: input.draft ? 'Draft begun' : 'Order received' },
    (events) => {
      if (reserved)
        events.stockReserved(reserved.levels).walked('RECEIVED', 'CONFIRMED').walked('CONFIRMED', confirmed!);
    },
    reserved?.statements,
  );
  if (input.external) {
    await linkRecord(scope.tx, { kind: ORDER, recordId: orderId, external: input.external, at: scope.now });
  }
  return { orderId };
}

type Request = ReturnType<typeof read>;

function read(scope: ActionScope, input: Omit<CreateOrderInput, 'idempotencyKey'>, refusals: Refusals) {
  if (scope.customerId !== null) refuseStaffFields(input, refusals);
  if (input.draft && input.confirm)
    refusals.add('INVALID', 'draft and confirm: expected at most one of them', ['confirm']);
  const lines: LineRequest[] = input.lines.map((line, index) => ({
    sku: line.sku,
    quantity: line.quantity,
    unitPrice: line.unitPrice ?? null,
    optionalParts: line.optionalParts ?? [],
    field: ['lines', String(index)],
  }));
  checkLines(lines, input.currency, refusals);
  const adjustments = (input.adjustments ?? []).map((adjustment, index) => {
    const field = ['adjustments', String(index), 'amount'];
    const minor = minorOf(adjustment.amount, input.currency, field, refusals);
    if (minor < 0n && adjustment.kind !== 'ROUNDING')
      refusals.add('INVALID', `amount: expected zero or more, got ${adjustment.amount.amount}`, field);
    return { ...adjustment, minor };
  });
  const shipping = shippingRequest(input, input.currency, refusals);
  const asked = input.customerId == null ? null : idOf(CUSTOMER_PREFIX, input.customerId);
  const contactId = input.contactId == null ? null : idOf(CONTACT_PREFIX, input.contactId);
  if (input.customerId != null && asked === null)
    refusals.add('NOT_FOUND', `no customer has the id ${input.customerId}`, ['customerId']);
  if (input.contactId != null && contactId === null)
    refusals.add('NOT_FOUND', `no contact has the id ${input.contactId}`, ['contactId']);
  if (scope.customerId !== null && asked !== null && asked !== scope.customerId) {
    refusals.add('FORBIDDEN', 'customerId: a customer orders for itself alone', ['customerId']);
  }
  return {
    input,
    lines,
    adjustments,
    contactId,
    customerId: scope.customerId ?? asked,
    shipping,
    currency: input.currency,
    tax: {
      rounding: scope.service(sellerSettings).taxRounding,
      pricesIncludeTax: input.pricesIncludeTax ?? false,
    },
  };
}

function refuseStaffFields(input: Omit<CreateOrderInput, 'idempotencyKey'>, refusals: Refusals): void {
  for (const field of ['shippingPrice', 'adjustments', 'placedAt', 'external'] as const) {
    if (input[field] != null) refusals.add('FORBIDDEN', `${field}: not for customers to set`, [field]);
  }
  input.lines.forEach((line, index) => {
    if (line.unitPrice != null)
      refusals.add('FORBIDDEN', 'unitPrice: not for customers to set', ['lines', String(index), 'unitPrice']);
  });
}

async function load(
  { tx, now, service }: ActionScope,
  { input, lines, customerId, contactId }: Request,
): Promise<Known> {
  const skus = lines.map((line) => line.sku);
  const quantities = lines.map((line) => line.quantity);
  const sellerCountry = service(sellerSettings).country;
  const [channels, customers, products, rates, limits, used, levels] = await tx.batch([
    selectChannelByCode(input.channel),
    selectOrderCustomer(customerId, contactId),
    selectPricedProducts(skus, quantities, input.currency, customerId, now.toISOString()),
    selectTaxRates(
      input.shippingAddress?.country ?? null,
      input.shippingAddress?.region ?? null,
      customerId,
      sellerCountry,
      (input.placedAt ?? now).toISOString().slice(0, 10),
    ),
    ...(input.confirm ? [lockCreditLimit(customerId), selectCreditUsed([customerId]), lockLevelsBySku(skus)] : []),
  ]);
  return {
    channel: channels![0] as Known['channel'],
    customer: customers![0] as Known['customer'],
    products: products as PricedProductRow[],
    taxes: ratedTaxes(rates as KnownRateRow[], sellerCountry),
    sellerCountry,
    limit: limits?.[0] as Known['limit'],
    used: used?.[0] as Known['used'],
    levels: (levels ?? []) as LockedLevel[],
  };
}

function checkParties(
  { input, customerId, contactId }: Request,
  { channel, customer }: Known,
  refusals: Refusals,
): CustomerRow | undefined {
  if (!channel) refusals.add('NOT_FOUND', `no channel has the code "${input.channel}"`, ['channel']);
  else if (!channel.is_active) refusals.add('INVALID', `channel ${channel.code} takes no more orders`, ['channel']);
  if (customerId !== null && !customer)
    refusals.add('NOT_FOUND', `no customer has the id ${input.customerId}`, ['customerId']);
  if (customer && !customer.is_active)
    refusals.add('INVALID', `customer ${customer.number} is not active`, ['customerId']);
  if (contactId !== null && !customer?.contact_found)
    refusals.add('NOT_FOUND', `the customer has no contact ${input.contactId}`, ['contactId']);
  return customer;
}

/** Credit and stock: the checks of a confirmation that pricing has not made yet. */
function verify(
  { now }: ActionScope,
  { input, lines, tax }: Request,
  pricing: Pricing,
  { products, levels, limit, used }: Known,
  refusals: Refusals,
): Reserved {
  const { totalMinor } = pricedTotals(pricing, input.currency, tax.pricesIncludeTax).order;
  refuseBeyondCredit({ currency: input.currency, totalMinor, field: ['confirm'] }, limit, used, refusals);
  const needs = stockNeeds(
    pricing.lines.map((line, index) => ({ ...line, field: lines[index]!.field })),
    stockedIds(products),
  );
  return reserveStock(needs, levels, { now, allowBackorder: input.allowBackorder ?? false, refusals });
}
