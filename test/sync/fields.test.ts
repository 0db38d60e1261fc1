import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CUSTOMER_FIELDS, POLICIES, PRODUCT_FIELDS } from '../../src/connect/index.js';
import { POLICY_FIELDS } from '../../src/modules/references/index.js';
import { Desk, fresh, type UserError } from '../api/support/desk.js';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { at, Speaker } from './speaker.js';

let hub: TestHub;
let desk: Desk;
const statements: string[] = [];
beforeAll(async () => {
  hub = await startTestHub({ onRead: (name) => statements.push(name) });
  desk = new Desk(hub);
});
afterAll(() => hub?.stop());
beforeEach(() => hub.clock.set(START));

interface Provenance {
  field: string;
  rule: string;
  integration: { code: string } | null;
  otherValues: { value: unknown; integration: { code: string } | null; observedAt: string }[];
}
interface Read {
  id: string;
  number: string;
  version: number;
  phone: string | null;
  email: string | null;
  isActive: boolean;
  contacts: { name: string }[];
  provenance: Provenance[];
}
const FIELDS = `id number version phone email isActive contacts { name }
  provenance { field rule integration { code } otherValues { value observedAt integration { code } } }`;
async function read(of: Speaker, externalId: string): Promise<Read> {
  const query = `query ($external: ExternalIdInput!) { customer(external: $external) { ${FIELDS} } }`;
  return (await desk.ask<{ customer: Read }>(query, { external: { integration: of.code, externalId } })).customer;
}
const said = (customer: Read, field: string) => customer.provenance.find((one) => one.field === field)!;

const SET = `mutation ($input: SetFieldPolicyInput!) { setFieldPolicy(input: $input) {
  integration { version fieldPolicies { record field policy isChosen } } replayed userErrors { code message field } } }`;
interface Policies {
  integration: { version: number; fieldPolicies: object[] } | null;
  replayed: boolean;
  userErrors: UserError[];
}
async function setPolicy(of: Speaker, field: string, policy: string | null, more: object = {}): Promise<Policies> {
  const input = { idempotencyKey: newKey(), integration: of.code, record: 'CUSTOMER', field, policy, ...more };
  return (await desk.ask<{ setFieldPolicy: Policies }>(SET, { input })).setFieldPolicy;
}

/** Two systems that know the same customer, as "1" each. */
async function two(first: object, second: object, policies: Record<string, string> = {}) {
  const [crm, shop] = [await Speaker.make(hub), await Speaker.make(hub)];
  for (const [field, policy] of Object.entries(policies)) await setPolicy(crm, field, policy);
  const email = `${fresh('two')}@x.example`;
  await crm.customer('1', 10, { email, ...first });
  await shop.customer('1', 20, { email, ...second });
  return { crm, shop };
}

test('the fields and policies are the connector kit’s', () => {
  expect(POLICY_FIELDS).toEqual({ customer: [...CUSTOMER_FIELDS], product: [...PRODUCT_FIELDS] });
  expect(Object.keys(POLICIES)).toEqual(['SOURCE_WINS', 'LATEST', 'NON_EMPTY', 'HUMAN_DECIDES']);
});

describe('setFieldPolicy', () => {
  test('chooses a policy for a field, once under its key, and leaves its trace', async () => {
    const crm = await Speaker.make(hub);
    const key = { idempotencyKey: newKey() };
    const first = await setPolicy(crm, 'phone', 'SOURCE_WINS', key);
    expect(first.integration).toMatchObject({ version: 2 });
    expect(first.integration!.fieldPolicies).toHaveLength(16);
    expect(first.integration!.fieldPolicies).toContainEqual({
      record: 'CUSTOMER',
      field: 'phone',
      policy: 'SOURCE_WINS',
      isChosen: true,
    });
    expect(await setPolicy(crm, 'phone', 'SOURCE_WINS', key)).toMatchObject({ replayed: true });
    expect(await setPolicy(crm, 'phone', 'SOURCE_WINS')).toMatchObject({ integration: { version: 2 } });
    const back = await setPolicy(crm, 'phone', null);
    expect(back.integration!.fieldPolicies).toContainEqual({
      record: 'CUSTOMER',
      field: 'phone',
      policy: 'LATEST',
      isChosen: false,
    });
    const query = `query ($code: String!) { integration(code: $code) { history { nodes { message changes { from to } } } } }`;
    expect(await desk.ask(query, { code: crm.code })).toMatchObject({
      integration: {
        history: { nodes: [{ changes: [{ from: 'LATEST', to: 'SOURCE_WINS' }] }, { changes: [{ to: 'LATEST' }] }] },
      },
    });
  });

  test('is refused for what is not there, and is for administrators', async () => {
    const crm = await Speaker.make(hub);
    expect((await setPolicy(crm, 'number', 'LATEST')).userErrors).toMatchObject([
      { code: 'INVALID', field: ['field'] },
    ]);
    expect((await setPolicy(crm, 'name', 'LATEST', { integration: 'none' })).userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['integration'] },
    ]);
    const seller = await desk.colleague(['SALES']);
    const input = { idempotencyKey: newKey(), integration: crm.code, record: 'CUSTOMER', field: 'name' };
    expect(await seller.code(SET, { input })).toBe('FORBIDDEN');
  });
});

describe('what stands of a field', () => {
  test('is the last word, with what the others say', async () => {
    const { crm, shop } = await two({ phone: '1' }, { phone: '2' });
    const phone = said(await read(crm, '1'), 'phone');
    expect(phone).toMatchObject({
      rule: 'latest',
      integration: { code: shop.code },
      otherValues: [{ value: '1', integration: { code: crm.code } }],
    });
  });

  test('is the owner’s word, whatever the hub’s users say', async () => {
    const { crm } = await two({ phone: '1' }, { phone: '2' }, { phone: 'SOURCE_WINS' });
    const { id } = await read(crm, '1');
    await desk.done('upsertCustomer', { id, phone: '3', email: 'mine@x.example' });
    const customer = await read(crm, '1');
    expect(customer).toMatchObject({ phone: '1', email: 'mine@x.example' });
    expect(said(customer, 'phone')).toMatchObject({
      rule: 'source-wins',
      integration: { code: crm.code },
      otherValues: [{ value: '3', integration: null }, { value: '2' }],
    });
  });

  test('is what is said where nothing said does not count', async () => {
    const { crm, shop } = await two({ phone: '1' }, { phone: undefined }, { phone: 'NON_EMPTY' });
    await crm.customer('1', 30, { phone: null });
    expect((await read(crm, '1')).phone).toBe('1');
    await shop.customer('1', 40, { phone: null });
    expect((await read(shop, '1')).phone).toBe(null);
  });

  test('is shown to nobody outside what others say', async () => {
    const { crm } = await two({ phone: '1' }, { phone: '2' });
    const { id } = await read(crm, '1');
    const customer = await desk.customerDesk(id);
    const query = `{ customers(first: 1) { nodes { provenance { field otherValues { value } } } } }`;
    expect(await customer.code(query)).toBe('FORBIDDEN');
  });

  test('holds for people whom a system keeps as records of their own', async () => {
    const crm = await Speaker.make(hub);
    await crm.customer('1', 1, {});
    await crm.contact('p', 1, { customerExternalIds: ['1'], name: 'Pia' });
    const { id, contacts } = (
      await desk.ask<{ customer: { id: string; contacts: { id: string }[] } }>(
        `query ($e: ExternalIdInput!) { customer(external: $e) { id contacts { id } } }`,
        { e: { integration: crm.code, externalId: '1' } },
      )
    ).customer;
    await desk.done('upsertCustomer', { id, contacts: [{ id: contacts[0]!.id, name: 'Pia Rossi' }] });
    await crm.contact('p', 2, { customerExternalIds: ['1'], name: 'Pia', role: 'buyer' });
    expect((await read(crm, '1')).contacts).toEqual([{ name: 'Pia Rossi' }]);
  });

  test('of a product too', async () => {
    const erp = await Speaker.make(hub);
    const sku = await desk.product(null, null);
    await setPolicy(erp, 'name', 'SOURCE_WINS', { record: 'PRODUCT' });
    await erp.product(sku, 1, { name: 'Named by the ERP' });
    const query = `query ($sku: String!) { product(sku: $sku) { name provenance { field rule otherValues { value } } } }`;
    const { product } = await desk.ask<{ product: { name: string; provenance: Provenance[] } }>(query, { sku });
    expect(product.name).toBe('Named by the ERP');
    expect(product.provenance).toContainEqual({
      field: 'name',
      rule: 'source-wins',
      otherValues: [{ value: `Product ${sku}` }],
    });
  });
});

describe('where a person is to decide', () => {
  const CONFLICTS = `{ fieldConflicts(first: 100) { totalCount nodes { id field openedAt recordId customer { id } values { value integration { code } } } } }`;
  interface Conflict {
    id: string;
    field: string;
    recordId: string;
    customer: { id: string } | null;
    values: { value: unknown; integration: { code: string } | null }[];
  }
  const RESOLVE = `mutation ($input: ResolveFieldConflictInput!) { resolveFieldConflict(input: $input) {
    conflict { id closedAt } replayed userErrors { code field } } }`;
  const resolve = async (input: object) =>
    (
      await desk.ask<{
        resolveFieldConflict: { conflict: { closedAt: string } | null; replayed: boolean; userErrors: UserError[] };
      }>(RESOLVE, { input: { idempotencyKey: newKey(), ...input } })
    ).resolveFieldConflict;
  const waiting = async (of: { id: string }): Promise<Conflict[]> => {
    const { fieldConflicts } = await desk.ask<{ fieldConflicts: { nodes: Conflict[] } }>(CONFLICTS);
    return fieldConflicts.nodes.filter(({ recordId }) => recordId === of.id);
  };

  test('the field stays as it is until then, and the decision stands against what was said before it', async () => {
    const { crm, shop } = await two({ phone: undefined }, { phone: '2' }, { phone: 'HUMAN_DECIDES' });
    await crm.customer('1', 30, { phone: '1' });
    const customer = await read(crm, '1');
    expect(customer.phone).toBe('2');
    const [conflict] = await waiting(customer);
    expect(conflict).toMatchObject({
      field: 'phone',
      customer: { id: customer.id },
      values: [
        { value: '1', integration: { code: crm.code } },
        { value: '2', integration: { code: shop.code } },
      ],
    });
    expect((await resolve({ id: conflict!.id })).userErrors).toMatchObject([{ code: 'INVALID' }]);
    expect((await resolve({ id: conflict!.id, integration: 'none' })).userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['integration'] },
    ]);
    const decision = { id: conflict!.id, integration: crm.code, idempotencyKey: newKey() };
    expect(await resolve(decision)).toMatchObject({ userErrors: [], conflict: { closedAt: expect.any(String) } });
    expect(await resolve(decision)).toMatchObject({ replayed: true });
    expect((await resolve({ ...decision, idempotencyKey: newKey() })).userErrors).toMatchObject([{ code: 'CONFLICT' }]);
    const settled = await read(crm, '1');
    expect(settled.phone).toBe('1');
    expect(said(settled, 'phone')).toMatchObject({ rule: 'human-decides', integration: null });
    await shop.customer('1', 35, { phone: '2', tags: ['x'] });
    expect(await read(crm, '1')).toMatchObject({ phone: '1' });
    expect(await waiting(customer)).toEqual([]);
    const query = `query ($id: ID!) { customer(id: $id) { history(newestFirst: true) { nodes { changes { field to } actor { name } } } } }`;
    const answer = JSON.stringify(await desk.ask(query, { id: customer.id }));
    expect(answer).toContain(`{"field":"fieldConflicts","to":"${crm.code}"}`);
  });

  test('keeping it is a decision too, what is said anew waits again, and nothing waits once all say the same', async () => {
    const { crm, shop } = await two({ phone: '1' }, { phone: '2' }, { phone: 'HUMAN_DECIDES' });
    const customer = await read(crm, '1');
    expect(customer.phone).toBe('1');
    const [conflict] = await waiting(customer);
    expect(await resolve({ id: conflict!.id, keep: true })).toMatchObject({ userErrors: [] });
    expect(await read(crm, '1')).toMatchObject({ phone: '1' });
    hub.clock.forward(7_200_000);
    const later = { ...crm.origin, observedAt: hub.clock.now() };
    await crm.customer('1', 100, { phone: '5' }, later);
    expect((await read(crm, '1')).phone).toBe('1');
    expect(await waiting(customer)).toHaveLength(1);
    await desk.done('upsertCustomer', { id: customer.id, phone: '5' });
    expect(await waiting(customer)).toEqual([]);
    expect((await read(shop, '1')).phone).toBe('5');
  });
});

describe('freshness', () => {
  const HABITS = { policies: {}, pull: new Map([['people', { of: 'customer', everyMs: 60_000 }]]) };
  /** Gives the systems of the tests a connector with a pull of customers each minute. */
  async function pulled(of: Speaker, lastSuccess: Date | null): Promise<void> {
    const connectors = hub.hub.connectors as unknown as Map<string, object>;
    connectors.set('pulling', HABITS);
    const { pool } = hub.hub.db;
    await pool.query(`update integration set connector = 'pulling' where id = $1`, [of.id]);
    await pool.query(
      `insert into sync_stream (integration_id, stream, direction, last_success_at) values ($1, 'people', 'PULL', $2)
       on conflict (integration_id, stream, direction) do update set last_success_at = excluded.last_success_at`,
      [of.id, lastSuccess?.toISOString() ?? null],
    );
  }
  const FRESHNESS = 'freshness { source { code } observedAt lagSeconds state }';
  interface Fresh {
    source: { code: string } | null;
    observedAt: string | null;
    lagSeconds: number;
    state: string;
  }
  const freshnessOf = async (of: Speaker): Promise<Fresh> =>
    (
      await desk.ask<{ customer: { freshness: Fresh } }>(
        `query ($e: ExternalIdInput!) { customer(external: $e) { ${FRESHNESS} } }`,
        { e: { integration: of.code, externalId: '1' } },
      )
    ).customer.freshness;

  test('of the hub’s own records is LOCAL, whatever their age', async () => {
    const { id } = await desk.customer();
    hub.clock.forward(86_400_000);
    const query = `query ($id: ID!) { customer(id: $id, maxStaleness: 0) { ${FRESHNESS} } }`;
    expect(await desk.ask(query, { id })).toEqual({
      customer: { freshness: { source: null, observedAt: null, lagSeconds: 0, state: 'LOCAL' } },
    });
  });

  test('is by the later of when the record was seen and when its stream was whole', async () => {
    const crm = await Speaker.make(hub);
    await crm.customer('1', 1);
    hub.clock.forward(30_000);
    await pulled(crm, null);
    expect(await freshnessOf(crm)).toEqual({
      source: { code: crm.code },
      observedAt: START.toISOString(),
      lagSeconds: 30,
      state: 'FRESH',
    });
    hub.clock.forward(3_600_000);
    expect(await freshnessOf(crm)).toMatchObject({ state: 'UNKNOWN' });
    await pulled(crm, new Date(hub.clock.now().getTime() - 100_000));
    expect(await freshnessOf(crm)).toMatchObject({ lagSeconds: 100, state: 'FRESH' });
    hub.clock.forward(100_000);
    expect(await freshnessOf(crm)).toMatchObject({ lagSeconds: 200, state: 'LAGGING' });
    hub.clock.forward(500_000);
    expect(await freshnessOf(crm)).toMatchObject({ lagSeconds: 700, state: 'STALE' });
    await hub.hub.db.pool.query(`update integration set status = 'DISCONNECTED' where id = $1`, [crm.id]);
    expect(await freshnessOf(crm)).toMatchObject({ state: 'UNKNOWN' });
  });

  test('ends where newer word waits, however whole the stream is', async () => {
    const crm = await Speaker.make(hub);
    await crm.customer('1', 1);
    await pulled(crm, new Date(START.getTime() + 90_000));
    await hub.hub.db.pool.query(
      `insert into inbox_message (integration_id, topic, event_id, external_id, body, received_at, status, finished_at)
       values ($1, 'people', 'x', '1', '', $2, 'DEAD', $2)`,
      [crm.id, new Date(START.getTime() + 60_000).toISOString()],
    );
    hub.clock.forward(90_000);
    expect(await freshnessOf(crm)).toMatchObject({ lagSeconds: 30, state: 'LAGGING' });
  });

  test('of a record of several is the stalest’s whose word it holds', async () => {
    const { crm, shop } = await two({ phone: '1' }, { phone: '2' });
    await pulled(crm, new Date(START.getTime() + 50_000));
    hub.clock.forward(60_000);
    expect(await freshnessOf(crm)).toMatchObject({ source: { code: shop.code }, lagSeconds: 60 });
    await crm.customer(
      '1',
      30,
      { phone: '3', name: 'All mine', email: 'all-mine@x.example' },
      { ...crm.origin, observedAt: hub.clock.now() },
    );
    // The shop's word holds for nothing any more.
    expect((await read(crm, '1')).provenance.every(({ integration }) => integration?.code === crm.code)).toBe(true);
    expect(await freshnessOf(crm)).toMatchObject({ source: { code: crm.code }, lagSeconds: 0 });
  });

  describe('maxStaleness', () => {
    const answer = (query: string, variables: object) => desk.answer<Record<string, unknown>>(query, variables);

    test('ends a read in STALE_DATA that names record, source and age, and gives no old data', async () => {
      const crm = await Speaker.make(hub);
      const { id } = await crm.customer('1', 1);
      hub.clock.forward(61_000);
      const query = `query ($e: ExternalIdInput!, $s: Int) { customer(external: $e, maxStaleness: $s) { id name } }`;
      const e = { integration: crm.code, externalId: '1' };
      expect((await answer(query, { e, s: 61 })).data['customer']).toMatchObject({ name: 'Customer 1' });
      for (let run = 0; run < 3; run += 1) {
        const { data, errors } = await answer(query, { e, s: 60 });
        expect(data).toEqual({ customer: null });
        expect(errors).toMatchObject([
          { path: ['customer'], extensions: { code: 'STALE_DATA', source: crm.code, ageSeconds: 61 } },
        ]);
        expect(errors![0]!.extensions['record']).toBe((await read(crm, '1')).id);
        expect(errors![0]!.message).toContain(`as ${crm.code} has it 61 s ago, at most 60 s were asked for`);
      }
      expect(await desk.code(query, { e, s: -1 })).toBe('BAD_USER_INPUT');
      expect(id).toBeDefined();
    });

    test('fails a page for one old record in it, by a fixed number of statements', async () => {
      const crm = await Speaker.make(hub);
      const tag = fresh('page');
      const query = `query ($tag: String!, $s: Int) { customers(filter: { tag: $tag }, maxStaleness: $s) { nodes { id freshness { state source { code } } } } }`;
      const count = async (): Promise<number> => {
        statements.length = 0;
        const { data } = await answer(query, { tag, s: 10 });
        expect(data['customers']).toBeTruthy();
        return statements.length;
      };
      await crm.customer('1', 1, { tags: [tag] });
      const one = await count();
      for (const n of [2, 3, 4]) await crm.customer(String(n), 1, { tags: [tag] });
      expect(await count()).toBe(one);
      hub.clock.forward(11_000);
      const { data, errors } = await answer(query, { tag, s: 10 });
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ path: ['customers'], extensions: { code: 'STALE_DATA' } }]);
    });

    test('is an argument of every read of orders, customers, quotes, products and stock levels', async () => {
      const fields = '{ __type(name: "Query") { fields { name args { name } } } }';
      const { __type } = await desk.ask<{ __type: { fields: { name: string; args: { name: string }[] }[] } }>(fields);
      const having = __type.fields.filter(({ args }) => args.some(({ name }) => name === 'maxStaleness'));
      const reads = ['customer', 'order', 'product', 'quote', 'stockLevel'].flatMap((name) => [name, `${name}s`]);
      expect(having.map(({ name }) => name).toSorted()).toEqual([...reads, 'approvalQueue'].toSorted());
    });

    test('holds for stock that a system counts', async () => {
      const erp = await Speaker.make(hub);
      const sku = await desk.product(null, null);
      await desk.done('upsertStockLocation', { code: 'MAIN' });
      await erp.stock(sku, 1, { onHand: '3' });
      hub.clock.forward(5_000);
      const query = `query ($sku: String!, $s: Int) { stockLevel(sku: $sku, location: "MAIN", maxStaleness: $s) { onHand } }`;
      expect((await answer(query, { sku, s: 5 })).data).toEqual({ stockLevel: { onHand: '3' } });
      expect(await desk.code(query, { sku, s: 4 })).toBe('STALE_DATA');
    });
  });
});

test('what was said before is not heard again behind something newer of the same system', async () => {
  const crm = await Speaker.make(hub);
  await crm.customer('1', 5, { phone: '5' });
  await crm.customer('1', 6, { phone: '6' });
  expect((await crm.customer('1', 5, { phone: '5' })).effect).toBe('stale');
  const { rows } = await hub.hub.db.pool.query(
    `select value, said_at from field_claim where integration_id = $1 and field = 'phone'`,
    [crm.id],
  );
  expect(rows).toEqual([{ value: '6', said_at: expect.anything() }]);
  expect(at(6) > at(5)).toBe(true);
});
