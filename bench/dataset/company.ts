/** A made-up company, the same at every run: what its orders are is decided by their number alone. */
export const PRODUCTS = 200;
export const LOCATIONS = 3;
export const LINES = 3;
const MINUTE_MS = 60_000;
/** The newest order's instant. */
const NEWEST = Date.parse('2025-06-30T12:00:00.000Z');
const TAX = { name: 'VAT 22 %', rate: '0.22', percent: 22n };

export interface OrderLine {
  product: number;
  quantity: bigint;
  unitMinor: bigint;
  totalMinor: bigint;
  taxMinor: bigint;
}

export interface Order {
  index: number;
  customer: number;
  channel: { id: number; code: string };
  isConfirmed: boolean;
  location: number;
  placedAt: string;
  lines: OrderLine[];
  subtotalMinor: bigint;
  taxMinor: bigint;
}

const CHANNELS = [
  { id: 1, code: 'api' },
  { id: 2, code: 'phone' },
  { id: 4, code: 'web' },
];

export function priceOf(product: number): bigint {
  return 199n + BigInt((product * 7_919) % 24_000);
}

/** A product lies at the first two locations; every other product at the third as well. */
export function locationsOf(product: number): number[] {
  return product % 2 === 0 ? [0, 1, 2] : [0, 1];
}

export function orderAt(index: number, orders: number, customers: number): Order {
  const chance = chanceFrom(index);
  const first = chance(PRODUCTS);
  const step = 1 + chance(60);
  const lines = Array.from({ length: LINES }, (_, line) =>
    lineOf((first + line * step) % PRODUCTS, BigInt(1 + chance(5))),
  );
  return {
    index,
    customer: chance(customers),
    channel: CHANNELS[chance(CHANNELS.length)]!,
    isConfirmed: chance(10) < 7,
    location: chance(2),
    placedAt: new Date(NEWEST - (orders - 1 - index) * MINUTE_MS).toISOString(),
    lines,
    subtotalMinor: lines.reduce((sum, line) => sum + line.totalMinor, 0n),
    taxMinor: lines.reduce((sum, line) => sum + line.taxMinor, 0n),
  };
}

function lineOf(product: number, quantity: bigint): OrderLine {
  const unitMinor = priceOf(product);
  const totalMinor = unitMinor * quantity;
  return { product, quantity, unitMinor, totalMinor, taxMinor: (totalMinor * TAX.percent + 50n) / 100n };
}

export function taxLine(taxable: bigint, amount: bigint): object {
  return { name: TAX.name, rate: TAX.rate, taxable: taxable.toString(), amount: amount.toString() };
}

export function decimalOfMinor(minor: bigint): string {
  const figures = minor.toString().padStart(3, '0');
  return `${figures.slice(0, -2)}.${figures.slice(-2)}`;
}

export function sku(product: number): string {
  return `SKU-${String(product + 1).padStart(4, '0')}`;
}

/** Numbers below a bound, one after the other, the same for the same seed (mulberry32). */
export function chanceFrom(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761 + 40_503) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
