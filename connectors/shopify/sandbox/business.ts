import { chanceFrom, type Chance, type SandboxOptions } from '#connect';
import { makeBuyers, type Buyer } from './buyers.js';
import { giveBack, moveStock } from './changes.js';
import type { ShopEvent } from './deliver.js';
import { cents } from './money.js';
import { FIRST_ID, placeOrder, shopTime, updateOrder, withoutLine, withReturn, type ShopOrder } from './orders.js';
import { customerBody, fulfillmentBody, levelBody, productBody } from './rest.js';
import { LOCATIONS, plain, type Fulfillment, type Shop, type Transaction } from './shop.js';

const FIRST_STOCK = 400;
const COUNTED = 24;
/** Accounts that never buy: they are the ones that get deleted. */
const SPARE = 5;
const DELETED_EVERY = 12;

/** What goes on in the shop. The same seed makes the same, whatever is asked or written meanwhile. */
export class Business {
  readonly #orders: Chance;
  readonly #rest: Chance;
  readonly #buyers: Buyer[];
  #spare: string[] = [];

  constructor(
    private readonly shop: Shop,
    private readonly options: Pick<SandboxOptions, 'products' | 'seed'>,
    openedAt: Date,
  ) {
    this.#orders = chanceFrom(options.seed);
    this.#buyers = makeBuyers(this.#orders);
    this.#rest = chanceFrom(options.seed + 1);
    this.#open(openedAt);
  }

  #open(at: Date): void {
    const { shop } = this;
    for (const [index, { sku, name, requiresShipping = true }] of this.options.products.entries()) {
      const n = BigInt(index);
      const [id, variantId, itemId] = [7_700_000_000_000n, 44_000_000_000_000n, 46_000_000_000_000n].map((first) =>
        String(first + n),
      ) as [string, string, string];
      const descriptionHtml = `<p>${name}</p>`;
      shop.products.set(id, {
        id,
        variantId,
        itemId,
        sku,
        title: name,
        descriptionHtml,
        grams: 500,
        requiresShipping,
        updatedAt: at,
      });
      shop.setLevel({ itemId, locationId: LOCATIONS[0], available: FIRST_STOCK, onHand: FIRST_STOCK, updatedAt: at });
    }
    for (const { customer, address } of this.#buyers) this.#register(plain(customer.id), customer, address, at);
    const [first] = this.#buyers;
    this.#spare = Array.from({ length: SPARE }, (_, index) => String(7_115_310_627_399_000_000n + BigInt(index)));
    for (const [index, id] of this.#spare.entries()) {
      const email = `visitor.${index + 1}@example.com`;
      this.#register(
        id,
        { ...first!.customer, email, first_name: 'Vera', last_name: `Visitor ${index + 1}` },
        { ...first!.address, company: null },
        at,
      );
    }
  }

  #register(id: string, customer: Buyer['customer'], address: Buyer['address'], updatedAt: Date): void {
    const { first_name: firstName, last_name: lastName, email, phone } = customer;
    this.shop.customers.set(id, { id, firstName, lastName, email, phone, tags: [], address, updatedAt });
  }

  /** The n-th order and what else happens that hour; what is told of it, record by record. */
  next(n: number, now: Date): { order: ShopOrder; told: ShopEvent[][] } {
    const { order, events } = this.#sell(n, now);
    const told = [events];
    const happened = this.#happen(n);
    if (happened.length > 0) told.push(happened);
    if (n % DELETED_EVERY === 0) told.push(this.#deleteCustomer(n));
    return { order, told };
  }

  #sell(n: number, now: Date): { order: ShopOrder; events: ShopEvent[] } {
    const { shop } = this;
    const from = {
      chance: this.#orders,
      products: this.options.products,
      buyers: this.#buyers,
      currency: shop.currency,
    };
    const placed = placeOrder(n, now, from);
    const isCancelled = this.#orders.below(12) === 0;
    const changedAt = new Date(now.getTime() + 1_000 * (1 + this.#orders.below(60)));
    const changed = updateOrder(placed, changedAt, isCancelled);
    const id = plain(placed.id);
    shop.orders.set(id, changed);
    for (const line of placed.line_items) moveStock(shop, line.sku, { available: -line.quantity, onHand: 0 });
    if (isCancelled) giveBack(shop, changed);
    const total = cents(placed.total_price);
    const authorized = this.#pay(n, 0, { orderId: id, kind: 'AUTHORIZATION', cents: total, parentId: null, at: now });
    this.#pay(n, 1, {
      orderId: id,
      kind: isCancelled ? 'VOID' : 'CAPTURE',
      cents: total,
      parentId: authorized,
      at: changedAt,
    });
    const later = { triggeredAt: changedAt.toISOString(), body: changed };
    const events = [
      { topic: 'orders/create', id: `event-${n}-1`, triggeredAt: now.toISOString(), body: placed },
      { topic: 'orders/updated', id: `event-${n}-2`, ...later },
      ...(isCancelled ? [{ topic: 'orders/cancelled', id: `event-${n}-3`, ...later }] : []),
    ];
    return { order: changed, events };
  }

  #pay(n: number, step: number, paid: Omit<Transaction, 'id'>): string {
    const id = String(FIRST_ID + 300_000_000n + BigInt(n * 10 + step));
    this.shop.addTransaction({ id, ...paid });
    return id;
  }

  #happen(n: number): ShopEvent[] {
    switch (this.#rest.below(6)) {
      case 0:
        return this.#changeCustomer(n);
      case 1:
        return this.#changeProduct(n);
      case 2:
        return this.#countStock(n);
      case 3:
        return this.#takeBack(n);
      case 4:
        return this.#edit(n);
      default:
        return this.#send(n);
    }
  }

  #changeCustomer(n: number): ShopEvent[] {
    const id = plain(this.#rest.oneOf(this.#buyers).customer.id);
    const customer = this.shop.customers.get(id)!;
    const phone = `+39 051 ${String(5_550_000 + n)}`;
    const changed = { ...customer, phone, tags: ['called'], updatedAt: this.shop.after(customer.updatedAt) };
    this.shop.customers.set(id, changed);
    return [event('customers/update', n, changed.updatedAt, customerBody(changed))];
  }

  #deleteCustomer(n: number): ShopEvent[] {
    const id = this.#spare.pop();
    const customer = id && this.shop.customers.get(id);
    if (!customer) return [];
    this.shop.customers.delete(customer.id);
    return [event('customers/delete', n, this.shop.after(customer.updatedAt), { id: `@${customer.id}@` })];
  }

  #changeProduct(n: number): ShopEvent[] {
    const product = this.#rest.oneOf([...this.shop.products.values()]);
    const descriptionHtml = `<p>${product.title}</p><p>Season ${n} &amp; after</p>`;
    const changed = { ...product, descriptionHtml, grams: 500 + n, updatedAt: this.shop.after(product.updatedAt) };
    this.shop.products.set(product.id, changed);
    return [event('products/update', n, changed.updatedAt, productBody(changed))];
  }

  #countStock(n: number): ShopEvent[] {
    const product = this.#rest.oneOf([...this.shop.products.values()]);
    moveStock(this.shop, product.sku, { available: COUNTED, onHand: COUNTED });
    const level = this.shop.level(product.itemId, LOCATIONS[0])!;
    return [event('inventory_levels/update', n, level.updatedAt, levelBody(level))];
  }

  /** One piece of an order of before comes back, and its money goes. */
  #takeBack(n: number): ShopEvent[] {
    const order = this.#untouched(n - 2);
    if (!order) return [];
    const at = this.shop.after(new Date(order.updated_at));
    const { changed, refund, given } = withReturn(order, {
      index: 0,
      refundId: `@${FIRST_ID + 400_000_000n + BigInt(n)}@`,
      at,
    });
    this.shop.orders.set(plain(order.id), changed);
    const parentId = this.shop.transactionsOf(plain(order.id)).at(-1)!.id;
    this.#pay(n, 5, { orderId: plain(order.id), kind: 'REFUND', cents: given, parentId, at });
    return [event('orders/updated', n, at, changed), event('refunds/create', n, at, refund)];
  }

  /** The shop takes a line off an order of before. */
  #edit(n: number): ShopEvent[] {
    const order = this.#untouched(n - 1);
    if (!order || order.line_items.length < 2) return [];
    const at = this.shop.after(new Date(order.updated_at));
    const line = order.line_items.at(-1)!;
    const changed = withoutLine(order, order.line_items.length - 1, at);
    this.shop.orders.set(plain(order.id), changed);
    moveStock(this.shop, line.sku, { available: line.quantity, onHand: 0 });
    return [event('orders/updated', n, at, changed)];
  }

  /** Paid, and nothing of it edited, sent or come back so far. */
  #untouched(n: number): ShopOrder | undefined {
    const order = this.shop.orders.get(String(FIRST_ID + BigInt(n)));
    if (!order || order.cancelled_at !== null || order.refunds.length > 0) return undefined;
    const isWhole = order.line_items.every((line) => line.quantity === line.current_quantity);
    return isWhole && this.shop.fulfillmentsOf(plain(order.id)).length === 0 ? order : undefined;
  }

  /** Handed over at the counter: now and then, since the rest is for the hub to send. */
  #send(n: number): ShopEvent[] {
    const order = this.#untouched(n);
    if (!order || this.#rest.below(2) > 0) return [];
    const lines = order.line_items.filter((line) => line.requires_shipping);
    if (lines.length === 0) return [];
    const at = this.shop.after(new Date(order.updated_at));
    const made: Fulfillment = {
      id: String(8_021_766_000_000 + n),
      orderId: plain(order.id),
      locationId: LOCATIONS[0],
      status: 'SUCCESS',
      displayStatus: 'DELIVERED',
      tracking: { company: 'Counter', number: `COUNTER-${n}`, url: null },
      lines: lines.map((line) => ({ lineId: plain(line.id), quantity: line.quantity })),
      createdAt: at,
      updatedAt: at,
    };
    this.shop.keepFulfillment(made);
    for (const line of lines) moveStock(this.shop, line.sku, { available: 0, onHand: -line.quantity });
    const changed = { ...order, updated_at: shopTime(at), fulfillment_status: 'fulfilled' };
    this.shop.orders.set(plain(order.id), changed);
    return [
      event('orders/updated', n, at, changed),
      event('fulfillments/create', n, at, fulfillmentBody(made, changed)),
    ];
  }
}

function event(topic: string, n: number, at: Date, body: object): ShopEvent {
  return { topic, id: `event-${n}-${topic.replace('/', '-')}`, triggeredAt: at.toISOString(), body };
}
