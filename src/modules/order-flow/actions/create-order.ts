import type { ActionScope } from '../../../graph/mutation.js';
import type { Address } from '../../../graph/values.type.js';
import { Refusals } from '../../../shared/failures.js';
import {
  headlineOf,
  lockCreditLimit,
  NOTHING_SHIPPED,
  ORDER,
  priceOrder,
  progressOf,
  refuseUntaxed,
  selectCreditUsed,
  writeOrder,
  type CreateOrderInput,
  type CreditLimitRow,
  type CreditUsedRow,
  type NewOrder,
  type Pricing,
} from '../../orders/index.js';
import { linkRecord } from '../../references/index.js';
import { lockLevelsBySku, reserveStock, type LockedLevel, type Reserved } from '../../stock/index.js';
import { checkParties, FOUNDATIONS, foundationsOf, selectFoundations } from '../order-foundations.rules.js';
import { readOrder, type OrderRequest } from '../order-request.rules.js';
import { confirmLine } from '../verification.rules.js';
import type { AlikeRow } from '../duplicate.queries.js';
import { checkNewOrder, selectAlikeOfNew, type Known, type NewOrderFacts } from '../new-order.rules.js';

type OrderInput = Omit<CreateOrderInput, 'idempotencyKey'>;

/**
 * Takes an order: a DRAFT, RECEIVED, or with `confirm` verified and CONFIRMED at once. Two trips to the database: one
 * reads and locks, one writes and commits.
 */
export async function createOrder(
  scope: ActionScope,
  orderId: string,
  input: OrderInput,
): Promise<{ orderId: string }> {
  const refusals = new Refusals();
  if (input.draft && input.confirm)
    refusals.add('INVALID', 'draft and confirm: expected at most one of them', ['confirm']);
  const request = readOrder(scope, input, refusals, input.draft ?? false);
  refusals.throwIfAny();
  const known = await load(scope, request, input.confirm ?? false);
  const { customer } = known;
  checkParties(request, known, refusals);
  const shippingAddress = input.shippingAddress ?? customer?.shipping_addresses[0] ?? null;
  const ids = await scope.tx.ids.take(request.lines.length + request.adjustments.length + 1);
  const pricing = priceOrder(request, known, ids, refusals);
  if (!input.confirm && request.tax.pricesIncludeTax) {
    refuseUntaxed(pricing.untaxed, known.taxes.country ?? shippingAddress?.country ?? known.sellerCountry, refusals);
  }
  const reserved = input.confirm
    ? reserve(
        scope,
        { request, pricing, shippingAddress, allowDuplicate: input.allowDuplicate ?? false },
        known,
        refusals,
      )
    : null;
  refusals.throwIfAny();
  if (reserved) for (const line of pricing.lines) confirmLine(line, reserved);
  const confirmed = reserved && headlineOf(pricing.lines.map(progressOf), NOTHING_SHIPPED);
  const order = newOrder(orderId, request, known, pricing, shippingAddress);
  await writeOrder(
    scope,
    { ...order, status: confirmed ?? (input.draft ? 'DRAFT' : 'RECEIVED') },
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

function newOrder(
  id: string,
  { input, contactId, tax, placedAt }: OrderRequest,
  { channel, customer }: Known,
  { lines, shipping, adjustments }: Pricing,
  shippingAddress: Address | null,
): Omit<NewOrder, 'status'> {
  return {
    id,
    channel: channel!,
    customerId: customer?.id ?? null,
    contactId,
    email: input.email ?? customer?.email ?? null,
    purchaseOrderNumber: input.purchaseOrderNumber ?? null,
    note: input.note ?? null,
    currency: input.currency,
    pricesIncludeTax: tax.pricesIncludeTax,
    isStated: false,
    taxRounding: tax.rounding,
    lines,
    shipping,
    adjustments,
    billingAddress: input.billingAddress ?? customer?.billing_address ?? null,
    shippingAddress,
    quoteId: null,
    allowBackorder: input.allowBackorder ?? false,
    requestedDeliveryAt: input.requestedDeliveryAt ?? null,
    placedAt,
  };
}

async function load(scope: ActionScope, request: OrderRequest, isConfirmed: boolean): Promise<Known> {
  const skus = request.lines.map((line) => line.sku);
  const { customerId } = request;
  const rows = await scope.tx.batch([
    ...selectFoundations(scope, request),
    ...(isConfirmed
      ? [
          lockCreditLimit(customerId),
          selectCreditUsed([customerId]),
          lockLevelsBySku(skus),
          ...selectAlikeOfNew(scope, request),
        ]
      : []),
  ]);
  const [limits, used, levels, alike] = rows.slice(FOUNDATIONS);
  return {
    ...foundationsOf(rows, scope),
    limit: limits?.[0] as CreditLimitRow | undefined,
    used: used?.[0] as CreditUsedRow | undefined,
    levels: (levels ?? []) as LockedLevel[],
    alike: (alike ?? []) as AlikeRow[],
  };
}

function reserve(scope: ActionScope, facts: NewOrderFacts, known: Known, refusals: Refusals): Reserved {
  const needs = checkNewOrder(scope, facts, known, refusals);
  const allowBackorder = facts.request.input.allowBackorder ?? false;
  return reserveStock(needs, known.levels, { now: scope.now, allowBackorder, refusals });
}
