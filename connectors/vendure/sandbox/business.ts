import { chanceFrom, type Chance, type SandboxOptions } from '#connect';
import { netOf, totalWithTax } from './prices.js';
import { LOCATIONS, type Buyer, type Line, type Order, type Shop, type Variant } from './shop.js';

const FIRST_STOCK = 500;
const SHIPPING = 500;
const COUNTED_EVERY = 5;
const RENAMED_EVERY = 7;
const MOVED_EVERY = 4;
const DELETED_EVERY = 12;
/** Accounts that never buy: they are the ones that get deleted. */
const SPARE = 5;

const PEOPLE: [string, string, string, string, string, string, string][] = [
  ['Anna', 'Berg', '', 'Hauptstraße 1', 'Berlin', '10115', 'DE'],
  ['Marco', 'Rossi', 'Rossi Impianti S.r.l.', 'Via Emilia 12', 'Bologna', '40121', 'IT'],
  ['Eva', 'Novak', '', 'Ringstraße 5', 'Wien', '1010', 'AT'],
  ['Jan', 'Visser', 'Visser Techniek B.V.', 'Kade 9', 'Rotterdam', '3011', 'NL'],
  ['Inès', 'Laurent', '', 'Rue Haute 3', 'Lyon', '69001', 'FR'],
];

/** What goes on in the shop. The same seed makes the same, whatever is asked or written meanwhile. */
export class Business {
  readonly #chance: Chance;
  readonly #buyers: Buyer[] = [];
  #spare: string[] = [];
  #last: Order | null = null;

  constructor(
    private readonly shop: Shop,
    private readonly options: Pick<SandboxOptions, 'products' | 'seed'>,
  ) {
    this.#chance = chanceFrom(options.seed);
    for (const [index, product] of options.products.entries()) this.#stock(index, product);
    for (const [index] of PEOPLE.entries()) this.#buyers.push(this.#register(String(index + 1), index));
    this.#spare = Array.from({ length: SPARE }, (_, index) => this.#register(String(100 + index), index).id);
  }

  #stock(index: number, { sku, name, price, taxRate }: SandboxOptions['products'][number]): void {
    const at = this.shop.tick();
    const basisPoints = Math.round(Number(taxRate) * 10_000);
    const cents = Math.round(Number(price) * 100);
    const id = String(index + 1);
    const levels = [{ id: `${id}1`, locationId: LOCATIONS[0], onHand: FIRST_STOCK, allocated: 0, updatedAt: at }];
    const variant: Variant = {
      id,
      productId: String(1000 + index),
      sku,
      name,
      description: `<p>${name}</p>`,
      price: netOf(cents, basisPoints),
      taxRate: basisPoints,
      createdAt: at,
      updatedAt: at,
      productUpdatedAt: at,
      levels,
    };
    this.shop.variants.set(id, variant);
  }

  #register(id: string, index: number): Buyer {
    const [firstName, lastName, company, streetLine1, city, postalCode, country] = PEOPLE[index % PEOPLE.length]!;
    const at = this.shop.tick();
    const emailAddress = `buyer${id}@shop.example`;
    const times = { createdAt: at, updatedAt: at, addressUpdatedAt: at };
    const address = { company, streetLine1, city, postalCode, country };
    const buyer = { id, firstName, lastName, emailAddress, phoneNumber: '+49 30 1', ...address, ...times };
    this.shop.customers.set(id, buyer);
    return buyer;
  }

  /** The n-th order and what else happens that hour. */
  next(n: number): Order {
    const order = this.#place(n);
    this.#goOn(n, this.#last);
    this.#settle(n, order);
    this.#happen(n);
    this.#last = order;
    return order;
  }

  #place(n: number): Order {
    const { shop } = this;
    const createdAt = shop.tick();
    const variants = [...shop.variants.values()];
    const first = this.#chance.below(variants.length);
    const chosen = this.#chance.below(2) === 0 ? [first] : [...new Set([first, (first + 1) % variants.length])];
    const lines: Line[] = chosen.map((index, position) => {
      const variant = variants[index]!;
      const quantity = 1 + this.#chance.below(3);
      const discount = this.#chance.below(4) === 0 ? Math.floor((variant.price * quantity) / 10) : 0;
      // The unit's price is the order's own: the catalogue may go on.
      return { id: `${n}${position}`, variant, quantity, placedQuantity: quantity, discount };
    });
    const buyer = this.#chance.oneOf(this.#buyers);
    const order: Order = {
      id: String(n),
      code: `SANDBOX${String(n).padStart(6, '0')}`,
      state: 'ArrangingPayment',
      createdAt,
      updatedAt: shop.tick(),
      orderPlacedAt: null,
      currency: shop.currency,
      buyer,
      address: addressOf(buyer),
      lines,
      shipping: { price: SHIPPING, taxRate: 2200, isCanceled: false },
      payments: [],
      fulfillments: [],
      customFields: { externalRef: null, externalVersion: null },
    };
    shop.orders.set(order.id, order);
    return order;
  }

  /** Paid for or promised to be; the order's own time stays behind. */
  #settle(n: number, order: Order): void {
    const { shop } = this;
    const isPromised = n % 3 === 0;
    const at = shop.tick();
    order.orderPlacedAt = at;
    order.payments.push({
      id: `${n}7`,
      createdAt: at,
      updatedAt: at,
      method: isPromised ? 'invoice' : 'card',
      amount: totalWithTax(order),
      state: isPromised ? 'Authorized' : 'Settled',
      transactionId: `tx-${n}`,
      refunds: [],
    });
    for (const line of order.lines) shop.shift(line.variant, 'ALLOCATION', { allocated: line.quantity });
    shop.tell('order.placed', { id: order.id, code: order.code, updatedAt: order.updatedAt });
    shop.move(order, isPromised ? 'PaymentAuthorized' : 'PaymentSettled');
  }

  /** The order of before is paid, called off, sent or refunded; nothing where the hub called it off first. */
  #goOn(n: number, order: Order | null): void {
    if (!order || order.state === 'Cancelled') return;
    const { shop } = this;
    const [payment] = order.payments;
    if (!payment) return;
    if (payment.state === 'Authorized') {
      payment.state = 'Settled';
      payment.updatedAt = shop.tick();
      shop.move(order, 'PaymentSettled');
      return;
    }
    if (n % 6 === 2) {
      const id = `${n}8`;
      payment.refunds.push({ id, updatedAt: shop.tick(), total: Math.floor(payment.amount / 2), state: 'Settled' });
    }
    if (n % 6 === 3) shop.cancel(order, n % 12 === 3);
    if (n % 6 === 5) this.#send(n, order);
  }

  #send(n: number, order: Order): void {
    // The hub sent it already.
    if (order.fulfillments.length > 0) return;
    const lines = order.lines.map((line) => ({ line, quantity: line.quantity }));
    const made = { id: `${n}9`, method: 'Parcel', trackingCode: `SHOP-${n}`, lines };
    const fulfillment = this.shop.fulfill(order, made);
    this.shop.moveFulfillment(order, fulfillment, 'Shipped');
    if (n % 12 === 5) this.shop.moveFulfillment(order, fulfillment, 'Delivered');
  }

  #happen(n: number): void {
    const { shop } = this;
    if (n % MOVED_EVERY === 0) {
      const buyer = this.#chance.oneOf(this.#buyers);
      buyer.phoneNumber = `+49 30 ${n}`;
      buyer.updatedAt = shop.tick();
      shop.tell('customer', { action: 'updated', id: buyer.id });
    }
    const variant = this.#chance.oneOf([...shop.variants.values()]);
    if (n % COUNTED_EVERY === 0) shop.shift(variant, 'ADJUSTMENT', { onHand: 1 + this.#chance.below(9) });
    if (n % RENAMED_EVERY === 0) {
      variant.description = `<p>${variant.name}, edition ${n}</p>`;
      variant.productUpdatedAt = shop.tick();
      shop.tell('variant', { action: 'updated', ids: [variant.id] });
    }
    const gone = n % DELETED_EVERY === 0 ? this.#spare.shift() : undefined;
    if (gone !== undefined) {
      shop.customers.delete(gone);
      shop.tick();
      shop.tell('customer', { action: 'deleted', id: gone });
    }
  }
}

function addressOf({ firstName, lastName, company, streetLine1, city, postalCode, country, phoneNumber }: Buyer) {
  const fullName = `${firstName} ${lastName}`;
  return {
    fullName,
    company,
    streetLine1,
    streetLine2: '',
    city,
    province: '',
    postalCode,
    countryCode: country,
    phoneNumber,
  };
}
