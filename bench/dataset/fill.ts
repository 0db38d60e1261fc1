import type pg from 'pg';
import { copyIn, type CopyValue } from './copy-in.js';
import {
  LINES,
  locationsOf,
  LOCATIONS,
  orderAt,
  priceOf,
  PRODUCTS,
  sku,
  decimalOfMinor,
  type Order,
} from './company.js';
import { customerRow, eventRows, lineRow, orderRow, type Numbers } from './rows.js';

const LONG_AGO = '2020-01-01T00:00:00.000Z';
/** What every level has beyond what is promised: enough for any measurement. */
const SPARE = 1_000_000;

export interface Filled {
  orders: number;
  customers: number;
  events: number;
}

/**
 * Fills a migrated hub database that has no orders yet, in one transaction: all of it is there or nothing. Triggers and
 * foreign keys stay on. Throws where there are orders already.
 */
export async function fill(client: pg.ClientBase, orders: number): Promise<Filled> {
  const customers = Math.max(1, Math.floor(orders / 5));
  await client.query('begin');
  try {
    const numbers = await reserveNumbers(client, orders, customers);
    const events = await write(client, numbers, orders, customers);
    await client.query('commit');
    await client.query('vacuum analyze');
    return { orders, customers, events };
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Takes ids and numbers off the hub's own sequences, so that what it makes later does not clash. */
async function reserveNumbers(client: pg.ClientBase, orders: number, customers: number): Promise<Numbers> {
  const { rows: present } = await client.query('select 1 from orders limit 1');
  if (present.length > 0) throw new Error('the database has orders already: expected an empty hub');
  const first = async (sequence: string, count: number): Promise<number> => {
    const text = `select setval($1, nextval($1) + $2) - $2 as first`;
    return Number((await client.query<{ first: string }>(text, [sequence, count])).rows[0]!.first);
  };
  const ids = LOCATIONS + 1 + PRODUCTS * (2 + 2 * LOCATIONS) + customers + orders * (1 + LINES);
  const id = await first('record_id', Math.ceil(ids / 1_000) * 1_000);
  const location = id;
  const priceList = location + LOCATIONS;
  const product = priceList + 1;
  const price = product + PRODUCTS;
  const level = price + PRODUCTS;
  const movement = level + PRODUCTS * LOCATIONS;
  const customer = movement + PRODUCTS * LOCATIONS;
  const order = customer + customers;
  return {
    location,
    priceList,
    product,
    price,
    level,
    movement,
    customer,
    order,
    line: order + orders,
    orderNumber: await first('order_number', orders),
    customerNumber: await first('customer_number', customers),
    event: await first('event_id_seq', orders * 3),
    position: Number(
      (await client.query('select coalesce(max(position), 0) + 1 as next from event_position')).rows[0].next,
    ),
  };
}

async function write(client: pg.ClientBase, numbers: Numbers, orders: number, customers: number): Promise<number> {
  function* all<T>(rowsOf: (order: Order) => Iterable<T>): Generator<T> {
    for (let index = 0; index < orders; index += 1) yield* rowsOf(orderAt(index, orders, customers));
  }
  await writeCatalog(client, numbers, promised(all((order) => [order])));
  await copyIn(
    client,
    'customer (id, number, kind, name, email, billing_address, shipping_addresses, created_at, updated_at)',
    count(customers).map((index) => customerRow(numbers, index, LONG_AGO)),
  );
  await copyIn(
    client,
    'orders (id, number, channel_id, status, customer_id, email, currency, prices_include_tax, subtotal_minor, discount_minor, ' +
      'shipping_minor, tax_minor, total_minor, tax_lines, billing_address, shipping_address, placed_at, created_at, updated_at, event_count)',
    all((order) => [orderRow(numbers, order)]),
  );
  await copyIn(
    client,
    'order_line (id, order_id, position, product_id, sku, description, requires_shipping, quantity, unit_price, discount_minor, ' +
      'tax_minor, total_minor, tax_lines, ordered_discount_minor, ordered_tax_lines, reserved_quantity)',
    all((order) => order.lines.map((_, line) => lineRow(numbers, order, line))),
  );
  await copyIn(
    client,
    'stock_reservation (order_line_id, product_id, location_id, quantity)',
    all((order) => (order.isConfirmed ? reservations(numbers, order) : [])),
  );
  let event = numbers.event;
  const nextEvent = (): number => event++;
  await copyIn(
    client,
    'event (id, subject_kind, subject_id, sequence, type, at, actor_kind, actor_name, message, changes, data, channel, customer_id, ' +
      'status_from, status_to)',
    all((order) => eventRows(numbers, order, nextEvent)),
  );
  const events = event - numbers.event;
  await copyIn(
    client,
    'event_position (position, event_id)',
    count(events).map((index) => [numbers.position + index, numbers.event + index]),
  );
  await client.query('update event_sequencer set horizon = $1', [event - 1]);
  return events;
}

async function writeCatalog(client: pg.ClientBase, numbers: Numbers, reserved: Map<string, bigint>): Promise<void> {
  const products = count(PRODUCTS);
  await copyIn(
    client,
    'stock_location (id, code, name, created_at, updated_at)',
    count(LOCATIONS).map((index) => [
      numbers.location + index,
      `W${index + 1}`,
      `Warehouse ${index + 1}`,
      LONG_AGO,
      LONG_AGO,
    ]),
  );
  await copyIn(client, 'price_list (id, code, name, currency, is_default)', [
    [numbers.priceList, 'bench-eur', 'List prices', 'EUR', true],
  ]);
  await copyIn(
    client,
    'product (id, sku, name, created_at, updated_at)',
    products.map((index) => [numbers.product + index, sku(index), `Product ${index + 1}`, LONG_AGO, LONG_AGO]),
  );
  await copyIn(
    client,
    'price (id, product_id, price_list_id, unit_price, created_at)',
    products.map((index) => [
      numbers.price + index,
      numbers.product + index,
      numbers.priceList,
      decimalOfMinor(priceOf(index)),
      LONG_AGO,
    ]),
  );
  const levels = products.flatMap((product) =>
    locationsOf(product).map((location) => ({
      product: numbers.product + product,
      location: numbers.location + location,
      reserved: reserved.get(`${product} ${location}`) ?? 0n,
    })),
  );
  await copyIn(
    client,
    'stock_level (id, product_id, location_id, reserved, updated_at)',
    levels.map(({ product, location, reserved: held }, index) => [
      numbers.level + index,
      product,
      location,
      held,
      LONG_AGO,
    ]),
  );
  await copyIn(
    client,
    'stock_movement (id, product_id, location_id, kind, quantity, reason, actor_kind, actor_name, at)',
    levels.map(({ product, location, reserved: held }, index) => [
      numbers.movement + index,
      product,
      location,
      'RECEIPT',
      held + BigInt(SPARE),
      'Opening stock',
      'SYSTEM',
      'Hub',
      LONG_AGO,
    ]),
  );
}

/** What the confirmed orders hold, by product and location. */
function promised(orders: Iterable<Order>): Map<string, bigint> {
  const held = new Map<string, bigint>();
  for (const { isConfirmed, location, lines } of orders) {
    if (!isConfirmed) continue;
    for (const { product, quantity } of lines) {
      const key = `${product} ${location}`;
      held.set(key, (held.get(key) ?? 0n) + quantity);
    }
  }
  return held;
}

function reservations(numbers: Numbers, { index, location, lines }: Order): CopyValue[][] {
  return lines.map(({ product, quantity }, line) => [
    numbers.line + index * LINES + line,
    numbers.product + product,
    numbers.location + location,
    quantity,
  ]);
}

function count(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
