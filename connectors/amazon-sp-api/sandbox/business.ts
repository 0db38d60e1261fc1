import { chanceFrom, exact, minorOfAmount, moneyOfMinor, type Chance, type SandboxOptions } from '#connect';
import type { Account, SoldItem, SoldOrder } from './account.js';

const BUYERS = [
  { name: 'Maria Rossi', company: null, city: 'Milano' },
  { name: 'Luca Bianchi', company: null, city: 'Torino' },
  { name: 'Giulia Ferri', company: 'Ferri S.r.l.', city: 'Bologna' },
  { name: 'Paolo Conti', company: null, city: 'Roma' },
];

/** What happened to an order, for who wants to be told. */
export interface Happened {
  order: SoldOrder;
  status: SoldOrder['status'];
  at: Date;
}

/** The same order of the same seed has the same life, wherever the account is opened. */
export class Business {
  readonly made: { kind: string; id: string; number: string; total: string }[] = [];
  #next = 1;

  constructor(
    private readonly account: Account,
    private readonly from: { products: SandboxOptions['products']; seed: number; firstNumber: number },
  ) {
    for (const [index, { sku }] of from.products.entries()) {
      // One of the goods lies in Amazon's own warehouses.
      const channel = index === 1 ? ('AMAZON_EU' as const) : ('DEFAULT' as const);
      account.listings.set(sku, { sku, channel, quantity: 10 + index, submitted: null });
    }
  }

  /** What was sold before the first number was, as it was the first time; nobody is told again. */
  liveThroughThePast(): void {
    while (this.#next < this.from.firstNumber) this.next();
    this.made.length = 0;
  }

  /** An order is placed, and those before it go on. One list for each order. */
  next(): Happened[][] {
    const number = this.#next;
    this.#next += 1;
    const order = this.#place(number);
    const told = [[this.#happened(order)]];
    for (const [age, step] of [this.#pay, this.#proceed, this.#finish].entries()) {
      const earlier = this.account.orders.get(idOf(this.from.seed, number - age - 1));
      if (earlier && step.call(this, earlier, this.#chance(earlier.number, age + 1)))
        told.push([this.#happened(earlier)]);
    }
    return told;
  }

  #place(number: number): SoldOrder {
    const chance = this.#chance(number, 0);
    const person = chance.oneOf(BUYERS);
    const count = 1 + chance.below(Math.min(3, this.from.products.length));
    const first = chance.below(this.from.products.length);
    const isAmazons = chance.fraction() < 0.4;
    const placedAt = this.account.tick();
    const order: SoldOrder = {
      id: idOf(this.from.seed, number),
      number,
      placedAt,
      changedAt: placedAt,
      isAmazons,
      status: 'PENDING',
      isPaid: false,
      buyer: { ...person, email: `${person.name.toLowerCase().replace(' ', '.')}@marketplace.amazon.it` },
      items: Array.from({ length: count }, (_, index) => {
        const product = this.from.products[(first + index) % this.from.products.length]!;
        return this.#item(`${number}${index + 1}`.padStart(14, '8'), product, chance);
      }),
      packages: [],
    };
    this.account.orders.set(order.id, order);
    return order;
  }

  #item(id: string, { sku, name, price, taxRate }: SandboxOptions['products'][number], chance: Chance): SoldItem {
    const minorOf = (amount: string) => minorOfAmount(exact(amount).toFixed(0), this.account.currency)!;
    const netOf = (gross: bigint) =>
      BigInt(
        exact(gross)
          .dividedBy(exact(1).plus(exact(taxRate)))
          .toFixed(0),
      );
    const quantity = 1 + chance.below(3);
    const gross = (minorOfAmount(price, this.account.currency) ?? minorOf(price)) * BigInt(quantity);
    const shipping = chance.fraction() < 0.3 ? minorOf('5') : 0n;
    const discount = chance.fraction() < 0.2 ? netOf(gross) / 10n : 0n;
    return {
      id,
      sku,
      title: name,
      quantity,
      priceMinor: netOf(gross),
      discountMinor: discount,
      shippingMinor: netOf(shipping),
      giftWrapMinor: chance.fraction() < 0.1 ? minorOf('2') : 0n,
      taxMinor: gross - netOf(gross),
      shippingTaxMinor: shipping - netOf(shipping),
      sent: 0,
      isCanceled: false,
    };
  }

  /** Some are not paid: they end before they began. */
  #pay(order: SoldOrder, chance: Chance): boolean {
    order.status = chance.fraction() < 0.1 ? 'CANCELLED' : 'UNSHIPPED';
    this.account.touch(order);
    order.isPaid = order.status === 'UNSHIPPED';
    if (order.isPaid) {
      this.made.push({ kind: 'order', id: order.id, number: order.id, total: '' });
      this.#tell(order);
    } else for (const item of order.items) item.isCanceled = true;
    return true;
  }

  #proceed(order: SoldOrder, chance: Chance): boolean {
    if (order.status !== 'UNSHIPPED') return false;
    if (order.isAmazons) {
      order.items[0]!.sent = order.items[0]!.quantity;
      order.status = order.items.length > 1 ? 'PARTIALLY_SHIPPED' : 'SHIPPED';
    } else if (chance.fraction() < 0.15 && order.packages.length === 0) {
      order.status = 'CANCELLED';
      for (const item of order.items) item.isCanceled = true;
    } else if (chance.fraction() < 0.2 && order.items.length > 1 && order.packages.length === 0) {
      order.items.at(-1)!.isCanceled = true;
      this.#tell(order);
    } else return false;
    this.account.touch(order);
    return true;
  }

  #finish(order: SoldOrder): boolean {
    if (order.status !== 'PARTIALLY_SHIPPED' || !order.isAmazons) return false;
    for (const item of order.items) item.sent = item.quantity;
    order.status = 'SHIPPED';
    this.account.touch(order);
    return true;
  }

  #tell(order: SoldOrder): void {
    const record = this.made.find(({ id }) => id === order.id);
    if (!record) return;
    record.total = moneyOfMinor(
      totalOf(order.items.filter(({ isCanceled }) => !isCanceled)).toString(),
      this.account.currency,
    ).amount;
  }

  #happened(order: SoldOrder): Happened {
    return { order, status: order.status, at: order.changedAt };
  }

  #chance(number: number, step: number): Chance {
    return chanceFrom(this.from.seed * 1_000_003 + number * 17 + step);
  }
}

export function totalOf(items: readonly SoldItem[]): bigint {
  return items.reduce((sum, item) => sum + itemTotalOf(item), 0n);
}

export function itemTotalOf(item: SoldItem): bigint {
  const net = item.priceMinor - item.discountMinor + item.shippingMinor + item.giftWrapMinor;
  return net + item.taxMinor + item.shippingTaxMinor;
}

function idOf(seed: number, number: number): string {
  return `405-${String(number).padStart(7, '0')}-${String(seed % 10_000_000).padStart(7, '0')}`;
}
