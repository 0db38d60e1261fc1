import { chanceFrom, minorOfAmount, minorOfShare, moneyOfMinor, type Chance, type SandboxOptions } from '#connect';

export interface Order {
  id: string;
  number: string;
  status: string;
  placedAt: string;
  updatedAt: string;
  currency: string;
  buyer: { id: string; name: string; email: string };
  shipTo: { street: string; city: string; country: string };
  lines: { id: string; sku: string; name: string; quantity: string; price: string; taxRate: string; tax: string }[];
  tax: string;
  total: string;
}

const BEHIND_MS = 60_000;
const STEP_MS = 20;
const BUYERS = ['Ada Neri', 'Bruno Costa', 'Carla Riva', 'Dario Sala'];

/** What goes on in the shop; the same seed makes the same, whatever is asked meanwhile. */
export class Business {
  readonly orders = new Map<string, Order>();
  readonly #chance: Chance;
  readonly #currency: string;
  #last = 0;

  constructor(private readonly options: Pick<SandboxOptions, 'products' | 'seed' | 'clock' | 'currency'>) {
    if (options.products.length === 0) throw new Error('products: expected at least one');
    this.#chance = chanceFrom(options.seed);
    this.#currency = options.currency ?? 'EUR';
  }

  /** The n-th order; now and then the one before it is called off. */
  next(n: number): { order: Order; changed: string[] } {
    const order = this.#place(n);
    this.orders.set(order.id, order);
    const before = this.orders.get(`order-${n - 1}`);
    if (!before || this.#chance.below(6) > 0) return { order, changed: [order.id] };
    before.status = 'canceled';
    before.updatedAt = this.#tick();
    return { order, changed: [order.id, before.id] };
  }

  #place(n: number): Order {
    const at = this.#tick();
    const buyer = this.#chance.below(BUYERS.length);
    const { sku, name, price, taxRate } = this.#chance.oneOf(this.options.products);
    const quantity = 1 + this.#chance.below(3);
    const totalMinor = minorOfAmount(price, this.#currency)! * BigInt(quantity);
    const gross = String(1_000_000 + Number(taxRate) * 1_000_000);
    const taxMinor = totalMinor - minorOfShare(totalMinor, '1000000', gross);
    const money = (minor: bigint) => moneyOfMinor(minor.toString(), this.#currency).amount;
    const tax = money(taxMinor);
    return {
      id: `order-${n}`,
      number: `#${1_000 + n}`,
      status: 'open',
      placedAt: at,
      updatedAt: at,
      currency: this.#currency,
      buyer: { id: `buyer-${buyer}`, name: BUYERS[buyer]!, email: `buyer${buyer}@buyers.example` },
      shipTo: { street: `Via Roma ${1 + buyer}`, city: 'Bologna', country: 'IT' },
      lines: [{ id: `order-${n}-1`, sku, name, quantity: String(quantity), price, taxRate, tax }],
      tax,
      total: money(totalMinor),
    };
  }

  /** Times rise and are never ahead of the hub's clock. */
  #tick(): string {
    this.#last = Math.max(this.#last + STEP_MS, this.options.clock.now().getTime() - BEHIND_MS);
    return new Date(this.#last).toISOString();
  }
}
