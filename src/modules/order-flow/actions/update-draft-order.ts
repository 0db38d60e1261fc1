import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusal, Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { CUSTOMER_PREFIX, findOrMakeCustomer } from '../../customers/index.js';
import {
  deleteLines,
  deleteParts,
  eventsOf,
  insertNewLines,
  lockOrderAnd,
  moneyMoved,
  partsStatement,
  paymentStatusChange,
  paymentStatusOf,
  pricedTotals,
  priceOrder,
  refuseUntaxed,
  selectLinesToChange,
  selectOptionalParts,
  updateDraft,
  updateOrder,
  type LockedLine,
  type LockedOrder,
  type OrderContentInput,
  type Pricing,
} from '../../orders/index.js';
import { draftChanges, stateOfDraft, stateToBe, type DraftHeader } from '../draft-changes.rules.js';
import { draftContent, type StoredDraft } from '../draft-order.rules.js';
import type { UpdateDraftOrderInput } from '../draft-order.type.js';
import { checkParties, foundationsOf, selectFoundations, type Foundations } from '../order-foundations.rules.js';
import { readOrder, type OrderRequest } from '../order-request.rules.js';

/**
 * Changes whatever of a DRAFT, and prices it anew by the rules of a new order. Throws CONFLICT for an order that is no
 * draft any more. Where nothing is different, nothing is written.
 */
export async function updateDraftOrder(scope: ActionScope, input: UpdateDraftOrderInput): Promise<{ orderId: string }> {
  const stored = await lockDraft(scope, input);
  const { order } = stored;
  const refusals = new Refusals();
  const customerId = await customerToBe(scope, input, order.customer_id);
  const { content, lineIds } = draftContent(stored, input, customerId, refusals);
  const request = readOrder(scope, content, refusals, true);
  request.tax.rounding = order.tax_rounding;
  refusals.throwIfAny();
  const known = foundationsOf(await scope.tx.batch(selectFoundations(scope, request)), scope);
  checkParties(request, known, refusals);
  const header = headerOf(request, known);
  const pricing = priceOrder(request, known, await idsOf(scope, lineIds, request), refusals);
  if (order.prices_include_tax) {
    const country = known.taxes.country ?? header.shippingAddress?.country ?? known.sellerCountry;
    refuseUntaxed(pricing.untaxed, country, refusals);
  }
  refusals.throwIfAny();
  await writeDraft(scope, stored, { content, header, pricing });
  return { orderId: order.id };
}

async function lockDraft(scope: ActionScope, input: UpdateDraftOrderInput): Promise<StoredDraft> {
  const { order, rows } = await lockOrderAnd(scope, input, (id) => [
    selectLinesToChange([id]),
    selectOptionalParts(id),
  ]);
  if (order.status !== 'DRAFT') {
    throw refuse('CONFLICT', `order ${order.number} is ${order.status}: a DRAFT alone is edited freely`, ['orderId']);
  }
  const [lines, chosen] = rows as [LockedLine[], { order_line_id: string; sku: string }[]];
  const optionalParts = Map.groupBy(chosen, (part) => part.order_line_id);
  return {
    order,
    lines,
    optionalParts: new Map([...optionalParts].map(([id, parts]) => [id, parts.map(({ sku }) => sku)])),
  };
}

async function customerToBe(
  scope: ActionScope,
  { customerId, customer }: UpdateDraftOrderInput,
  standing: string | null,
): Promise<string | null> {
  if (customer) {
    if (customerId != null)
      throw refuse('INVALID', 'customerId and customer: expected at most one of them', ['customer']);
    return (await namedFrom(['customer'], () => findOrMakeCustomer(scope, customer))).customerId;
  }
  if (customerId === undefined) return standing;
  if (customerId === null) return null;
  const id = idOf(CUSTOMER_PREFIX, customerId);
  if (id === null) throw refuse('NOT_FOUND', `no customer has the id ${customerId}`, ['customerId']);
  return id;
}

/** What is refused within a part of the input has its path from there. */
async function namedFrom<T>(path: string[], act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.errors.map((one) => ({ ...one, field: [...path, ...(one.field ?? [])] })));
  }
}

/** A line that stays has its id, all else gets a new one; in the order in which pricing takes them. */
async function idsOf(
  { tx }: ActionScope,
  lineIds: (string | null)[],
  { adjustments }: OrderRequest,
): Promise<string[]> {
  const added = lineIds.filter((id) => id === null).length;
  const ids = (await tx.ids.take(added + adjustments.length + 1)).values();
  const next = () => ids.next().value!;
  return [...lineIds.map((id) => id ?? next()), ...adjustments.map(next), next()];
}

function headerOf({ input, contactId }: OrderRequest, { channel, customer }: Foundations): DraftHeader {
  return {
    channel: channel!,
    customerId: customer?.id ?? null,
    contactId,
    email: input.email ?? customer?.email ?? null,
    billingAddress: input.billingAddress ?? customer?.billing_address ?? null,
    shippingAddress: input.shippingAddress ?? customer?.shipping_addresses[0] ?? null,
    purchaseOrderNumber: input.purchaseOrderNumber ?? null,
    note: input.note ?? null,
    requestedDeliveryAt: input.requestedDeliveryAt?.toISOString() ?? null,
    allowBackorder: input.allowBackorder ?? false,
  };
}

async function writeDraft(
  scope: ActionScope,
  stored: StoredDraft,
  { content, header, pricing }: { content: OrderContentInput; header: DraftHeader; pricing: Pricing },
): Promise<void> {
  const { tx, now } = scope;
  const { order } = stored;
  const { lines: figures, order: totals } = pricedTotals(pricing, order.currency, order.prices_include_tax);
  const { open, personal } = draftChanges(stateOfDraft(stored), stateToBe(header, pricing, content, totals.totalMinor));
  if (open.length + personal.length === 0) return;
  const customer = { customer_id: header.customerId, channel_code: header.channel.code };
  const events = eventsOf({ ...order, ...customer }, scope).add({
    type: 'EDITED',
    message: 'Draft changed',
    changes: [...open, ...paymentStatusChange(order, totals.totalMinor)],
    ...(personal.length > 0 && { personal: { changes: personal } }),
  });
  const lines = pricing.lines.map((line, index) => ({ orderId: order.id, line, totals: figures[index]! }));
  tx.defer(
    deleteParts(order.id),
    deleteLines(order.id),
    insertNewLines(lines),
    ...partsStatement(pricing.lines.flatMap(({ id, parts = [] }) => parts.map((part) => ({ lineId: id, part })))),
    updateOrder(
      order.id,
      order.status,
      totals.subtotalMinor,
      totals.discountMinor,
      totals.shippingMinor,
      totals.taxMinor,
      totals.totalMinor,
      JSON.stringify(pricing.shipping),
      JSON.stringify(pricing.adjustments),
      JSON.stringify(totals.taxLines),
      now.toISOString(),
      events.count,
      null,
      paymentStatusOf(totals.totalMinor, moneyMoved(order)),
    ),
    headerStatement(order, header),
  );
  await appendEvents(tx, events.events);
}

function headerStatement(order: LockedOrder, header: DraftHeader) {
  return updateDraft(
    order.id,
    header.channel.id,
    header.customerId,
    header.contactId,
    header.email,
    header.purchaseOrderNumber,
    header.note,
    header.billingAddress && JSON.stringify(header.billingAddress),
    header.shippingAddress && JSON.stringify(header.shippingAddress),
    header.requestedDeliveryAt,
    header.allowBackorder,
  );
}
