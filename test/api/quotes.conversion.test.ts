import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, type Order, type Payload, type Quote } from './support/desk.js';

type Converted = Payload<'order', Order> & Payload<'quote', Quote>;
interface Conversion {
  order: { id: string; status: string };
  quote: { id: string; status: string };
  at: string;
}

let hub: TestHub;
let desk: Desk;
let sku: string;
let customerId: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '100');
  customerId = (await desk.customer()).id;
});
afterAll(() => hub.stop());

async function conversion(key: string, by = desk): Promise<Conversion | null> {
  const query = `query($key: String!) {
    conversion(idempotencyKey: $key) { order { id status } quote { id status } at } }`;
  return (await by.ask<{ conversion: Conversion | null }>(query, { key })).conversion;
}
const accepted = () => desk.acceptedQuote({ customerId, lines: [{ sku, quantity: '1' }] });
const convert = (idempotencyKey: string, quoteId: string) =>
  desk.send<Converted>('convertQuoteToOrder', { idempotencyKey, quoteId });

test('tells the order, the quote and the time of a key, as they are now', async () => {
  const [key, { id: quoteId }] = [newKey(), await accepted()];
  expect(await conversion(key)).toBeNull();
  const { order } = await convert(key, quoteId);
  hub.clock.forward(60_000);
  await desk.done('cancelOrder', { orderId: order!.id });
  expect(await conversion(key)).toEqual({
    order: { id: order!.id, status: 'CANCELED' },
    quote: { id: quoteId, status: 'CONVERTED' },
    at: START.toISOString(),
  });
});

test('tells nothing of a refusal, of a key of another mutation, and of a key of another caller', async () => {
  const [key, colleague] = [newKey(), await desk.colleague(['SALES'])];
  const { id: quoteId } = await desk.quote({ customerId, lines: [{ sku, quantity: '1' }] });
  expect((await convert(key, quoteId)).userErrors).toMatchObject([{ code: 'QUOTE_NOT_ACCEPTED' }]);
  expect(await conversion(key)).toBeNull();
  await desk.send('acceptQuote', { idempotencyKey: 'x-1', quoteId });
  expect(await conversion('x-1')).toBeNull();
  expect((await convert(key, quoteId)).order).not.toBeNull();
  expect(await conversion(key)).not.toBeNull();
  expect(await conversion(key, colleague)).toBeNull();
  expect(await conversion(key, await desk.customerDesk(customerId))).toBeNull();
});

test('tells nothing of a call that is under way, and the outcome once it is done', async () => {
  const [key, { id: quoteId, number }] = [newKey(), await accepted()];
  const rival = new pg.Client({ connectionString: hub.database.url });
  await rival.connect();
  await rival.query('begin');
  await rival.query('select from quote where number = $1 for update', [number]);
  const [first, second] = [convert(key, quoteId), convert(key, quoteId)];
  await eventually('the call to wait for the quote', async () => {
    const { rows } = await hub.hub.db.pool.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows[0]!.waiting > 0;
  });
  expect(await conversion(key)).toBeNull();
  await rival.query('commit');
  await rival.end();
  const answers = await Promise.all([first, second]);
  expect(answers.map(({ replayed }) => replayed).sort()).toEqual([false, true]);
  expect((await conversion(key))!.order.id).toBe(answers[0].order!.id);
});
