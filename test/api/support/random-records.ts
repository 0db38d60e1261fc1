import type pg from 'pg';
import { seeded } from './desk.js';

export interface CustomerRecord {
  id: string;
  number: string;
  kind: string;
  name: string;
  email: string | null;
  tags: string[];
  created_at: string;
  updated_at: string;
  contacts: (string | null)[];
  integrations: string[];
}
export interface ProductRecord {
  id: string;
  sku: string;
  name: string;
  is_active: boolean;
  created_at: string;
  updated_at: string;
}
export interface LevelRecord {
  id: string;
  product: ProductRecord;
  location: { id: string; code: string };
  onHand: number;
  reserved: number;
  safety_stock: number;
  reorder_point: number | null;
  updated_at: string;
  movements: { id: string; at: string; quantity: number }[];
}
export interface OrderRecord {
  id: string;
  number: string;
  channel: { id: string; code: string };
  status: string;
  fulfillment_status: string;
  payment_status: string;
  customer: CustomerRecord | null;
  email: string | null;
  purchase_order_number: string | null;
  currency: string;
  total_minor: number;
  open_holds: number;
  placed_at: string;
  created_at: string;
  updated_at: string;
  skus: string[];
  tracking: (string | null)[];
  integrations: string[];
  events: EventRecord[];
}
export interface QuoteRecord {
  id: string;
  number: string;
  revision: number;
  status: string;
  customer: CustomerRecord;
  currency: string;
  total_minor: number;
  valid_until: string;
  created_at: string;
  updated_at: string;
}
export interface EventRecord {
  id: string;
  kind: string;
  subject_id: string;
  sequence: number;
  type: string;
  at: string;
}
export interface LetterRecord {
  id: string;
  integration: string;
  failed_at: string;
}
export interface Records {
  customers: CustomerRecord[];
  products: ProductRecord[];
  levels: LevelRecord[];
  orders: OrderRecord[];
  quotes: QuoteRecord[];
  /** Of all kinds of records; ids are known once they are written. */
  events: EventRecord[];
  letters: LetterRecord[];
}

export const DIGITS: Record<string, number> = { EUR: 2, USD: 2, JPY: 0, KWD: 3 };
export const INTEGRATIONS = ['crm', 'shop'];
export const CHANNELS = ['api', 'phone', 'email', 'web', 'cpq'].map((code, index) => ({ id: String(index + 1), code }));
export const LOCATIONS = ['A', 'B', 'C', 'D'].map((code, index) => ({ id: String(11 + index), code }));
export const ORDER_STATUSES = ['DRAFT', 'RECEIVED', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELED'];
export const FULFILLMENTS = ['UNFULFILLED', 'PARTIALLY_FULFILLED', 'FULFILLED', 'DELIVERED'];
export const PAYMENTS = ['PENDING', 'AUTHORIZED', 'PAID', 'REFUNDED', 'NOT_REQUIRED'];
export const QUOTE_STATUSES = ['DRAFT', 'SENT', 'ACCEPTED', 'DECLINED', 'EXPIRED'];
export const EVENT_TYPES = ['CREATED', 'EDITED', 'STATUS_CHANGED', 'STOCK_RESERVED'];
export const TAGS = ['vip', 'net 30', 'export'];
export const WORDS = ['Acme', 'Rossi & C.', 'Ünal', 'zeta_1', '100%', 'Łódź', "d'Arc", 'back\\slash', 'ab', '東京'];
const EPOCH = Date.parse('2026-01-05T00:00:00.000Z');

/** Instants that are often the same, at the ends of days, or a millisecond beside them. */
export function instant(below: (n: number) => number): string {
  const day = below(12) * 86_400_000;
  const at = below(3) === 0 ? below(3) - 1 : below(6) * 3_600_000 * 4 + below(2) * 61_001;
  return new Date(EPOCH + day + at).toISOString();
}

/** A company of records that look random and are the same for a seed; values are missing and tied throughout. */
export function randomRecords(seed: number, size: number): Records {
  const below = seeded(seed);
  const one = <T>(of: readonly T[]): T => of[below(of.length)]!;
  const maybe = <T>(make: () => T): T | null => (below(3) === 0 ? null : make());
  const some = <T>(of: readonly T[]): T[] => of.filter(() => below(3) === 0);
  const many = <T>(make: (index: number) => T, count = size): T[] => Array.from({ length: count }, (_, n) => make(n));
  const ids = shuffled(
    many((n) => String(1_000_000 + n), size * 16),
    below,
  );
  const id = (): string => ids.pop()!;
  const email = (): string => `${one(['Ada', 'bob', 'c.d_e', 'x'])}${below(20)}@${one(['acme', 'Beta'])}.example`;
  const name = (): string => `${one(WORDS)} ${one(WORDS)}`;

  const customers = many<CustomerRecord>((n) => ({
    id: id(),
    number: `C-${10_001 + n}`,
    kind: one(['COMPANY', 'PERSON']),
    name: name(),
    email: maybe(email),
    tags: some(TAGS),
    created_at: instant(below),
    updated_at: instant(below),
    contacts: many(() => maybe(email), below(3)),
    integrations: some(INTEGRATIONS),
  }));
  const products = many<ProductRecord>((n) => ({
    id: id(),
    sku: `${one(['AB', 'ab', 'x%', 'K_'])}-${(n * 37) % size}`,
    name: name(),
    is_active: below(3) > 0,
    created_at: instant(below),
    updated_at: instant(below),
  }));
  const levels = products.flatMap((product) =>
    some(LOCATIONS).map((location): LevelRecord => {
      const onHand = below(30);
      const movements = many(() => ({ id: id(), at: instant(below), quantity: 1 + below(3) }), below(6));
      const sum = movements.reduce((total, { quantity }) => total + quantity, 0);
      const safety_stock = below(2) === 0 ? 0 : below(sum + 2);
      const reserved = below(Math.max(1, sum - safety_stock));
      const reorder_point = maybe(() => below(onHand + 1));
      return {
        id: id(),
        product,
        location,
        onHand: sum,
        reserved,
        safety_stock,
        reorder_point,
        updated_at: instant(below),
        movements,
      };
    }),
  );
  const orders = many<OrderRecord>((n) => ({
    id: id(),
    number: `SO-${100_001 + n}`,
    channel: one(CHANNELS),
    status: one(ORDER_STATUSES),
    fulfillment_status: one(FULFILLMENTS),
    payment_status: PAYMENTS[n % PAYMENTS.length]!,
    customer: maybe(() => customers[below(12)]!),
    email: maybe(email),
    purchase_order_number: maybe(() => `PO ${one(WORDS)}/${below(40)}`),
    currency: one(Object.keys(DIGITS)),
    total_minor: below(8) * 500,
    open_holds: below(4) === 0 ? 1 + below(2) : 0,
    placed_at: instant(below),
    created_at: instant(below),
    updated_at: instant(below),
    skus: many(() => (below(5) === 0 ? `Unknown_${below(9)}` : products[below(25)]!.sku), 1 + below(3)),
    tracking: many(() => maybe(() => `1Z${below(60)}%`), below(3)),
    integrations: some(INTEGRATIONS),
    events: [],
  }));
  const quotes = many<QuoteRecord>((n) => ({
    id: id(),
    number: `Q-${100_001 + (n % 40)}`,
    revision: 1 + Math.floor(n / 40),
    status: one(QUOTE_STATUSES),
    customer: customers[below(12)]!,
    currency: one(Object.keys(DIGITS)),
    total_minor: below(8) * 500,
    valid_until: instant(below),
    created_at: instant(below),
    updated_at: instant(below),
  }));
  const eventsOf = (kind: string, subject_id: string, count: number): EventRecord[] =>
    many((n) => ({ id: '', kind, subject_id, sequence: n + 1, type: one(EVENT_TYPES), at: instant(below) }), count);
  for (const order of orders) order.events = eventsOf('order', order.id, 1 + below(30));
  const ofCustomers = customers.flatMap((customer) => eventsOf('customer', customer.id, below(20)));
  const events = [...orders.flatMap((order) => order.events), ...ofCustomers];
  const letters = many(() => ({ id: id(), integration: one(INTEGRATIONS), failed_at: instant(below) }));
  return { customers, products, levels, orders, quotes, events, letters };
}

function shuffled<T>(of: T[], below: (n: number) => number): T[] {
  for (let at = of.length - 1; at > 0; at -= 1) {
    const other = below(at + 1);
    [of[at], of[other]] = [of[other]!, of[at]!];
  }
  return of;
}

/** Writes them with complete rows; what is not compared has one value for all. */
export async function insertRecords(pool: pg.Pool, records: Records): Promise<void> {
  const insert = async (table: string, rows: object[]): Promise<void> => {
    if (rows.length === 0) return;
    const columns = Object.keys(rows[0]!).join(', ');
    const text = `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`;
    await pool.query(text, [JSON.stringify(rows)]);
  };
  const { customers, products, levels, orders, quotes, events, letters } = records;
  const at = '2026-01-01T00:00:00.000Z';
  const times = { created_at: at, updated_at: at };
  let made = 500_000;
  const next = (): number => (made += 1);
  await insert(
    'integration',
    INTEGRATIONS.map((code) => ({
      id: next(),
      code,
      connector: 'none',
      name: code,
      settings: {},
      status: 'HEALTHY',
      ...times,
    })),
  );
  await insert(
    'customer',
    customers.map(({ contacts: _, integrations: __, ...row }) => row),
  );
  await insert(
    'contact',
    customers.flatMap(({ id, contacts }) =>
      contacts.map((email, position) => ({
        id: next(),
        customer_id: id,
        position,
        name: 'Contact',
        email,
        is_primary: false,
      })),
    ),
  );
  await insert('product', products);
  await insert(
    'stock_location',
    LOCATIONS.map(({ id, code }) => ({ id, code, name: code, is_active: true, version: 1, ...times })),
  );
  const keys = ({ product, location }: LevelRecord) => ({ product_id: product.id, location_id: location.id });
  await insert(
    'stock_level',
    levels.map((level) => ({
      id: level.id,
      ...keys(level),
      on_hand: 0,
      reserved: 0,
      safety_stock: level.safety_stock,
      updated_at: at,
    })),
  );
  const movements = levels.flatMap((level) => level.movements.map((one) => ({ ...one, ...keys(level) })));
  await insert(
    'stock_movement',
    movements.map((one) => ({ ...one, kind: 'RECEIPT', balance_after: 0, actor_kind: 'SYSTEM', actor_name: 'Hub' })),
  );
  await pool.query(
    `update stock_level l set reserved = r.reserved, reorder_point = r.reorder_point, updated_at = r.updated_at
       from jsonb_populate_recordset(null::stock_level, $1) r where l.id = r.id`,
    [JSON.stringify(levels.map(({ product: _, location: __, movements: ___, onHand: ____, ...row }) => row))],
  );
  const money = { subtotal_minor: 0, discount_minor: 0, tax_minor: 0 };
  await insert(
    'orders',
    orders.map(({ channel, customer, skus: _, tracking: __, integrations: ___, events: own, ...row }) => ({
      ...row,
      ...money,
      shipping_minor: 0,
      channel_id: channel.id,
      customer_id: customer?.id ?? null,
      prices_include_tax: false,
      event_count: own.length,
    })),
  );
  await insert(
    'order_line',
    orders.flatMap(({ id, skus }) =>
      skus.map((sku, position) => ({
        id: next(),
        order_id: id,
        position: position + 1,
        product_id: products.find((one) => one.sku === sku)?.id ?? null,
        sku,
        description: 'Line',
        requires_shipping: true,
        quantity: 1,
        unit_price: 1,
        discount_minor: 0,
        tax_minor: 0,
        total_minor: 1,
        ordered_discount_minor: 0,
      })),
    ),
  );
  await insert(
    'shipment',
    orders.flatMap(({ id, tracking }) =>
      tracking.map((tracking_number) => ({
        id: next(),
        number: `SH-${made}`,
        order_id: id,
        location_id: LOCATIONS[0]!.id,
        status: 'PENDING',
        status_at: at,
        tracking_number,
        ...times,
      })),
    ),
  );
  await insert(
    'quote',
    quotes.map(({ customer, ...row }) => ({ ...row, ...money, customer_id: customer.id, event_count: 0 })),
  );
  const known = [
    ...customers.map((row) => ['customer', row] as const),
    ...orders.map((row) => ['order', row] as const),
  ];
  const references = known.flatMap(([record_kind, { id, integrations }]) =>
    integrations.map((code) => ({ record_kind, id, code })),
  );
  await pool.query(
    `insert into external_reference (integration_id, record_kind, external_id, record_id)
     select i.id, r.record_kind, r.id, r.id::bigint from jsonb_to_recordset($1) as r (record_kind text, id text, code text)
       join integration i using (code)`,
    [JSON.stringify(references)],
  );
  await pool.query(
    `insert into event (subject_kind, subject_id, sequence, type, at, actor_kind, actor_name, message, changes)
     select e.kind, e.subject_id, e.sequence, e.type, e.at, 'SYSTEM', 'Hub', 'it was so', '[]'
       from jsonb_to_recordset($1) as e (kind text, subject_id bigint, sequence int, type text, at timestamptz)`,
    [JSON.stringify(events)],
  );
  const written = await pool.query<{ id: string; key: string }>(
    `select id::text, concat_ws(' ', subject_kind, subject_id, sequence) as key from event`,
  );
  const eventIds = new Map(written.rows.map((row) => [row.key, row.id]));
  for (const event of events) event.id = eventIds.get(`${event.kind} ${event.subject_id} ${event.sequence}`)!;
  await pool.query(
    `insert into dead_letter (id, integration_id, stream, error, attempts, failed_at)
     select l.id, i.id, 'orders', 'x', 1, l.failed_at from jsonb_to_recordset($1) as l (id bigint, integration text, failed_at timestamptz)
       join integration i on i.code = l.integration`,
    [JSON.stringify(letters)],
  );
}
