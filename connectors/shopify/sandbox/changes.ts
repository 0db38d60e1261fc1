import { createHash } from 'node:crypto';
import { GraphQLError, Kind, type GraphQLResolveInfo } from 'graphql';
import { shopTime } from './orders.js';
import { digits, gid, LOCATIONS, plain, type Fulfillment, type Shop } from './shop.js';
import { fulfillmentView } from './views.js';
import { itemView, levelView, productOfItem } from './views-of-goods.js';

interface Quantity {
  inventoryItemId: string;
  locationId: string;
  quantity: number;
  changeFromQuantity?: number | null;
}
interface Tracking {
  company?: string;
  number?: string;
  url?: string;
}
interface FulfillmentInput {
  lineItemsByFulfillmentOrder: {
    fulfillmentOrderId: string;
    fulfillmentOrderLineItems?: { id: string; quantity: number }[];
  }[];
  trackingInfo?: Tracking;
}
type UserError = { field: string[]; message: string; code?: string };

/** What a hub may do to the shop, as the vendor takes it. */
export class Changes {
  readonly #answers = new Map<string, { asked: string; answer: unknown }>();
  #made = 0;

  constructor(private readonly shop: Shop) {}

  /** Under a key something is done once; the same asked again is answered as before. */
  #once<T>(info: GraphQLResolveInfo, args: unknown, act: () => T): T {
    const key = keyIn(info);
    if (key === null) {
      throw new GraphQLError(`The @idempotent directive is required for this mutation but was not provided.`, {
        extensions: { code: 'BAD_REQUEST' },
      });
    }
    const asked = createHash('sha256').update(JSON.stringify(args)).digest('hex');
    const before = this.#answers.get(key);
    if (before && before.asked !== asked) {
      const message = 'The same idempotency key cannot be used with different operation parameters.';
      return { userErrors: [{ field: [], message, code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' }] } as T;
    }
    if (before) return before.answer as T;
    const answer = act();
    this.#answers.set(key, { asked, answer });
    return answer;
  }

  setQuantities(args: { input: { name: string; quantities: Quantity[] } }, info: GraphQLResolveInfo) {
    return this.#once(info, args, () => {
      const { quantities, name } = args.input;
      const userErrors = quantities.flatMap((each, index) => this.#quantityFault(each, index));
      if (name !== 'available')
        userErrors.push({ field: ['input', 'name'], message: 'Only available here', code: 'INVALID_NAME' });
      if (userErrors.length > 0) return { inventoryAdjustmentGroup: null, userErrors };
      const changes = quantities.flatMap(({ inventoryItemId, locationId, quantity }) => {
        const level = this.shop.level(digits(inventoryItemId), digits(locationId))!;
        const delta = quantity - level.available;
        if (delta === 0) return [];
        const updatedAt = this.shop.after(level.updatedAt);
        this.shop.setLevel({ ...level, available: quantity, onHand: level.onHand + delta, updatedAt });
        const item = () => itemView(this.shop, productOfItem(this.shop, level.itemId)!);
        return { name, delta, item, location: { id: locationId } };
      });
      const group = { id: gid('InventoryAdjustmentGroup', '1'), changes: () => changes };
      return { inventoryAdjustmentGroup: changes.length > 0 ? group : null, userErrors };
    });
  }

  #quantityFault({ inventoryItemId, locationId, quantity, ...rest }: Quantity, index: number): UserError[] {
    const fault = (field: string, message: string, code: string) => [
      { field: ['input', 'quantities', String(index), field], message, code },
    ];
    const level = this.shop.level(digits(inventoryItemId), digits(locationId));
    if (!productOfItem(this.shop, digits(inventoryItemId))) {
      return fault('inventoryItemId', 'The specified inventory item could not be found.', 'INVALID_INVENTORY_ITEM');
    }
    if (!level) return fault('locationId', 'The specified location could not be found.', 'INVALID_LOCATION');
    if (quantity > 1_000_000_000) return fault('quantity', 'Too high.', 'INVALID_QUANTITY_TOO_HIGH');
    if (!('changeFromQuantity' in rest)) {
      throw new GraphQLError('changeFromQuantity: expected a value or null', { extensions: { code: 'BAD_REQUEST' } });
    }
    const from = rest.changeFromQuantity;
    if (from == null || from === level.available) return [];
    const message = 'The changeFromQuantity value does not match persisted value.';
    return fault('changeFromQuantity', message, 'CHANGE_FROM_QUANTITY_STALE');
  }

  activate(args: { inventoryItemId: string; locationId: string; available?: number }, info: GraphQLResolveInfo) {
    return this.#once(info, args, () => {
      const [itemId, locationId] = [digits(args.inventoryItemId), digits(args.locationId)];
      const isKnown = productOfItem(this.shop, itemId) && (LOCATIONS as readonly string[]).includes(locationId);
      if (!isKnown || this.shop.level(itemId, locationId)) {
        const message = isKnown ? 'The item is already stocked there.' : 'The item or location could not be found.';
        return { inventoryLevel: null, userErrors: [{ field: ['locationId'], message }] };
      }
      const available = args.available ?? 0;
      const level = { itemId, locationId, available, onHand: available, updatedAt: this.shop.now() };
      this.shop.setLevel(level);
      return { inventoryLevel: levelView(this.shop, level), userErrors: [] };
    });
  }

  fulfill({ fulfillment: input }: { fulfillment: FulfillmentInput }) {
    const [first, ...others] = input.lineItemsByFulfillmentOrder;
    const order = first && this.shop.orders.get(digits(first.fulfillmentOrderId));
    const refused = (message: string) => ({ fulfillment: null, userErrors: [{ field: ['fulfillment'], message }] });
    if (!order) return refused('Fulfillment order does not exist.');
    if (others.length > 0) return refused('All fulfillment orders must be assigned to one location.');
    if (order.cancelled_at !== null) return refused('The fulfillment order is closed.');
    const lines = this.#linesOf(first, order).filter(({ quantity }) => quantity > 0);
    const tooMuch = lines.some(({ lineId, quantity }) => quantity > this.shop.remaining(order, lineId));
    if (tooMuch || lines.length === 0) return refused('Invalid fulfillment order line item quantity requested.');
    this.#made += 1;
    const at = this.shop.after(new Date(order.updated_at));
    const made: Fulfillment = {
      id: String(8_021_767_000_000 + this.#made),
      orderId: plain(order.id),
      locationId: LOCATIONS[0],
      status: 'SUCCESS',
      displayStatus: 'FULFILLED',
      tracking: trackingOf(input.trackingInfo),
      lines,
      createdAt: at,
      updatedAt: at,
    };
    this.shop.keepFulfillment(made);
    this.shop.orders.set(made.orderId, { ...order, updated_at: shopTime(at) });
    return { fulfillment: fulfillmentView(this.shop, made), userErrors: [] };
  }

  #linesOf(
    { fulfillmentOrderLineItems: given }: FulfillmentInput['lineItemsByFulfillmentOrder'][number],
    order: NonNullable<ReturnType<Shop['orders']['get']>>,
  ): { lineId: string; quantity: number }[] {
    if (given) return given.map(({ id, quantity }) => ({ lineId: digits(id), quantity }));
    return order.line_items.map(({ id }) => ({ lineId: plain(id), quantity: this.shop.remaining(order, plain(id)) }));
  }

  track({ fulfillmentId, trackingInfoInput }: { fulfillmentId: string; trackingInfoInput: Tracking }) {
    return this.#change(fulfillmentId, { tracking: trackingOf(trackingInfoInput) });
  }

  callOff({ id }: { id: string }) {
    // Twice is once, and no error: recorded with the vendor.
    return this.#change(id, { status: 'CANCELLED', displayStatus: 'CANCELED' });
  }

  #change(globalId: string, change: Partial<Fulfillment>) {
    const known = this.shop.fulfillments.get(digits(globalId));
    if (!known) return { fulfillment: null, userErrors: [{ field: ['id'], message: 'Fulfillment not found.' }] };
    const changed = { ...known, ...change, updatedAt: this.shop.after(known.updatedAt) };
    this.shop.keepFulfillment(changed);
    const order = this.shop.orders.get(known.orderId)!;
    this.shop.orders.set(known.orderId, { ...order, updated_at: shopTime(changed.updatedAt) });
    return { fulfillment: fulfillmentView(this.shop, changed), userErrors: [] };
  }

  cancel({ orderId, restock }: { orderId: string; restock: boolean }) {
    const order = this.shop.orders.get(digits(orderId));
    const refused = (message: string, code: string) => ({
      job: null,
      orderCancelUserErrors: [{ field: ['orderId'], message, code }],
      userErrors: [],
    });
    if (!order) return refused('Order does not exist', 'NOT_FOUND');
    if (order.cancelled_at !== null) return refused('Order has already been cancelled', 'INVALID');
    const isSent = this.shop.fulfillmentsOf(plain(order.id)).some(({ status }) => status === 'SUCCESS');
    if (isSent) return refused('Cannot cancel an order that has fulfillments', 'INVALID');
    const at = shopTime(this.shop.after(new Date(order.updated_at)));
    this.shop.orders.set(plain(order.id), { ...order, updated_at: at, cancelled_at: at, cancel_reason: 'other' });
    if (restock) giveBack(this.shop, order);
    return { job: { id: gid('Job', plain(order.id)), done: false }, orderCancelUserErrors: [], userErrors: [] };
  }

  subscribe({ topic, webhookSubscription }: { topic: string; webhookSubscription: { uri?: string } }) {
    this.shop.subscriptions.add(topic);
    const id = gid('WebhookSubscription', String(this.shop.subscriptions.size));
    return { webhookSubscription: { id, topic, uri: webhookSubscription.uri ?? '' }, userErrors: [] };
  }
}

/** What was promised to an order is free again. */
export function giveBack(shop: Shop, order: NonNullable<ReturnType<Shop['orders']['get']>>): void {
  for (const line of order.line_items) moveStock(shop, line.sku, { available: line.current_quantity, onHand: 0 });
}

export function moveStock(shop: Shop, sku: string, by: { available: number; onHand: number }): void {
  const product = [...shop.products.values()].find((each) => each.sku === sku);
  const level = product && shop.level(product.itemId, LOCATIONS[0]);
  if (!level) return;
  const available = level.available + by.available;
  shop.setLevel({ ...level, available, onHand: level.onHand + by.onHand, updatedAt: shop.after(level.updatedAt) });
}

function trackingOf(given: Tracking | undefined): Fulfillment['tracking'] {
  if (!given?.number) return null;
  return { company: given.company ?? null, number: given.number, url: given.url ?? null };
}

function keyIn({ fieldNodes, variableValues }: GraphQLResolveInfo): string | null {
  const directive = fieldNodes[0]?.directives?.find(({ name }) => name.value === 'idempotent');
  const value = directive?.arguments?.find(({ name }) => name.value === 'key')?.value;
  if (value?.kind === Kind.STRING) return value.value;
  return value?.kind === Kind.VARIABLE ? String(variableValues[value.name.value]) : null;
}
