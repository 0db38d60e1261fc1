import type { SandboxAnswer } from '#connect';
import { MARKETPLACE_ID, SELLER_ID, type Account, type Package } from './account.js';
import { invalid, refusal } from './errors.js';
import type { Json } from './views.js';

interface Confirmation {
  marketplaceId?: string;
  packageDetail?: {
    packageReferenceId: string;
    carrierCode: string;
    carrierName?: string;
    shippingMethod?: string;
    trackingNumber: string;
    shipDate: string;
    orderItems: { orderItemId: string; quantity: number }[];
  };
}

/** The same reference again is the same package. */
export function confirmShipment(account: Account, orderId: string, body: Confirmation): SandboxAnswer {
  const order = account.orders.get(orderId);
  if (!order) return refusal(404, 'NotFound', `Order ${orderId} was not found`);
  const { packageDetail: detail, marketplaceId } = body;
  if (marketplaceId !== MARKETPLACE_ID || !detail) return invalid('Invalid marketplaceId or packageDetail');
  if (!/^[1-9]\d*$/.test(detail.packageReferenceId)) return invalid('packageReferenceId must be a positive number');
  if (detail.carrierCode === 'Other' && !detail.carrierName) return invalid('carrierName is required');
  if (order.isAmazons || order.status === 'PENDING' || order.status === 'CANCELLED') {
    return invalid(`Order ${orderId} cannot be confirmed`);
  }
  const others = order.packages.filter(({ reference }) => reference !== detail.packageReferenceId);
  const sent: Package = {
    reference: detail.packageReferenceId,
    carrier: detail.carrierName ?? detail.carrierCode,
    method: detail.shippingMethod ?? null,
    tracking: detail.trackingNumber,
    shippedAt: detail.shipDate,
    items: detail.orderItems,
  };
  const all = [...others, sent];
  for (const { orderItemId } of sent.items) {
    if (!order.items.some(({ id }) => id === orderItemId)) return invalid(`No such item: ${orderItemId}`);
  }
  const sentOf = (id: string) =>
    all.flatMap(({ items }) => items).reduce((sum, each) => sum + (each.orderItemId === id ? each.quantity : 0), 0);
  if (order.items.some(({ id, quantity }) => sentOf(id) > quantity)) return invalid('More than was ordered');
  order.packages = all;
  for (const item of order.items) item.sent = sentOf(item.id);
  const isWhole = order.items.every(({ sent: done, quantity, isCanceled }) => isCanceled || done === quantity);
  order.status = isWhole ? 'SHIPPED' : 'PARTIALLY_SHIPPED';
  account.touch(order);
  return { status: 204 };
}

export function getListing(account: Account, sku: string): SandboxAnswer {
  const listing = account.listings.get(sku);
  if (!listing) return refusal(404, 'NOT_FOUND', `SKU '${sku}' not found in marketplace ${MARKETPLACE_ID}`);
  const { channel, quantity, submitted } = listing;
  // What was accepted shows later.
  if (submitted !== null) Object.assign(listing, { quantity: submitted, submitted: null });
  return { status: 200, body: { sku, fulfillmentAvailability: [{ fulfillmentChannelCode: channel, quantity }] } };
}

export function patchListing(account: Account, sku: string, body: Json): SandboxAnswer {
  const listing = account.listings.get(sku);
  account.submissions += 1;
  const answer = (status: string, issues: Json[]): SandboxAnswer => ({
    status: 200,
    body: { sku, status, submissionId: `sub-${account.submissions}`, issues },
  });
  const [patch] = (body.patches ?? []) as { op?: string; path?: string; value?: Json[] }[];
  if (!patch || typeof body.productType !== 'string') return invalid('Request has missing or invalid parameters');
  const [value] = patch.value ?? [];
  const isKnown = patch.op === 'merge' && patch.path === '/attributes/fulfillment_availability';
  const quantity = value?.quantity;
  if (!listing || !isKnown || typeof quantity !== 'number' || quantity < 0 || !value?.fulfillment_channel_code) {
    const issue = { code: '90000900', message: 'The attributes are invalid.', severity: 'ERROR' };
    return answer('INVALID', [
      { ...issue, attributeNames: ['fulfillment_availability'], categories: ['INVALID_ATTRIBUTE'] },
    ]);
  }
  listing.submitted = quantity;
  return answer('ACCEPTED', []);
}

export function isOurs(sellerId: string): boolean {
  return sellerId === SELLER_ID;
}
