import type { Faults } from '#connect';

type Json = Record<string, unknown>;
const SKEW_MS = 5 * 60_000;
const NEEDED: Readonly<Record<string, string>> = {
  orders: 'code',
  customers: 'emailAddress',
  products: 'variants',
  productVariants: 'sku',
};
const WORDS: Readonly<Record<string, string>> = { orders: 'state', productVariants: 'trackInventory' };

/** Does to the first record of a list answer what a fault does; the next reading of it is right again. */
export function spoil(data: Json, faults: Faults): void {
  for (const [name, value] of Object.entries(data)) {
    const first = (value as { items?: Json[] } | null)?.items?.[0];
    if (!first || !NEEDED[name]) continue;
    const field = NEEDED[name];
    if (field in first && faults.strikes('missing-field')) delete first[field];
    const word = WORDS[name];
    if (word !== undefined && word in first && faults.strikes('unknown-enum')) first[word] = 'SOMETHING_NEW';
    if (typeof first.updatedAt === 'string' && faults.strikes('clock-skew')) {
      first.updatedAt = new Date(Date.parse(first.updatedAt) - SKEW_MS).toISOString();
    }
  }
}
