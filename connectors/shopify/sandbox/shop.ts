import type { Buyer } from './buyers.js';
import type { ShopOrder } from './orders.js';

export interface Customer {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string | null;
  tags: string[];
  address: Buyer['address'];
  updatedAt: Date;
}
export interface Product {
  id: string;
  variantId: string;
  itemId: string;
  sku: string;
  title: string;
  descriptionHtml: string;
  grams: number;
  requiresShipping: boolean;
  updatedAt: Date;
}
export interface Level {
  itemId: string;
  locationId: string;
  available: number;
  onHand: number;
  updatedAt: Date;
}
export interface Transaction {
  id: string;
  orderId: string;
  kind: 'AUTHORIZATION' | 'CAPTURE' | 'VOID' | 'REFUND';
  cents: number;
  parentId: string | null;
  at: Date;
}
export interface Fulfillment {
  id: string;
  orderId: string;
  locationId: string;
  status: 'SUCCESS' | 'CANCELLED';
  displayStatus: 'FULFILLED' | 'IN_TRANSIT' | 'DELIVERED' | 'CANCELED';
  tracking: { company: string | null; number: string | null; url: string | null } | null;
  lines: { lineId: string; quantity: number }[];
  createdAt: Date;
  updatedAt: Date;
}

export const LOCATIONS = ['61000000001', '61000000002'] as const;
/** The hub's clock may run on; what happens here happened a little before, so that nothing is ever in the future. */
const BEHIND_MS = 120_000;

/** All that the shop keeps. Ids are digits. */
export class Shop {
  readonly orders = new Map<string, ShopOrder>();
  readonly customers = new Map<string, Customer>();
  readonly products = new Map<string, Product>();
  readonly levels = new Map<string, Level>();
  readonly fulfillments = new Map<string, Fulfillment>();
  /** By order: with thousands of them nobody looks through all. */
  readonly #transactions = new Map<string, Transaction[]>();
  readonly #fulfilled = new Map<string, Set<string>>();
  /** While what happened long ago is made up: then a change comes right behind the one before. */
  isPast = false;
  /** Enum names of topics beyond those of orders. */
  readonly subscriptions = new Set<string>();

  constructor(
    readonly currency: string,
    private readonly clock: { now(): Date },
  ) {}

  now(): Date {
    return new Date(this.clock.now().getTime() - BEHIND_MS);
  }

  /** When a record changes that changed last then: never at the same second. */
  after(last: Date): Date {
    const now = this.now();
    return !this.isPast && now.getTime() >= last.getTime() + 1_000 ? now : new Date(last.getTime() + 1_000);
  }

  level(itemId: string, locationId: string): Level | undefined {
    return this.levels.get(`${itemId}@${locationId}`);
  }

  setLevel(level: Level): void {
    this.levels.set(`${level.itemId}@${level.locationId}`, level);
  }

  transactionsOf(orderId: string): Transaction[] {
    return this.#transactions.get(orderId) ?? [];
  }

  addTransaction(made: Transaction): void {
    this.#transactions.set(made.orderId, [...this.transactionsOf(made.orderId), made]);
  }

  fulfillmentsOf(orderId: string): Fulfillment[] {
    return [...(this.#fulfilled.get(orderId) ?? [])].map((id) => this.fulfillments.get(id)!);
  }

  keepFulfillment(kept: Fulfillment): void {
    this.fulfillments.set(kept.id, kept);
    this.#fulfilled.set(kept.orderId, (this.#fulfilled.get(kept.orderId) ?? new Set()).add(kept.id));
  }

  /** How much of a line is neither sent nor taken away nor come back. */
  remaining(order: ShopOrder, lineId: string): number {
    const line = order.line_items.find(({ id }) => plain(id) === lineId);
    if (!line || order.cancelled_at !== null) return 0;
    const sent = this.fulfillmentsOf(plain(order.id))
      .filter(({ status }) => status === 'SUCCESS')
      .flatMap(({ lines }) => lines)
      .filter((each) => each.lineId === lineId)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const returned = order.refunds
      .flatMap((refund) => refund.refund_line_items)
      .filter((each) => each.line_item_id === line.id && each.restock_type === 'return')
      .reduce((sum, { quantity }) => sum + quantity, 0);
    // What came back changes nothing of what is to be sent; what was taken off does.
    return Math.max(0, line.current_quantity + returned - sent);
  }
}

/** Digits of a marked id. */
export function plain(marked: string): string {
  return marked.replaceAll('@', '');
}

/** Whole seconds, as GraphQL writes a time. */
export function graphTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** A shop's time, which has its offset, as GraphQL writes it. */
export function graphTimeOf(shopTime: string): string {
  return graphTime(new Date(shopTime));
}

export function gid(type: string, id: string): string {
  return `gid://shopify/${type}/${id}`;
}

export function digits(id: string): string {
  return /\/(\d+)(\?|$)/.exec(id)?.[1] ?? '';
}
