import { createHash } from 'node:crypto';
import type pg from 'pg';
import { floorSql } from './floor-sql.js';

export interface PlaceRequest {
  idempotencyKey: string;
  channel: string;
  /** The database's id. */
  customerId: string;
  currency: string;
  lines: { sku: string; quantity: string }[];
}

interface Known {
  channel_id: string;
  email: string | null;
  billing_address: string | null;
  shipping_address: string | null;
  tax_name: string;
  tax_rate: string;
}
interface Level {
  id: string;
  product_id: string;
  location_id: string;
  location: string;
  sku: string;
  name: string;
  unit_price: string;
  on_hand: string;
  reserved: string;
  version: number;
}
interface Line {
  id: string;
  level: Level;
  quantity: number;
  total: number;
  tax: number;
}

const STATEMENTS = ['claim', 'known', 'lock', 'order', 'lines', 'reserve', 'reservations', 'events'] as const;
type Name = (typeof STATEMENTS)[number];
const BLOCK = 1_000;
const PERCENT = 100;

/** Places orders: one transaction in two trips, which writes what the hub writes. Rows and JSON are made with plain numbers. */
export async function placer(pool: pg.Pool): Promise<(request: PlaceRequest) => Promise<string>> {
  const texts = Object.fromEntries(
    await Promise.all(STATEMENTS.map(async (name) => [name, await floorSql(`place-${name}`)] as const)),
  ) as Record<Name, string>;
  const takeIds = idBlocks(pool);
  return async (request) => {
    const [orderId, ...lineIds] = await takeIds(1 + request.lines.length);
    const client = await pool.connect();
    try {
      return await place(client, texts, request, orderId!, lineIds);
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  };
}

async function place(
  client: pg.PoolClient,
  texts: Record<Name, string>,
  request: PlaceRequest,
  orderId: string,
  lineIds: string[],
): Promise<string> {
  const now = new Date().toISOString();
  const send = (name: Name, ...values: unknown[]): Promise<pg.QueryResult> =>
    client.query({ name, text: texts[name], values });
  const hash = createHash('sha256').update(JSON.stringify(request)).digest('base64');
  const outcome = JSON.stringify({ orderId });
  const [, claimed, known, locked] = await trip(client, () => [
    client.query('begin'),
    send('claim', 'floor', request.idempotencyKey, hash, outcome, now),
    send('known', request.channel, request.customerId, now.slice(0, 10)),
    send(
      'lock',
      request.lines.map((line) => line.sku),
    ),
  ]);
  if (claimed!.rows.length === 0) throw new Error('the key was used before');
  const { tax_rate: rate, ...facts } = known!.rows[0] as Known;
  const lines = linesOf(request, locked!.rows as Level[], lineIds, Number(rate));
  const taxOf = (taxable: number, amount: number) => [
    { name: facts.tax_name, rate, taxable: String(taxable), amount: String(amount) },
  ];
  const subtotal = lines.reduce((sum, line) => sum + line.total, 0);
  const tax = lines.reduce((sum, line) => sum + line.tax, 0);
  const levels = lines.map(({ level }) => level);
  const quantities = lines.map((line) => line.quantity);
  const events = eventsOf(request, orderId, lines, subtotal + tax);
  const column = (key: keyof (typeof events)[number]): unknown[] => events.map((event) => event[key]);
  const results = await trip(client, () => [
    send(
      'order',
      orderId,
      facts.channel_id,
      request.customerId,
      facts.email,
      request.currency,
      subtotal,
      tax,
      subtotal + tax,
      JSON.stringify(taxOf(subtotal, tax)),
      facts.billing_address,
      facts.shipping_address,
      now,
    ),
    send(
      'lines',
      orderId,
      lineIds,
      lines.map((_, index) => index + 1),
      levels.map((level) => level.product_id),
      levels.map((level) => level.sku),
      levels.map((level) => level.name),
      quantities,
      levels.map((level) => level.unit_price),
      lines.map((line) => line.tax),
      lines.map((line) => line.total),
      lines.map((line) => JSON.stringify(taxOf(line.total, line.tax))),
    ),
    send(
      'reserve',
      levels.map((level) => level.product_id),
      levels.map((level) => level.location_id),
      quantities,
      now,
    ),
    send(
      'reservations',
      lineIds,
      levels.map((level) => level.product_id),
      levels.map((level) => level.location_id),
      quantities,
    ),
    send(
      'events',
      now,
      request.channel,
      request.customerId,
      column('kind'),
      column('subject'),
      column('sequence'),
      column('type'),
      column('message'),
      column('changes'),
      column('data'),
      column('from'),
      column('to'),
    ),
    client.query('commit'),
  ]);
  if (results.at(-1)!.command !== 'COMMIT') throw new Error('the transaction was rolled back');
  return outcome;
}

/** From the first location that has all of it. */
function linesOf(request: PlaceRequest, levels: Level[], lineIds: string[], rate: number): Line[] {
  const locations = [...new Set(levels.map((level) => level.location))].sort();
  for (const location of locations) {
    const found = request.lines.map((line) =>
      levels.find(
        (level) =>
          level.sku === line.sku &&
          level.location === location &&
          Number(level.on_hand) - Number(level.reserved) >= Number(line.quantity),
      ),
    );
    if (!found.every((level) => level !== undefined)) continue;
    return found.map((level, index) => {
      const quantity = Number(request.lines[index]!.quantity);
      const total = Math.round(Number(level.unit_price) * PERCENT * quantity);
      return { id: lineIds[index]!, level, quantity, total, tax: Math.round(total * rate) };
    });
  }
  throw new Error('not in stock');
}

function eventsOf(request: PlaceRequest, orderId: string, lines: Line[], total: number) {
  const created = {
    channel: request.channel,
    total: { amount: (total / PERCENT).toFixed(2), currency: request.currency },
    lines: request.lines,
  };
  const levels = lines.map(({ level, quantity }) => ({
    sku: level.sku,
    location: level.location,
    reservedDelta: String(quantity),
    availableBefore: String(Number(level.on_hand) - Number(level.reserved)),
    availableAfter: String(Number(level.on_hand) - Number(level.reserved) - quantity),
    version: level.version + 1,
  }));
  const moved = JSON.stringify([{ field: 'status', from: 'RECEIVED', to: 'CONFIRMED' }]);
  const row = (
    sequence: number,
    type: string,
    message: string,
    changes: string,
    data: string | null,
    from: string | null,
    to: string,
  ) => ({
    kind: 'order',
    subject: orderId,
    sequence,
    type,
    message,
    changes,
    data,
    from,
    to,
  });
  const reserved = lines.map(({ level, quantity }) => {
    const [before, left] = [Number(level.reserved), Number(level.on_hand) - Number(level.reserved)];
    const changes = [{ field: 'reserved', from: String(before), to: String(before + quantity) }];
    const data = {
      sku: level.sku,
      location: level.location,
      availableBefore: String(left),
      availableAfter: String(left - quantity),
      order: orderId,
    };
    return {
      kind: 'stock_level',
      subject: level.id,
      sequence: level.version + 1,
      type: 'RESERVED',
      message: `${level.sku} at ${level.location}: reserved for an order`,
      changes: JSON.stringify(changes),
      data: JSON.stringify(data),
      from: null,
      to: null,
    };
  });
  return [
    ...reserved,
    row(1, 'CREATED', 'Order received', '[]', JSON.stringify(created), null, 'RECEIVED'),
    row(2, 'STOCK_RESERVED', 'Stock reserved', '[]', JSON.stringify({ levels }), 'RECEIVED', 'RECEIVED'),
    row(3, 'STATUS_CHANGED', 'Order received is now confirmed', moved, null, 'RECEIVED', 'CONFIRMED'),
  ];
}

/** Sends all in one write and waits for all; the first failure is thrown. */
async function trip(client: pg.PoolClient, send: () => Promise<pg.QueryResult>[]): Promise<pg.QueryResult[]> {
  const { stream } = (client as unknown as { connection: { stream: { cork(): void; uncork(): void } } }).connection;
  stream.cork();
  const sent = send();
  stream.uncork();
  const settled = await Promise.allSettled(sent);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason as Error;
  return settled.map((result) => (result as PromiseFulfilledResult<pg.QueryResult>).value);
}

function idBlocks(pool: pg.Pool): (count: number) => Promise<string[]> {
  let next = 0;
  let end = 0;
  return async (count) => {
    while (end - next < count) {
      const { rows } = await pool.query<{ id: string }>({ name: 'ids', text: `select nextval('record_id') as id` });
      next = Number(rows[0]!.id);
      end = next + BLOCK;
    }
    next += count;
    return Array.from({ length: count }, (_, index) => String(next - count + index));
  };
}
