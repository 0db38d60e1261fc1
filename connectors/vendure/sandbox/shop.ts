export const LOCATIONS = ['1', '2'] as const;

export interface Level {
  id: string;
  locationId: string;
  onHand: number;
  allocated: number;
  updatedAt: Date;
}
export interface Variant {
  id: string;
  productId: string;
  sku: string;
  name: string;
  description: string;
  /** Before tax, in minor units. */
  price: number;
  /** Of ten thousand: 2200 is 22 %. */
  taxRate: number;
  createdAt: Date;
  updatedAt: Date;
  productUpdatedAt: Date;
  levels: Level[];
}
export interface Buyer {
  id: string;
  firstName: string;
  lastName: string;
  emailAddress: string;
  phoneNumber: string | null;
  company: string;
  streetLine1: string;
  city: string;
  postalCode: string;
  country: string;
  createdAt: Date;
  updatedAt: Date;
  addressUpdatedAt: Date;
}
export interface Line {
  id: string;
  variant: Variant;
  quantity: number;
  placedQuantity: number;
  /** Before tax, of the whole line as placed. */
  discount: number;
}
export interface Payment {
  id: string;
  createdAt: Date;
  updatedAt: Date;
  method: string;
  amount: number;
  state: string;
  transactionId: string;
  refunds: { id: string; updatedAt: Date; total: number; state: string }[];
}
export interface Fulfillment {
  id: string;
  createdAt: Date;
  updatedAt: Date;
  state: string;
  method: string;
  trackingCode: string;
  lines: { line: Line; quantity: number }[];
}
export interface Order {
  id: string;
  code: string;
  state: string;
  createdAt: Date;
  updatedAt: Date;
  orderPlacedAt: Date | null;
  currency: string;
  buyer: Buyer;
  /** As it was when the order was placed. */
  address: Record<string, string | null>;
  lines: Line[];
  shipping: { price: number; taxRate: number; isCanceled: boolean };
  payments: Payment[];
  fulfillments: Fulfillment[];
  customFields: { externalRef: string | null; externalVersion: number | null };
}
export interface ShopEvent {
  id: string;
  type: string;
  at: Date;
  data: object;
}

/** What the shop keeps. Its rules are those of the shop’s server; who does something is another matter. */
export class Shop {
  readonly orders = new Map<string, Order>();
  readonly customers = new Map<string, Buyer>();
  readonly variants = new Map<string, Variant>();
  /** What happened and is to be told. */
  told: ShopEvent[] = [];
  /** Before the first number: told to nobody, and long ago. */
  startsAt: Date | null = null;
  #last = 0;
  #events = 0;
  #made = 0;

  constructor(
    readonly currency: string,
    private readonly clock: { now(): Date },
  ) {}

  /** No two things happen at the same time. */
  tick(): Date {
    const now = (this.startsAt ?? this.clock.now()).getTime();
    this.#last = Math.max(this.#last + 1, now);
    return new Date(this.#last);
  }

  /** Of what the hub makes, so that the shop’s own numbers do not depend on it. */
  nextId(): string {
    this.#made += 1;
    return `9${String(this.#made).padStart(5, '0')}`;
  }

  tell(type: string, data: object): void {
    if (this.startsAt) return;
    this.#events += 1;
    const id = `00000000-0000-4000-8000-${String(this.#events).padStart(12, '0')}`;
    this.told.push({ id, type, at: new Date(this.#last), data });
  }

  move(order: Order, state: string): void {
    if (order.state === state) return;
    const from = order.state;
    order.state = state;
    this.tell('order.state', { id: order.id, code: order.code, updatedAt: order.updatedAt, from, to: state });
  }

  stockOf(variant: Variant, locationId: string): Level {
    const found = variant.levels.find((level) => level.locationId === locationId);
    if (found) return found;
    const made = { id: `${variant.id}${locationId}`, locationId, onHand: 0, allocated: 0, updatedAt: this.tick() };
    variant.levels.push(made);
    return made;
  }

  shift(variant: Variant, type: string, by: { onHand?: number; allocated?: number }): void {
    const level = this.stockOf(variant, LOCATIONS[0]);
    level.onHand += by.onHand ?? 0;
    level.allocated += by.allocated ?? 0;
    level.updatedAt = this.tick();
    const quantity = by.onHand ?? by.allocated ?? 0;
    const movements = [{ id: `${variant.id}${level.updatedAt.getTime()}`, variantId: variant.id, quantity }];
    this.tell('stock.movement', { type, movements });
  }

  cancel(order: Order, isShippingToo: boolean): void {
    for (const line of order.lines) {
      const sent = sentOf(order, line);
      this.shift(line.variant, 'RELEASE', { allocated: -(line.quantity - sent) });
      line.quantity = 0;
    }
    order.shipping.isCanceled = isShippingToo;
    order.updatedAt = this.tick();
    this.move(order, 'Cancelled');
  }

  fulfill(order: Order, made: Omit<Fulfillment, 'createdAt' | 'updatedAt' | 'state'>): Fulfillment {
    const at = this.tick();
    const fulfillment = { ...made, createdAt: at, updatedAt: at, state: 'Pending' };
    order.fulfillments.push(fulfillment);
    for (const { line, quantity } of made.lines)
      this.shift(line.variant, 'SALE', { onHand: -quantity, allocated: -quantity });
    const { id, trackingCode } = fulfillment;
    this.tell('fulfillment.state', { id, trackingCode, from: 'Created', to: 'Pending' });
    return fulfillment;
  }

  /** Moves the parcel and with it the order, whose own time stays what it was. */
  moveFulfillment(order: Order, fulfillment: Fulfillment, state: string): void {
    const from = fulfillment.state;
    fulfillment.state = state;
    fulfillment.updatedAt = this.tick();
    if (state === 'Cancelled') {
      for (const { line, quantity } of fulfillment.lines)
        this.shift(line.variant, 'CANCELLATION', { onHand: quantity, allocated: quantity });
    }
    this.tell('fulfillment.state', { id: fulfillment.id, trackingCode: fulfillment.trackingCode, from, to: state });
    const isWhole = (states: string[]) => order.lines.every((line) => sentOf(order, line, states) >= line.quantity);
    if (state === 'Shipped') this.move(order, isWhole(['Shipped', 'Delivered']) ? 'Shipped' : 'PartiallyShipped');
    if (state === 'Delivered') this.move(order, isWhole(['Delivered']) ? 'Delivered' : 'PartiallyDelivered');
  }
}

export function sentOf(order: Order, line: Line, states = ['Pending', 'Shipped', 'Delivered']): number {
  return order.fulfillments
    .filter(({ state }) => states.includes(state))
    .flatMap(({ lines }) => lines)
    .filter((each) => each.line === line)
    .reduce((all, { quantity }) => all + quantity, 0);
}
