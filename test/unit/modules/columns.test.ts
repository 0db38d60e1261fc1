import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import type { Columns } from '../../../src/graph/columns.js';
import { CUSTOMER_COLUMNS } from '../../../src/modules/customers/customer.queries.js';
import { CustomerType } from '../../../src/modules/customers/customer.type.js';
import { LINE_COLUMNS, ORDER_COLUMNS } from '../../../src/modules/orders/order.queries.js';
import { OrderLineType, OrderType } from '../../../src/modules/orders/order.type.js';

interface Kind {
  columns: Columns<never>;
  alias: string;
  type: new (row: never) => object;
  /** Columns that the loader adds. */
  added?: string[];
}

const KINDS: Record<string, Kind> = {
  Order: { columns: ORDER_COLUMNS as never, alias: 'o', type: OrderType },
  OrderLine: { columns: LINE_COLUMNS as never, alias: 'l', type: OrderLineType, added: ['currency'] },
  Customer: { columns: CUSTOMER_COLUMNS as never, alias: 'customer', type: CustomerType },
};
const LISTS = /lines$|adjustments|shipping_addresses|tags/;

/** A row that has these columns and fails the test where another one is read. */
function rowOf(sql: string, alias: string, added: string[] = []): object {
  const names = [...sql.split(', ').map((column) => column.slice(alias.length + 1)), ...added];
  const row = Object.fromEntries(
    names.map((name) => [name, LISTS.test(name) ? [] : name === 'currency' ? 'EUR' : '1']),
  );
  return new Proxy(row, {
    get(target, name) {
      if (!(name in target)) throw new Error(`column ${String(name)} was not read`);
      return target[name as string];
    },
  });
}

for (const [name, { columns, alias, type, added }] of Object.entries(KINDS)) {
  const getters = Object.entries(Object.getOwnPropertyDescriptors(type.prototype as object)).filter(
    ([, own]) => own.get,
  );

  test.each(getters.map(([field]) => field))(`reads the columns that ${name}.%s is made of`, (field) => {
    const sql = columns.for(new Set([field]));
    expect(sql).not.toBe(columns.all);
    const record = new type(rowOf(sql, alias, added) as never) as Record<string, unknown>;
    expect(() => record[field]).not.toThrow();
  });
}

test('reads every column for a field it does not know, and where nothing is known of the document', () => {
  expect(ORDER_COLUMNS.for(new Set(['number', 'feedback']))).toBe(ORDER_COLUMNS.all);
  expect(ORDER_COLUMNS.for(new Set(['toString']))).toBe(ORDER_COLUMNS.all);
  expect(ORDER_COLUMNS.for(null)).toBe(ORDER_COLUMNS.all);
});

test('reads no more than what handles the row needs for a document that shows nothing of it', () => {
  expect(ORDER_COLUMNS.for(new Set(['__typename']))).toBe('o.id, o.customer_id, o.currency');
});
