import type { Faults } from '#connect';

type Json = Record<string, unknown>;
const SKEW_MS = 5 * 60_000;

/** Does to the first record of a list answer what a fault does; the next reading of it is right again. */
export function spoil(data: unknown, faults: Faults): void {
  for (const [name, value] of Object.entries(data as Json)) {
    const record = firstRecord(name, value);
    if (!record) continue;
    const field = NEEDED[name]!(record);
    if (field && faults.strikes('missing-field')) delete field.of[field.name];
    const word = WORDS[name]?.(record);
    if (word && faults.strikes('unknown-enum')) word.of[word.name] = 'SOMETHING_NEW';
    if (typeof record.updatedAt === 'string' && faults.strikes('clock-skew')) {
      const skewed = new Date(Date.parse(record.updatedAt) - SKEW_MS);
      record.updatedAt = `${skewed.toISOString().slice(0, 19)}Z`;
    }
  }
}

interface Place {
  of: Json;
  name: string;
}

/** What a record of each list always has. */
const NEEDED: Readonly<Record<string, (record: Json) => Place | null>> = {
  orders: (order) => at(order, 'name') ?? at(firstOf(order.fulfillments), 'status'),
  products: (product) => at(product, 'title'),
  customers: (customer) => at(customer, 'tags'),
  location: (level) => at(level, 'quantities'),
};
const WORDS: typeof NEEDED = {
  orders: (order) => at(firstOf(order.transactions), 'status') ?? at(firstOf(order.fulfillments), 'status'),
  products: (product) => at(product, 'status'),
};

function firstRecord(name: string, value: unknown): Json | null {
  if (!NEEDED[name] || value === null || typeof value !== 'object') return null;
  const list = name === 'location' ? (value as Json).inventoryLevels : value;
  return firstOf((list as { nodes?: unknown } | undefined)?.nodes);
}

function firstOf(list: unknown): Json | null {
  const first: unknown = Array.isArray(list) ? list[0] : null;
  return first !== null && typeof first === 'object' ? (first as Json) : null;
}

function at(record: Json | null, name: string): Place | null {
  return record && name in record ? { of: record, name } : null;
}
