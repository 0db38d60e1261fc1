export const SELLER_ID = 'A3TH9S8BH6GOGM';
export const MARKETPLACE_ID = 'APJ6JRA9NG5V4';

export type Status = 'PENDING' | 'UNSHIPPED' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'CANCELLED';

export interface SoldItem {
  id: string;
  sku: string;
  title: string;
  quantity: number;
  /** In minor units, tax apart; of the whole item. */
  priceMinor: bigint;
  discountMinor: bigint;
  shippingMinor: bigint;
  giftWrapMinor: bigint;
  taxMinor: bigint;
  shippingTaxMinor: bigint;
  sent: number;
  isCanceled: boolean;
}

export interface Package {
  reference: string;
  carrier: string;
  method: string | null;
  tracking: string;
  shippedAt: string;
  items: { orderItemId: string; quantity: number }[];
}

export interface SoldOrder {
  id: string;
  number: number;
  placedAt: Date;
  changedAt: Date;
  isAmazons: boolean;
  status: Status;
  /** What was never paid has no prices, whatever became of it. */
  isPaid: boolean;
  buyer: { name: string; company: string | null; email: string; city: string };
  items: SoldItem[];
  packages: Package[];
}

export interface Listing {
  sku: string;
  channel: 'DEFAULT' | 'AMAZON_EU';
  quantity: number;
  /** Accepted, and shown from the next reading on. */
  submitted: number | null;
}

/** What a seller's account holds. */
export class Account {
  readonly orders = new Map<string, SoldOrder>();
  readonly listings = new Map<string, Listing>();
  submissions = 0;

  constructor(
    readonly currency: string,
    readonly tick: () => Date,
  ) {}

  touch(order: SoldOrder): void {
    order.changedAt = this.tick();
  }

  /** What it keeps, without times and without what a hub chose to call its packages. */
  state(): Record<string, Record<string, unknown>> {
    const packages = [...this.orders.values()].flatMap(({ id, packages: sent }) =>
      sent.map(({ carrier, tracking, items }) => [`${id} ${tracking}`, { carrier, items }] as const),
    );
    return {
      orders: Object.fromEntries(
        [...this.orders.values()].map(({ id, status, items }) => [
          id,
          { status, items: items.map(({ sku, quantity, sent, isCanceled }) => ({ sku, quantity, sent, isCanceled })) },
        ]),
      ),
      packages: Object.fromEntries(packages),
      listings: Object.fromEntries(
        [...this.listings.values()].map(({ sku, channel, quantity, submitted }) => [
          sku,
          { channel, quantity: submitted ?? quantity },
        ]),
      ),
    };
  }
}
