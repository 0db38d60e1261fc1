import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { replayPushes } from '../../src/modules/integrations/index.js';
import { echoQuestion, originOfState } from '../../src/modules/references/index.js';
import type { Actor } from '../../src/shared/actor.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { PushHub } from './push-hub.js';
import { office, PushVendor, shop } from './push-vendor.js';

let fresh: FreshDatabase;
let hub: PushHub;
let vendor: PushVendor;
let crm: Actor;
let count = 0;
beforeAll(async () => {
  fresh = await freshDatabase();
  hub = await PushHub.start(fresh);
});
afterAll(async () => {
  await hub.stop();
  await vendor.close();
  await fresh.drop();
});
beforeEach(async () => {
  await hub.rows(`update integration set status = 'DISCONNECTED'`);
  await (vendor as PushVendor | undefined)?.close();
  vendor = await PushVendor.start();
  count += 1;
  crm = await hub.connect(`crm-${count}`, office, vendor.url);
  await hub.quiet();
});

const letters = () =>
  hub.rows<{
    id: string;
    external_id: string;
    error: string;
    attempts: number;
    body: Buffer;
    settled_by: string | null;
  }>(
    `select id, external_id, error, attempts, body, settled_by from dead_letter where integration_id = $1 order by id`,
    [crm.id],
  );
const facts = async (stream: string) =>
  (
    await hub.rows<{ processed: string; failed: string; checkpoint: string; last_success_at: string | null }>(
      `select processed, failed, checkpoint, last_success_at from sync_stream where integration_id = $1 and stream = $2`,
      [crm.id, stream],
    )
  )[0]!;
const referencesOf = (integration: Actor) =>
  hub.rows<{ record_kind: string; external_id: string; external_url: string; synced_at: string; echo_version: string }>(
    `select record_kind, external_id, external_url, synced_at, echo_version from external_reference where integration_id = $1`,
    [integration.id],
  );
/** The vendor keeps the next call waiting until it is let go. */
function held() {
  const gate = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  vendor.whims.push({ hold: gate.promise, reached: arrived.resolve });
  return { reached: arrived.promise, release: gate.resolve };
}

function originOf(state: Parameters<typeof echoQuestion>[0]): Promise<string> {
  return hub.act(async ({ tx }) => originOfState((await tx.one(echoQuestion(state)))!));
}

describe('what changes', () => {
  test('is told whole and once, and the id there is kept', async () => {
    const id = await hub.customer({
      name: 'ACME',
      email: 'a@acme.example',
      shippingAddresses: [{ line1: 'Via Roma 1', line2: null, city: 'Milano', country: 'IT' }],
      contacts: [{ name: 'Ada', isPrimary: true }],
    });
    await hub.quiet();
    const told = vendor.toldOf<'customer'>('customers', id);
    expect(told).toHaveLength(1);
    expect(told[0]!.record).toMatchObject({
      externalId: null,
      version: 1,
      kind: 'COMPANY',
      name: 'ACME',
      email: 'a@acme.example',
      phone: null,
      shippingAddresses: [{ line1: 'Via Roma 1', city: 'Milano', country: 'IT' }],
      contacts: [{ name: 'Ada', isPrimary: true, externalId: null }],
    });
    expect(told[0]!.mayHaveArrived).toBe(false);
    expect(await referencesOf(crm)).toMatchObject([
      { record_kind: 'customer', external_id: 'customers-1', external_url: 'https://vendor.example/customers-1' },
    ]);
    expect(await facts('customers')).toMatchObject({ processed: '1', failed: '0' });
    await hub.customer({ id, phone: '+39 02 1' });
    await hub.quiet();
    expect(vendor.toldOf('customers', id)[1]!.record).toMatchObject({ externalId: 'customers-1', version: 2 });
    expect(vendor.records.size).toBe(1);
  });

  test('is told once as it is in the end, however often it changed while the integration was paused', async () => {
    const id = await hub.customer({ name: 'First' });
    await hub.quiet();
    await hub.setStatus(crm, 'PAUSED');
    for (const name of ['Second', 'Third', 'Fourth']) await hub.customer({ id, name });
    await hub.quiet();
    expect(vendor.toldOf('customers', id)).toHaveLength(1);
    expect(await hub.items(crm, 'customers')).toMatchObject([{ state: 'DUE' }]);
    await hub.setStatus(crm, 'HEALTHY');
    await hub.quiet();
    expect(vendor.toldOf<'customer'>('customers', id).map(({ record }) => record.name)).toEqual(['First', 'Fourth']);
  });

  test('while it is being told is told again behind that, and never at the same time', async () => {
    const call = held();
    const id = await hub.customer({ name: 'First' });
    await call.reached;
    await hub.customer({ id, name: 'Second' });
    await eventually('the change to be followed', async () => {
      const rows = await hub.rows('select from push_item where integration_id = $1 and again_at is not null', [crm.id]);
      return rows.length > 0;
    });
    expect(vendor.toldOf('customers', id)).toHaveLength(1);
    call.release();
    await hub.quiet();
    expect(vendor.toldOf<'customer'>('customers', id).map(({ record }) => record.name)).toEqual(['First', 'Second']);
    expect(vendor.overlaps).toBe(0);
  });

  test('goes on being told to others while one of them does not answer', async () => {
    const other = await PushVendor.start();
    await hub.connect(`slow-${count}`, office, other.url);
    const call = held();
    const id = await hub.customer({ name: 'ACME' });
    await call.reached;
    await eventually('the other to be told', () => other.toldOf('customers', id).length === 1);
    call.release();
    await hub.quiet();
    await other.close();
  });

  test('is not told where the connector says that it is no concern of the system', async () => {
    const picky = await hub.connect(`picky-${count}`, office, vendor.url, { skip: 'Nobody' });
    const id = await hub.customer({ name: 'Nobody' });
    await hub.quiet();
    expect(vendor.toldOf('customers', id)).toHaveLength(1);
    expect(await hub.items(picky, 'customers')).toMatchObject([{ state: 'DONE', may_have_arrived: false }]);
  });
});

describe('an echo', () => {
  test('is not made of what the system itself told, and others hear of it', async () => {
    const erp = await hub.connect(`erp-${count}`, office, vendor.url);
    const external = { integration: `crm-${count}`, externalId: 'X-1' };
    const id = await hub.customer({ external, name: 'From there' }, crm);
    await hub.quiet();
    expect(vendor.toldOf('customers', id).map(({ record }) => record.externalId)).toEqual([null]);
    expect(await hub.items(crm, 'customers')).toEqual([]);
    expect(await hub.items(erp, 'customers')).toMatchObject([{ state: 'DONE' }]);
    await hub.customer({ id, name: 'From here' });
    await hub.quiet();
    const told = vendor.toldOf<'customer'>('customers', id).slice(1);
    // The same state may be told again under the same key.
    expect([...new Set(told.map(({ record }) => record.externalId))].sort()).toEqual(['X-1', 'customers-1']);
  });

  test('of the hub’s own writing is known by the version that the write had', async () => {
    const call = held();
    await hub.customer({ name: 'ACME' });
    await call.reached;
    const state = { integrationId: crm.id!, kind: 'customer', externalId: 'customers-1', version: 'customers-1@1' };
    const ask = (known: object) => originOf({ ...state, ...known });
    expect(await ask({})).toBe('UNKNOWN');
    expect(await ask({ kind: 'product' })).toBe('THEIRS');
    call.release();
    await hub.quiet();
    expect(await ask({})).toBe('OWN');
    expect(await ask({ version: 'customers-1@2' })).toBe('THEIRS');
    expect(await ask({ externalId: 'customers-2' })).toBe('THEIRS');
  });
});

describe('an answer that never came', () => {
  test('is not taken for one: the next attempt says so, has the same key, and makes no second record', async () => {
    vendor.whims.push('lost');
    const id = await hub.customer({ name: 'ACME' });
    await eventually('the attempt to be over', async () => (await hub.items(crm, 'customers'))[0]?.attempts === 1);
    expect(await hub.items(crm, 'customers')).toMatchObject([
      { state: 'DUE', attempts: 1, may_have_arrived: true, last_error: 'tell customers: got 500: {"error":"lost"}' },
    ]);
    expect(await originOf({ integrationId: crm.id!, kind: 'customer', externalId: 'x' })).toBe('UNKNOWN');
    expect(await facts('customers')).toMatchObject({ processed: '0', failed: '1', last_success_at: null });
    await hub.later(2_000);
    await hub.quiet();
    const [first, second, ...more] = vendor.toldOf('customers', id);
    expect(more).toEqual([]);
    expect([first!.mayHaveArrived, second!.mayHaveArrived]).toEqual([false, true]);
    expect(second!.key).toBe(first!.key);
    expect(vendor.idsOf(id)).toEqual(['customers-1']);
    expect(await hub.items(crm, 'customers')).toMatchObject([
      { state: 'DONE', attempts: 0, may_have_arrived: false, last_error: null },
    ]);
  });

  test('lets the whole stream wait, longer each time', async () => {
    vendor.whims.push({ status: 503 }, { status: 503 }, { status: 503 });
    await hub.customer({ name: 'ACME' });
    const waits: number[] = [];
    for (const failures of [1, 2, 3]) {
      const [row] = await eventually('the call to fail', async () => {
        const rows = await hub.rows<{ waits_until: string }>(
          `select waits_until::text from push_stream where integration_id = $1 and failures = $2`,
          [crm.id, failures],
        );
        return rows.length > 0 && rows;
      });
      waits.push(Date.parse(row!.waits_until) - hub.now.getTime());
      await hub.later(10_000);
    }
    expect(waits[0]).toBeLessThanOrEqual(1_000);
    expect(waits[2]).toBeGreaterThanOrEqual(2_000);
    await hub.quiet();
    expect(vendor.records.size).toBe(1);
  });
});

test('a system that is asked too often is left alone as long as it says, and no attempt is counted', async () => {
  vendor.whims.push({ status: 429, headers: { 'retry-after': '7' } });
  const id = await hub.customer({ name: 'ACME' });
  await eventually('the call to be refused', () => vendor.told.length === 1);
  await hub.quiet();
  await hub.customer({ name: 'Another' });
  await hub.quiet();
  expect(vendor.told).toHaveLength(1);
  expect((await hub.items(crm, 'customers'))[0]).toMatchObject({ attempts: 0, may_have_arrived: false });
  const waits = await hub.rows<{ ms: number }>(
    `select extract(epoch from waits_until - $2)::int * 1000 as ms from push_stream where integration_id = $1 and stream = 'customers'`,
    [crm.id, hub.now.toISOString()],
  );
  expect(waits).toEqual([{ ms: 7_000 }]);
  await hub.later(7_000);
  await hub.quiet();
  expect(vendor.toldOf('customers', id)).toHaveLength(2);
  expect(vendor.records.size).toBe(2);
});

describe('a record that the system refuses', () => {
  test('is set aside with what was told and why; the rest flows, and a replay tells it anew', async () => {
    vendor.refusesText = 'Unwelcome';
    await hub.setStatus(crm, 'PAUSED');
    const bad = await hub.customer({ name: 'Unwelcome' });
    const good = await hub.customer({ name: 'Welcome' });
    await hub.setStatus(crm, 'HEALTHY');
    await hub.quiet();
    expect(vendor.idsOf(good)).toHaveLength(1);
    const [letter, ...more] = await letters();
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ external_id: bad, error: 'customers: not welcome', attempts: 1, settled_by: null });
    expect(JSON.parse(letter!.body.toString('utf8'))).toMatchObject({ hubId: bad, name: 'Unwelcome' });
    expect(await hub.statusOf(crm)).toBe('DEGRADED');
    vendor.refusesText = null;
    expect(await hub.act((scope) => replayPushes(scope, [letter!.id, '1']))).toEqual([letter!.id]);
    await hub.quiet();
    expect(vendor.idsOf(bad)).toHaveLength(1);
    const keys = vendor.toldOf('customers', bad).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    expect((await letters())[0]!.settled_by).toBe('replayed by Hub');
    expect(await hub.act((scope) => replayPushes(scope, [letter!.id]))).toEqual([]);
  });

  test('is told again when it has changed, which settles its letter', async () => {
    vendor.refusesText = 'Unwelcome';
    const id = await hub.customer({ name: 'Unwelcome' });
    await hub.quiet();
    await hub.customer({ id, name: 'Welcome' });
    await hub.quiet();
    expect(vendor.idsOf(id)).toHaveLength(1);
    expect(await letters()).toMatchObject([{ settled_by: 'told' }]);
  });

  test('does not take those with it that were told in the same call', async () => {
    vendor.refusesText = 'Unwelcome';
    vendor.refusesWhole = true;
    await hub.setStatus(crm, 'PAUSED');
    const names = ['One', 'Unwelcome', 'Two', 'Three'];
    const ids = [];
    for (const name of names) ids.push(await hub.customer({ name }));
    await hub.setStatus(crm, 'HEALTHY');
    await hub.quiet();
    expect(ids.map((id) => vendor.idsOf(id).length)).toEqual([1, 0, 1, 1]);
    expect(await letters()).toMatchObject([{ external_id: ids[1] }]);
  });

  test('is set aside too where it answers with the id of another', async () => {
    const first = await hub.customer({ name: 'First' });
    await hub.quiet();
    vendor.whims.push({ status: 200, body: [{ id: 'customers-1', version: 'x' }] });
    await hub.customer({ name: 'Second' });
    await hub.quiet();
    expect(await letters()).toMatchObject([
      { error: 'customer "customers-1": the hub knows another record by this id' },
    ]);
    expect((await referencesOf(crm)).map(({ external_id: id }) => id)).toEqual(vendor.idsOf(first));
  });

  test('is set aside where the answer is no answer, and stays so', async () => {
    const page = { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } };
    vendor.whims.push(page, page, page, page, page);
    await hub.customer({ name: 'ACME' });
    for (const attempts of [1, 2, 3, 4]) {
      await hub.quiet();
      expect(await hub.items(crm, 'customers')).toMatchObject([{ state: 'DUE', attempts, may_have_arrived: true }]);
      expect(await letters()).toEqual([]);
      await hub.later(60_000);
    }
    await hub.quiet();
    expect(await hub.items(crm, 'customers')).toMatchObject([{ state: 'DEAD', attempts: 5, may_have_arrived: true }]);
    expect(await letters()).toMatchObject([{ error: expect.stringContaining('expected JSON') as unknown }]);
  });

  test('is told again where a page for people stood before the system for a while', async () => {
    vendor.whims.push({ status: 200, body: '<html>', headers: { 'content-type': 'text/html' } });
    const id = await hub.customer({ name: 'ACME' });
    await hub.quiet();
    await hub.later(60_000);
    await hub.quiet();
    expect(vendor.toldOf('customers', id).map(({ mayHaveArrived }) => mayHaveArrived)).toEqual([false, true]);
    expect(await hub.items(crm, 'customers')).toMatchObject([{ state: 'DONE' }]);
    expect(await letters()).toEqual([]);
  });
});

test('a system that refuses the hub’s credentials is asked no more until a person has mended it', async () => {
  vendor.whims.push({ status: 401 });
  const id = await hub.customer({ name: 'ACME' });
  await eventually('the refusal', async () => (await hub.statusOf(crm)) === 'UNAUTHORIZED');
  await hub.customer({ id, name: 'ACME Ltd' });
  await hub.quiet();
  expect(vendor.told).toHaveLength(1);
  expect(await hub.items(crm, 'customers')).toMatchObject([{ state: 'DUE', attempts: 0, may_have_arrived: false }]);
  await hub.setStatus(crm, 'HEALTHY');
  await hub.quiet();
  expect(vendor.toldOf<'customer'>('customers', id).map(({ record }) => record.name)).toEqual(['ACME', 'ACME Ltd']);
});

test('a channel is told all the stock there is when it is connected, then what changes', async () => {
  await hub.product(`LAMP-${count}`, '7.50');
  const seller = await hub.connect(`seller-${count}`, shop, vendor.url);
  await hub.quiet();
  const stock = () => vendor.told.filter(({ stream }) => stream === 'stock').map(({ record }) => record);
  expect(stock()).toMatchObject([
    { sku: `LAMP-${count}`, location: 'MILAN', onHand: '7.5', reserved: '0', available: '7.5', externalId: null },
  ]);
  const { hubId } = stock()[0]!;
  await hub.count(`LAMP-${count}`, '9');
  await hub.quiet();
  expect(stock()[1]).toMatchObject({ hubId, available: '9', externalId: vendor.idsOf(hubId)[0] });
  await hub.count(`LAMP-${count}`, '4', seller);
  await hub.quiet();
  expect(stock()).toHaveLength(2);
});
