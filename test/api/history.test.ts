import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { allSubjects } from '../../src/modules/history/index.js';
import { LOOPBACK, newKey, SELLER, START, startTestHub, UNASKED, type TestHub } from '../support/hub.js';
import { after, Desk, fresh, type Payload } from './support/desk.js';

interface Change {
  id: string;
  subjectType: string;
  subjectId: string | null;
  type: string;
  at: string;
  sequence: number;
  message: string;
  actor: { kind: string; id: string | null; name: string };
  changes: { field: string; from: unknown; to: unknown }[];
}
const CHANGE = `id subjectType subjectId type at sequence message actor { kind id name } changes { field from to }`;

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(() => hub.stop());

async function historyOf(id: string, type: string, by = desk): Promise<Change[] | null> {
  const query = `query($id: ID!) { node(id: $id) { ... on ${type} { history { nodes { ${CHANGE} } } } } }`;
  const { node } = await by.ask<{ node: { history: { nodes: Change[] } | null } }>(query, { id });
  return node.history?.nodes ?? null;
}
async function audit(filter: object, first = 50): Promise<Change[]> {
  const query = `query($filter: AuditFilter, $first: Int) { auditLog(filter: $filter, first: $first) { nodes { ${CHANGE} } } }`;
  return (await desk.ask<{ auditLog: { nodes: Change[] } }>(query, { filter, first })).auditLog.nodes;
}
const fields = ({ changes }: Change) => Object.fromEntries(changes.map(({ field, from, to }) => [field, [from, to]]));

test('a product tells who made it, what it began with, and what each change was before and after', async () => {
  const sku = await desk.product('10.00', null, { unit: 'kg' });
  const clerk = await desk.colleague(['SALES']);
  hub.clock.forward(1_000);
  await clerk.done('upsertProduct', { sku, name: 'Renamed', description: 'New' });
  await clerk.done('setPrice', { sku, unitPrice: { amount: '12.50', currency: 'EUR' } });
  const { product } = await desk.ask<{ product: { id: string } }>(`{ product(sku: "${sku}") { id } }`);
  const [made, priced, edited, repriced] = (await historyOf(product.id, 'Product'))!;
  expect([made, priced, edited, repriced].map((change) => [change!.type, change!.sequence])).toEqual([
    ['CREATED', 1],
    ['PRICE_SET', 2],
    ['EDITED', 3],
    ['PRICE_SET', 4],
  ]);
  expect(fields(made!)).toEqual({
    sku: [null, sku],
    name: [null, `Product ${sku}`],
    unit: [null, 'kg'],
    taxCategory: [null, 'standard'],
    isActive: [null, true],
    isStocked: [null, true],
    requiresShipping: [null, true],
  });
  expect(fields(edited!)).toEqual({ name: [`Product ${sku}`, 'Renamed'], description: [null, 'New'] });
  expect(fields(repriced!)).toEqual({
    price: [
      { amount: '10.00', currency: 'EUR' },
      { amount: '12.50', currency: 'EUR' },
    ],
  });
  expect(edited).toMatchObject({
    subjectType: 'Product',
    subjectId: product.id,
    at: after(1_000),
    actor: { kind: 'API_KEY', name: expect.stringMatching(/^SALES/) },
  });
});

test('the newest comes first where that is asked for, page by page', async () => {
  const { id } = await desk.customer();
  for (const name of ['One', 'Two', 'Three']) await desk.done('upsertCustomer', { id, name });
  const query = `query($id: ID!, $after: String) { customer(id: $id) { history(newestFirst: true, first: 2, after: $after) {
    totalCount pageInfo { endCursor hasNextPage } nodes { sequence } } } }`;
  interface Page {
    customer: {
      history: {
        totalCount: number;
        pageInfo: { endCursor: string; hasNextPage: boolean };
        nodes: { sequence: number }[];
      };
    };
  }
  const first = (await desk.ask<Page>(query, { id })).customer.history;
  const second = (await desk.ask<Page>(query, { id, after: first.pageInfo.endCursor })).customer.history;
  expect([first.totalCount, first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([4, true, false]);
  expect([...first.nodes, ...second.nodes].map(({ sequence }) => sequence)).toEqual([4, 3, 2, 1]);
});

test('a customer’s personal values leave its history when they are erased, the rest stays', async () => {
  const { id } = await desk.customer({ name: 'Erasable', email: 'a@erasable.example', tags: ['gold'] });
  expect(fields((await historyOf(id, 'Customer'))![0]!)).toMatchObject({
    name: [null, 'Erasable'],
    email: [null, 'a@erasable.example'],
    tags: [null, ['gold']],
  });
  await hub.hub.db.pool.query(
    `update event_personal set payload = null, erased_at = $1 where payload::text like '%erasable%'`,
    [START.toISOString()],
  );
  const [made] = (await historyOf(id, 'Customer'))!;
  expect(fields(made!)).toMatchObject({ tags: [null, ['gold']], kind: [null, 'COMPANY'] });
  expect(JSON.stringify(made)).not.toContain('rasable');
});

test('a link to another system is a change of the record, once', async () => {
  const { id } = await desk.customer();
  const external = { integration: await desk.integration(), externalId: 'C-7' };
  await desk.done('upsertCustomer', { id, external });
  await desk.done('upsertCustomer', { id, external });
  const changes = (await historyOf(id, 'Customer'))!;
  expect(changes.slice(1).map(fields)).toEqual([{ externalReferences: [null, external] }]);
});

test('stock locations, levels, quotes, integrations and keys have their histories too', async () => {
  const code = fresh('LOC');
  const { location } = await desk.done<Payload<'location', { id: string }>>('upsertStockLocation', { code });
  await desk.done('upsertStockLocation', { code, name: 'Second name' });
  expect((await historyOf(location!.id, 'StockLocation'))!.map(fields)).toEqual([
    { code: [null, code], name: [null, code], isActive: [null, true] },
    { name: [code, 'Second name'] },
  ]);
  const sku = await desk.product('10.00', '5');
  const { id: levelId } = (await desk.level(sku))!;
  expect((await historyOf(levelId, 'StockLevel'))!.map(fields)).toEqual([{ onHand: ['0', '5'] }]);
  const { id: customerId } = await desk.customer();
  const quote = await desk.acceptedQuote({ customerId, lines: [{ sku, quantity: '1' }] });
  expect((await historyOf(quote.id, 'Quote'))!.map((change) => fields(change).status)).toEqual([
    [null, 'DRAFT'],
    ['DRAFT', 'SENT'],
    ['SENT', 'ACCEPTED'],
  ]);
  const { apiKey, secret } = await desk.done<Payload<'apiKey', { id: string }> & { secret: string }>('createApiKey', {
    name: 'Told',
    roles: ['VIEWER'],
  });
  await desk.ask('mutation($id: ID!) { revokeApiKey(id: $id) { userErrors { code } } }', { id: apiKey!.id });
  const told = (await historyOf(apiKey!.id, 'ApiKey'))!;
  expect(told.map(fields)).toEqual([
    { name: [null, 'Told'], roles: [null, ['VIEWER']] },
    { revokedAt: [null, hub.clock.now().toISOString()] },
  ]);
  expect(JSON.stringify(told)).not.toContain(secret);
});

test('a customer reads the history of its own quotes and of nothing else', async () => {
  const sku = await desk.product('10.00', '5');
  const [mine, other] = [await desk.customer(), await desk.customer()];
  const portal = await desk.customerDesk(mine.id);
  const lines = [{ sku, quantity: '1' }];
  const own = await desk.quote({ customerId: mine.id, lines });
  const foreign = await desk.quote({ customerId: other.id, lines });
  await desk.done('sendQuote', { quoteId: own.id });
  const changes = (await historyOf(own.id, 'Quote', portal))!;
  expect(changes.map(({ type }) => type)).toEqual(['CREATED', 'STATUS_CHANGED']);
  expect(await portal.ask('query($id: ID!) { node(id: $id) { id } }', { id: foreign.id })).toEqual({ node: null });
  const [foreignChange] = (await historyOf(foreign.id, 'Quote'))!;
  const [customerChange] = (await historyOf(mine.id, 'Customer'))!;
  for (const id of [foreignChange!.id, customerChange!.id]) {
    expect(await portal.ask('query($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
  }
  expect(await portal.ask('query($id: ID!) { node(id: $id) { id } }', { id: changes[0]!.id })).toEqual({
    node: { id: changes[0]!.id },
  });
  for (const query of [
    'query($id: ID!) { customer(id: $id) { id history { nodes { id } } } }',
    '{ products(first: 1) { nodes { history { nodes { id } } } } }',
    '{ auditLog { nodes { id } } }',
  ]) {
    expect(await portal.code(query, query.includes('$id') ? { id: mine.id } : {})).toBe('FORBIDDEN');
  }
});

test('the audit log shows the changes of all records, newest first, by actor, type, record and time', async () => {
  hub.clock.set(new Date(START.getTime() + 3_600_000));
  const clerk = await desk.colleague(['SALES', 'WAREHOUSE']);
  const sku = await clerk.product('3.00', '7');
  const { id } = await clerk.customer();
  const { id: orderId } = await clerk.order({ customerId: id, lines: [{ sku, quantity: '1' }] });
  const { viewer } = await clerk.ask<{ viewer: { actor: { id: string } } }>('{ viewer { actor { id } } }');
  const all = await audit({ actor: { id: viewer.actor.id } });
  expect(all.map(({ subjectType }) => subjectType)).toEqual(
    expect.arrayContaining(['Order', 'Customer', 'StockLevel', 'Product']),
  );
  expect(all.every(({ actor }) => actor.id === viewer.actor.id)).toBe(true);
  const times = (await audit({}, 250)).map(({ at }) => at);
  expect(times).toEqual(times.toSorted().toReversed());
  expect((await audit({ subjectId: orderId })).map(({ subjectId }) => subjectId)).toContain(orderId);
  expect(new Set((await audit({ subjectTypes: ['Product'] })).map(({ subjectType }) => subjectType))).toEqual(
    new Set(['Product']),
  );
  const within = await audit({
    at: { gte: after(3_600_000) },
    subjectTypes: ['Customer', 'Order'],
    types: ['CREATED'],
  });
  expect(within.map(({ subjectId }) => subjectId).toSorted()).toEqual([id, orderId].toSorted());
  expect(await audit({ actor: { kind: 'RULE' } })).toEqual([]);
});

test('the audit log pages without gap or repeat and finds the record behind a change', async () => {
  const query = `query($after: String) { auditLog(first: 7, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { id subject { id } subjectId } } }`;
  interface Page {
    auditLog: {
      pageInfo: { hasNextPage: boolean; endCursor: string };
      nodes: { id: string; subject: { id: string } | null; subjectId: string | null }[];
    };
  }
  const seen: Page['auditLog']['nodes'] = [];
  for (let cursor: string | null = null, more = true; more;) {
    const { pageInfo, nodes }: Page['auditLog'] = (await desk.ask<Page>(query, { after: cursor })).auditLog;
    seen.push(...nodes);
    more = pageInfo.hasNextPage;
    cursor = pageInfo.endCursor;
  }
  const kinds = allSubjects().map(({ kind }) => kind);
  const { rows } = await hub.hub.db.pool.query<{ count: number; kinds: string[] }>(
    'select count(*)::int as count, array_agg(distinct subject_kind) as kinds from event',
  );
  expect(rows[0]!.kinds.filter((kind) => !kinds.includes(kind))).toEqual([]);
  expect([seen.length, new Set(seen.map(({ id }) => id)).size]).toEqual([rows[0]!.count, rows[0]!.count]);
  for (const { subject, subjectId } of seen) expect(subject?.id ?? null).toBe(subjectId);
});

test.each<[string, object, string]>([
  ['a type without history', { subjectTypes: ['Contact'] }, 'filter.subjectTypes'],
  ['an id that is none', { subjectId: 'x' }, 'filter.subjectId'],
  ['an actor that is none', { actor: { id: 'ord_00000000000000000000000001' } }, 'filter.actor.id'],
])('the audit log names %s', async (_, filter, field) => {
  const answer = await desk.answer('query($filter: AuditFilter) { auditLog(filter: $filter) { nodes { id } } }', {
    filter,
  });
  expect(answer.errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
});

test('reads the audit log by its indexes', async () => {
  const { rows } = await hub.hub.db.pool.query<{ indexdef: string }>(
    `select indexdef from pg_indexes where tablename = 'event'`,
  );
  expect(
    rows.map(({ indexdef }) => indexdef).filter((text) => /\(at, id\)|\(actor_id, at, id\)/.test(text)),
  ).toHaveLength(3);
});

test('a hub that starts with other settings says so, and of a secret only that it changed', async () => {
  const { startHub } = await import('../../src/app.js');
  const other = (parts: object) =>
    startHub({
      databaseUrl: hub.database.url,
      secretKey: 'the secret key of the tests, long enough',
      host: '127.0.0.1',
      port: 0,
      publicUrl: null,
      adminKey: null,
      seller: { country: 'DE', currency: 'EUR' },
      documents: { seller: SELLER },
      verification: UNASKED,
      automation: { isOn: false },
      egressAllow: [LOOPBACK],
      clock: hub.clock,
      log: hub.log,
      ...parts,
    }).then((started) => started.stop());
  const before = (await audit({ subjectTypes: ['Hub'] })).length;
  await other({});
  await other({});
  const [told, ...rest] = await audit({ subjectTypes: ['Hub'] });
  expect([before, rest.length]).toEqual([0, 0]);
  expect(told).toMatchObject({ type: 'SETTINGS_CHANGED', subjectId: null, actor: { kind: 'SYSTEM' } });
  expect(fields(told!)).toEqual({ 'seller.country': ['IT', 'DE'], adminKey: [null, 'changed'] });
  await other({ adminKey: newKey() + newKey() });
  expect((await audit({ subjectTypes: ['Hub'] })).map(({ sequence }) => sequence)).toEqual([2, 1]);
});
