import type { Chance } from './chance.js';
import { PRODUCTS, type SampleProduct } from './products.js';

export type Fate =
  | 'DRAFT'
  | 'RECEIVED'
  | 'HELD'
  | 'CONFIRMED'
  | 'CANCELED'
  | 'PARTLY_CANCELED'
  | 'PREPARING'
  | 'PARTLY_SHIPPED'
  | 'SHIPPED'
  | 'DELIVERED';

/** One past order: when, where from, how far it came. */
export interface PlannedOrder {
  placedAt: Date;
  channel: 'phone' | 'email' | 'web' | 'api';
  fate: Fate;
  /** Which customer, counted from 0. */
  buyer: number;
  lines: { sku: string; quantity: string }[];
  purchaseOrderNumber: string;
  note: string | null;
}

const COUNT = 40;
const DAYS = 27;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const FATES: Partial<Record<number, Fate>> = {
  5: 'CANCELED',
  9: 'PARTLY_CANCELED',
  14: 'CANCELED',
  19: 'PARTLY_SHIPPED',
  22: 'PARTLY_CANCELED',
  24: 'PREPARING',
  26: 'HELD',
  27: 'CANCELED',
  28: 'PREPARING',
  31: 'CANCELED',
  34: 'RECEIVED',
  35: 'DRAFT',
  36: 'RECEIVED',
  37: 'RECEIVED',
  38: 'DRAFT',
  39: 'RECEIVED',
};
/** What became of the others, by how long ago they came. */
const DELIVERED_BELOW = 18;
const SHIPPED_BELOW = 25;
const NOTES = [
  'Please deliver before noon.',
  'Gate 3, ask for the porter.',
  'Call before delivery.',
  'One delivery, no parts.',
];

/** The orders of the last weeks, oldest first; the same ones at every start, as long ago as ever. */
export function planOrders(now: Date, chance: Chance, buyerCount: number): PlannedOrder[] {
  const times = Array.from({ length: COUNT }, (_, index) => timeOf(index, now, chance)).sort((a, b) => a - b);
  return times.map((time, index) => {
    const fate = FATES[index] ?? usualFate(index);
    const buyer = chance.below(buyerCount);
    return {
      placedAt: new Date(time),
      channel: fate === 'DRAFT' ? 'phone' : chance.oneOf(['phone', 'email', 'email', 'web', 'web', 'api']),
      fate,
      buyer,
      lines: linesOf(chance),
      purchaseOrderNumber: `PO-${4100 + buyer * 100 + index}`,
      note: chance.below(4) === 0 ? chance.oneOf(NOTES) : null,
    };
  });
}

function usualFate(index: number): Fate {
  if (index < DELIVERED_BELOW) return 'DELIVERED';
  return index < SHIPPED_BELOW ? 'SHIPPED' : 'CONFIRMED';
}

/** In working hours of its day; what would be too fresh for that was an hour or more ago. */
function timeOf(index: number, now: Date, chance: Chance): number {
  const daysAgo = DAYS - Math.floor((index * (DAYS + 1)) / COUNT);
  const midnight = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const time = midnight - daysAgo * DAY_MS + (390 + chance.below(540)) * MINUTE_MS;
  const newest = now.getTime() - (60 + (COUNT - index) * 9) * MINUTE_MS;
  return Math.min(time, newest);
}

function linesOf(chance: Chance): PlannedOrder['lines'] {
  const rest = [...PRODUCTS];
  return Array.from({ length: 1 + chance.below(4) }, () => {
    const [product] = rest.splice(chance.below(rest.length), 1) as [SampleProduct];
    return { sku: product.sku, quantity: quantityOf(product, chance) };
  });
}

function quantityOf({ price }: SampleProduct, chance: Chance): string {
  const digits = price.indexOf('.');
  if (digits === 1) return chance.oneOf(['10', '20', '25', '50', '60']);
  return digits === 2 ? chance.oneOf(['4', '5', '8', '10', '20']) : chance.oneOf(['1', '1', '2', '3']);
}
