import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ADMIN_KEY, START, startTestHub, type TestHub } from '../support/hub.js';
import { LiveClient } from '../support/live-client.js';
import { after, Desk } from './support/desk.js';

const STATUS = `subscription($quoteId: ID, $after: EventCursor) { quoteStatusChanged(quoteId: $quoteId, after: $after) {
  cursor kind quoteId version from to at actor { kind } quote { id status } } }`;
const DAY = 86_400_000;
const CHF = { amount: '0.00', currency: 'CHF' };

interface Message {
  cursor: string;
  quoteId: string;
  version: number;
  to: string;
  [field: string]: unknown;
}

let hub: TestHub;
let desk: Desk;
let sku: string;
let customerId: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
  customerId = (await desk.customer()).id;
});
afterAll(() => hub.stop());
beforeEach(() => hub.clock.set(START));

async function listening<T>(key: string, work: (client: LiveClient) => Promise<T>): Promise<T> {
  const client = await LiveClient.connect(`${hub.hub.url.replace('http', 'ws')}/graphql`, key);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

async function told(client: LiveClient, id: string, count: number): Promise<Message[]> {
  return (await client.untilNexts(id, count)).map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return (data as { quoteStatusChanged: Message }).quoteStatusChanged;
  });
}

const quote = (of = customerId) =>
  desk.quote({ customerId: of, lines: [{ sku, quantity: '2' }], validUntil: after(DAY) });

/** A cursor behind everything that has happened to orders and quotes so far. */
async function now(): Promise<string> {
  const { id } = await desk.order({ lines: [{ sku, quantity: '1' }] });
  return (await desk.timeline(id)).at(-1)!.cursor;
}

test('tells of approvals and revisions, and not of an approval that leaves others open', async () => {
  const start = await now();
  const { id: first } = await desk.awaitingQuote(customerId, sku);
  await desk.done('rejectQuote', { quoteId: first });
  await desk.done('upsertApprovalRule', { code: 'more', totalOver: CHF, approverRoles: ['SUPPORT'] });
  const { id: second } = await desk.awaitingQuote(customerId, sku);
  for (const role of ['FINANCE', 'SUPPORT'])
    await (await desk.colleague([role])).done('approveQuote', { quoteId: second });
  await desk.done('reviseQuote', { quoteId: second });
  await listening(ADMIN_KEY, async (client) => {
    client.subscribe('op', STATUS, { after: start });
    const messages = await told(client, 'op', 8);
    expect(messages.map(({ version, to }) => [version, to])).toEqual([
      [1, 'DRAFT'],
      [2, 'PENDING_APPROVAL'],
      [3, 'REJECTED'],
      [1, 'DRAFT'],
      [2, 'PENDING_APPROVAL'],
      [4, 'APPROVED'],
      [1, 'DRAFT'],
      [5, 'SUPERSEDED'],
    ]);
  });
});

test('tells each change of status with its version, conversion and expiry included, and nothing that changes none', async () => {
  const start = await now();
  const made = await quote();
  await desk.done('sendQuote', { quoteId: made.id });
  await desk.done('acceptQuote', { quoteId: made.id });
  const lines = [{ lineId: made.lines[0]!.id, quantity: '0.5' }];
  await desk.done('convertQuoteToOrder', { quoteId: made.id, lines });
  await desk.done('convertQuoteToOrder', { quoteId: made.id, lines });
  hub.clock.forward(DAY);
  await hub.hub.upkeep.run('expire-quotes');
  await listening(ADMIN_KEY, async (client) => {
    client.subscribe('op', STATUS, { quoteId: made.id, after: start });
    const messages = await told(client, 'op', 5);
    expect(messages.map(({ version, from, to }) => [version, from, to])).toEqual([
      [1, null, 'DRAFT'],
      [2, 'DRAFT', 'SENT'],
      [3, 'SENT', 'ACCEPTED'],
      [4, 'ACCEPTED', 'PARTIALLY_CONVERTED'],
      [6, 'PARTIALLY_CONVERTED', 'EXPIRED'],
    ]);
    expect(messages.at(-1)).toMatchObject({ actor: { kind: 'SYSTEM' }, at: after(DAY), quote: { status: 'EXPIRED' } });
    expect(await desk.readQuote(made.id)).toMatchObject({ version: 6 });
  });
});

test('goes on behind any cursor without a gap or a repeat, then live', async () => {
  const start = await now();
  const made = await quote();
  await desk.done('sendQuote', { quoteId: made.id });
  await listening(ADMIN_KEY, async (client) => {
    client.subscribe('all', STATUS, { quoteId: made.id, after: start });
    const [first] = await told(client, 'all', 2);
    client.subscribe('rest', STATUS, { quoteId: made.id, after: first!.cursor });
    await told(client, 'rest', 1);
    await desk.done('declineQuote', { quoteId: made.id });
    const rest = await told(client, 'rest', 2);
    expect(rest.map(({ kind, to }) => [kind, to])).toEqual([
      ['REPLAYED', 'SENT'],
      ['LIVE', 'DECLINED'],
    ]);
  });
});

test('tells a customer of its own quotes and of no other', async () => {
  const own = await desk.customerDesk(customerId);
  const start = await now();
  const foreign = await quote((await desk.customer()).id);
  const mine = await quote();
  await listening(own.key, async (client) => {
    client.subscribe('op', STATUS, { after: start });
    client.subscribe('foreign', STATUS, { quoteId: foreign.id, after: start });
    expect((await told(client, 'op', 1)).map(({ quoteId }) => quoteId)).toEqual([mine.id]);
    await desk.done('sendQuote', { quoteId: foreign.id });
    await desk.done('sendQuote', { quoteId: mine.id });
    expect((await told(client, 'op', 2)).map(({ quoteId, to }) => [quoteId, to])).toEqual([
      [mine.id, 'DRAFT'],
      [mine.id, 'SENT'],
    ]);
    expect(client.of('foreign')).toEqual([]);
  });
});

test('refuses an id that is none of a quote', async () => {
  await listening(ADMIN_KEY, async (client) => {
    client.subscribe('op', STATUS, { quoteId: 'ord_x' });
    await client.until('the refusal', () => client.of('op').length > 0);
    expect(JSON.stringify(client.of('op')[0])).toContain('BAD_USER_INPUT');
  });
});
