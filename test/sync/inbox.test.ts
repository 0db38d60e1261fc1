import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { processLane } from '../../src/sync/inbox/process-lane.js';
import { startSync } from '../../src/sync/index.js';
import { eventually } from '../support/eventually.js';
import { Engine, engineParts } from './engine.js';
import { deliver } from './fake-vendor.js';

let engine: Engine;
let url: string;
/** Points of a transaction at which the next ones break, by name. */
const breaks: string[] = [];
/** What happens once at a point. */
const atPoint = new Map<string, () => Promise<unknown>>();
beforeAll(async () => {
  engine = await Engine.start({
    checkpoint: async (point) => {
      const act = atPoint.get(point);
      atPoint.delete(point);
      await act?.();
      const at = breaks.indexOf(point);
      if (at < 0) return;
      breaks.splice(at, 1);
      throw new Error(`broken at ${point}`);
    },
  });
});
afterAll(() => engine.stop());
let shops = 0;
beforeEach(async () => {
  breaks.length = 0;
  await engine.rows('delete from dead_letter');
  await engine.rows('delete from inbox_message');
  shops += 1;
  url = await engine.connect(`shop-${shops}`);
});

const ordersOf = () =>
  engine.rows<{ external_id: string; total_minor: string; note: string | null; event_count: number }>(
    `select r.external_id, o.total_minor, o.note, o.event_count
       from orders o join external_reference r on r.record_kind = 'order' and r.record_id = o.id
       join integration i on i.id = r.integration_id where i.code = $1 order by r.external_id`,
    [`shop-${shops}`],
  );
const integrationRow = async () =>
  (
    await engine.rows<{ status: string; last_error: string | null; version: number }>(
      'select status, last_error, version from integration where code = $1',
      [`shop-${shops}`],
    )
  )[0]!;
const letters = () =>
  engine.rows<{ error: string; external_id: string; stream: string }>(
    'select error, external_id, stream from dead_letter order by id',
  );

describe('a message that comes more than once', () => {
  test('ten times at once is one message, one order and one event', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => deliver(url, { event: '1', order: { id: 'A' } })),
    );
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { isDuplicate: boolean }[];
    expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(200));
    expect(bodies.filter((body) => !body.isDuplicate)).toHaveLength(1);
    expect(await engine.inbox()).toMatchObject([{ event_id: '1', status: 'APPLIED', detail: 'created' }]);
    expect(await ordersOf()).toMatchObject([{ external_id: 'A', total_minor: '2440', event_count: 1 }]);
  });

  test('is known by its topic and event, and again after it took effect', async () => {
    await deliver(url, { event: '1', order: { id: 'A' } });
    await engine.inbox();
    const again = await deliver(url, { event: '1', order: { id: 'A', price: '99.00' } });
    expect(await again.json()).toEqual({ received: true, isDuplicate: true });
    const other = await deliver(url, { event: '1', topic: 'order/viewed', order: { id: 'A' } });
    expect(await other.json()).toEqual({ received: true, isDuplicate: false });
    expect((await engine.inbox()).map(({ detail }) => detail).sort()).toEqual([
      'created',
      'says nothing that the hub keeps',
    ]);
    expect(await ordersOf()).toMatchObject([{ total_minor: '2440' }]);
  });

  test('under two events is one order, its content unchanged', async () => {
    await Promise.all(['1', '2', '3'].map((event) => deliver(url, { event, order: { id: 'A' } })));
    expect((await engine.inbox()).map(({ detail }) => detail).sort()).toEqual(['created', 'unchanged', 'unchanged']);
    expect(await ordersOf()).toMatchObject([{ event_count: 1 }]);
  });
});

describe('a message that comes late', () => {
  test('behind a newer state is stale and changes nothing', async () => {
    await deliver(url, {
      event: '2',
      order: { id: 'A', version: '2026-03-01T10:00:05Z', price: '30.00', note: 'new' },
    });
    await engine.inbox();
    await deliver(url, {
      event: '1',
      order: { id: 'A', version: '2026-03-01T10:00:01Z', price: '24.40', note: 'old' },
    });
    expect(await engine.inbox()).toMatchObject([
      { event_id: '1', status: 'STALE', detail: 'stale' },
      { event_id: '2', status: 'APPLIED', detail: 'created' },
    ]);
    expect(await ordersOf()).toMatchObject([{ total_minor: '3000', note: 'new', event_count: 1 }]);
  });
});

describe('a message that can never be taken', () => {
  test.each([
    ['no JSON', '{"id":', 'order/changed', /^body: expected JSON: /],
    ['another shape', { id: 'P', price: 7 as never }, 'order/changed', null],
    [
      'without a needed field',
      '{"id":"P","version":"2026-03-01T10:00:00Z"}',
      'order/changed',
      /^price: .*, got nothing$/,
    ],
    [
      'of a topic that is not taken',
      { id: 'P' },
      'shop/closed',
      /^topic: expected one of order\/changed, order\/viewed, .*got "shop\/closed"$/,
    ],
    [
      'with a character that no text of the database holds',
      { id: 'P', note: 'a\0b' },
      'order/changed',
      /^the database cannot hold a value: /,
    ],
  ] as const)('%s, goes to the dead letters at once while others are taken', async (title, content, topic, reason) => {
    const poison = reason === null ? '{"id":"P","version":"2026-03-01T10:00:00Z","price":true}' : content;
    await Promise.all([
      deliver(url, { event: 'poison', topic, order: poison as string }),
      ...['A', 'B', 'C'].map((id) => deliver(url, { event: id, order: { id } })),
    ]);
    const inbox = await engine.inbox();
    expect(inbox.map(({ event_id: event, status }) => `${event} ${status}`)).toEqual([
      'A APPLIED',
      'B APPLIED',
      'C APPLIED',
      'poison DEAD',
    ]);
    expect((await ordersOf()).map((order) => order.external_id)).toEqual(['A', 'B', 'C']);
    const [letter] = await letters();
    if (reason !== null) expect(letter!.error).toMatch(reason);
    expect(letter!.stream).toBe(topic);
    const integration = await integrationRow();
    expect(integration).toEqual({ status: 'DEGRADED', last_error: letter!.error, version: 2 });
    expect(title).toBeTruthy();
  });

  test('degrades its integration once, however many there are', async () => {
    await Promise.all(['1', '2', '3'].map((event) => deliver(url, { event, order: '[]' })));
    await engine.inbox();
    expect(await letters()).toHaveLength(3);
    expect(await integrationRow()).toMatchObject({ status: 'DEGRADED', version: 2 });
    const events = await engine.rows(
      `select e.type, e.sequence, e.status_to, e.actor_kind, e.message from event e join integration i on i.id = e.subject_id
        where e.subject_kind = 'integration' and i.code = $1 order by e.sequence`,
      [`shop-${shops}`],
    );
    expect(events).toEqual([
      {
        type: 'CREATED',
        sequence: 1,
        status_to: 'HEALTHY',
        actor_kind: 'SYSTEM',
        message: `Integration shop-${shops} connected by fake-vendor`,
      },
      {
        type: 'STATUS_CHANGED',
        sequence: 2,
        status_to: 'DEGRADED',
        actor_kind: 'INTEGRATION',
        message: `Integration shop-${shops}: a message of order/changed could not be taken`,
      },
    ]);
  });
});

describe('new orders that wait together', () => {
  /** Leaves them as the webhook route does, in one lane and with one job. */
  async function leave(orders: { id: string; content?: string }[]): Promise<void> {
    const body = (id: string) => JSON.stringify({ id, version: '2026-03-01T10:00:00Z', price: '24.40' });
    await engine.rows(
      `with m as (
         insert into inbox_message (integration_id, topic, event_id, external_id, body, received_at)
         select i.id, 'order/changed', o.id || ':' || o.place, o.id, convert_to(o.body, 'UTF8'), now()
           from integration i, unnest($2::text[], $3::text[]) with ordinality as o (id, body, place)
          where i.code = $1 order by o.place returning integration_id, lane)
       select ask_for_job('work-off-lane', json_build_object('integrationId', integration_id::text, 'lane', lane % 4),
                'inbox:' || integration_id || ':' || lane % 4)
         from (select distinct integration_id, lane from m) lanes`,
      [`shop-${shops}`, orders.map(({ id }) => id), orders.map(({ id, content }) => content ?? body(id))],
    );
  }
  const outcomes = async () =>
    Object.fromEntries(
      (await engine.inbox(`shop-${shops}`)).map(({ event_id: event, status, attempts }) => [
        event,
        `${status} ${attempts}`,
      ]),
    );
  /** By the transaction that wrote them. */
  const together = async () =>
    (
      await engine.rows<{ ids: string[] }>(
        `select array_agg(r.external_id order by r.external_id) as ids
           from orders o join external_reference r on r.record_kind = 'order' and r.record_id = o.id
           join integration i on i.id = r.integration_id where i.code = $1 group by o.xmin::text order by min(r.external_id)`,
        [`shop-${shops}`],
      )
    ).map(({ ids }) => ids);
  /** How often a transaction of several was given up for one by one. */
  const fellApart = () => engine.log.lines.filter(({ message }) => message.endsWith('carried out one by one')).length;
  let ids: string[];
  beforeEach(async () => {
    engine.log.lines.splice(0);
    const rows = await engine.rows<{ id: string }>(
      `select 'T' || n as id from generate_series(100, 999) n where (hashtext('T' || n) & 15) = 3 order by 1 limit 4`,
    );
    ids = rows.map(({ id }) => id);
  });

  test('are written in one transaction, each with its lines, its event and where it came from', async () => {
    await leave(ids.map((id) => ({ id })));
    expect(Object.values(await outcomes())).toEqual(Array(4).fill('APPLIED 1'));
    expect(await together()).toEqual([ids]);
    const whole = await engine.rows(
      `select r.external_id, o.event_count, (select count(*)::int from order_line l where l.order_id = o.id) as lines,
              (select array_agg(l.position) from order_line l where l.order_id = o.id) as places,
              (select count(*)::int from event e where e.subject_kind = 'order' and e.subject_id = o.id) as events,
              (select count(*)::int from field_provenance p where p.record_kind = 'order' and p.record_id = o.id) as fields,
              r.source_version = '2026-03-01T10:00:00Z' and r.observed_at is not null as is_stated
         from orders o join external_reference r on r.record_kind = 'order' and r.record_id = o.id
         join integration i on i.id = r.integration_id where i.code = $1 order by 1`,
      [`shop-${shops}`],
    );
    expect(whole).toEqual(
      ids.map((id) => ({
        external_id: id,
        event_count: 1,
        lines: 1,
        places: [1],
        events: 1,
        fields: 12,
        is_stated: true,
      })),
    );
  });

  test.each([
    ['that says what cannot be', (id: string) => order(id, { total: '1.00' }), [[0, 2, 3]]],
    ['that is no JSON', () => '{', [[0, 2, 3]]],
    ['that the database cannot hold', (id: string) => order(id, { note: 'a\0b' }), [[0], [2], [3]]],
  ] as const)('with one among them %s: it is set aside alone, the others are taken once', async (_, poison, taken) => {
    await leave(ids.map((id, at) => (at === 1 ? { id, content: poison(id) } : { id })));
    const of = await outcomes();
    expect(ids.map((id, at) => of[`${id}:${at + 1}`])).toEqual(['APPLIED 1', 'DEAD 1', 'APPLIED 1', 'APPLIED 1']);
    expect(await letters()).toMatchObject([{ external_id: ids[1] }]);
    expect(await together()).toEqual(taken.map((group) => group.map((at) => ids[at])));
    expect((await ordersOf()).map(({ event_count: events }) => events)).toEqual([1, 1, 1]);
  });

  test('of a record of which more waits: what comes second finds what the first left', async () => {
    const [a, b] = ids as [string, string];
    const later = order(a, { version: '2026-03-01T10:00:09Z', price: '30.00' });
    await leave([{ id: a }, { id: b }, { id: a, content: later }]);
    expect(await outcomes()).toEqual({ [`${a}:1`]: 'APPLIED 1', [`${b}:2`]: 'APPLIED 1', [`${a}:3`]: 'APPLIED 1' });
    expect(await ordersOf()).toMatchObject([
      { external_id: a, total_minor: '3000', event_count: 2 },
      { external_id: b, total_minor: '2440', event_count: 1 },
    ]);
    expect(fellApart()).toBe(0);
  });

  test('go on one by one where their transaction breaks off', async () => {
    breaks.push('apply-messages:before-commit');
    await leave(ids.map((id) => ({ id })));
    expect(Object.values(await outcomes())).toEqual(Array(4).fill('APPLIED 1'));
    expect(breaks).toEqual([]);
    expect(await together()).toEqual(ids.map((id) => [id]));
    expect(fellApart()).toBe(1);
  });

  test('are found done by whoever works off the same lane meanwhile', async () => {
    const lane = { integrationId: '', lane: 3 };
    let other: Promise<void> | undefined;
    atPoint.set('apply-messages:before-commit', async () => {
      [{ id: lane.integrationId }] = (await engine.rows<{ id: string }>('select id from integration where code = $1', [
        `shop-${shops}`,
      ])) as [{ id: string }];
      other = processLane(engineParts(engine.db), lane, { isCareful: false, giveWay: () => Promise.resolve() });
      await eventually(
        'the other to wait',
        async () =>
          (await engine.count(`pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)) > 0,
      );
    });
    await leave(ids.map((id) => ({ id })));
    expect(Object.values(await outcomes())).toEqual(Array(4).fill('APPLIED 1'));
    await other;
    expect(await together()).toEqual([ids]);
    expect((await ordersOf()).map(({ event_count: events }) => events)).toEqual([1, 1, 1, 1]);
  });

  function order(id: string, more: object): string {
    return JSON.stringify({ id, version: '2026-03-01T10:00:00Z', price: '24.40', ...more });
  }
});

describe('a transaction that breaks off', () => {
  test('before its commit leaves nothing, and the next attempt takes effect once', async () => {
    breaks.push('apply-message:before-commit');
    await deliver(url, { event: '1', order: { id: 'A' } });
    await waitForFailure(1);
    expect(await ordersOf()).toEqual([]);
    await engine.hurryJobs();
    expect(await engine.inbox()).toMatchObject([{ status: 'APPLIED', detail: 'created', attempts: 2 }]);
    expect(await ordersOf()).toMatchObject([{ external_id: 'A', event_count: 1 }]);
    expect(await letters()).toEqual([]);
    expect(await integrationRow()).toMatchObject({ status: 'HEALTHY' });
  });

  test('behind its commit has taken effect, and the next attempt finds it done', async () => {
    breaks.push('apply-message:after-commit');
    await deliver(url, { event: '1', order: { id: 'A' } });
    expect(await engine.inbox()).toMatchObject([{ status: 'APPLIED', attempts: 1 }]);
    await eventually('the break to have been reached', () => breaks.length === 0);
    await engine.hurryJobs();
    await waitForJobs();
    expect(await engine.inbox()).toMatchObject([{ status: 'APPLIED', attempts: 1 }]);
    expect(await ordersOf()).toMatchObject([{ external_id: 'A', event_count: 1 }]);
  });

  test('at every attempt ends as a dead letter that says how often it was tried', async () => {
    breaks.push(...Array<string>(8).fill('apply-message:before-commit'));
    await deliver(url, { event: '1', order: { id: 'A' } });
    for (let failures = 1; failures < 8; failures += 1) {
      await waitForFailure(failures);
      await engine.hurryJobs();
    }
    expect(await engine.inbox()).toMatchObject([{ status: 'DEAD', attempts: 8 }]);
    expect((await letters()).map(({ error }) => error)).toEqual([
      'gave up after 8 attempts: broken at apply-message:before-commit',
    ]);
    expect(await ordersOf()).toEqual([]);
  });

  test('is no end of the process, however often it comes behind one', async () => {
    breaks.push('apply-message:before-commit');
    const client = await engine.db.pool.connect();
    try {
      await client.query('begin');
      await client.query(
        `with m as (
           insert into inbox_message (integration_id, topic, event_id, external_id, body, received_at, crashes)
           select id, 'order/changed', '1', 'A', convert_to('{"id":"A","version":"2026-03-01T10:00:00Z","price":"1.00"}', 'UTF8'), now(), 7
             from integration where code = $1 returning integration_id, lane)
         select ask_for_job('work-off-lane', json_build_object('integrationId', integration_id::text, 'lane', lane % 4),
                  'inbox:' || integration_id || ':' || lane % 4) from m`,
        [`shop-${shops}`],
      );
      // As where the process ended while the job was run before.
      await client.query(
        `update graphile_worker._private_jobs set attempts = 1 where key like 'inbox:%' and locked_at is null`,
      );
      await client.query('commit');
    } finally {
      client.release();
    }
    await waitForFailure(1);
    expect(await engine.rows('select crashes from inbox_message')).toEqual([{ crashes: 0 }]);
  });

  async function waitForFailure(attempts: number): Promise<void> {
    await eventually(
      `attempt ${attempts} to have failed`,
      async () => (await engine.count(`inbox_message where attempts = ${attempts} and detail like 'broken at%'`)) > 0,
    );
  }
  async function waitForJobs(): Promise<void> {
    await eventually(
      'all jobs to be done',
      async () => (await engine.count(`graphile_worker.jobs where task_identifier = 'work-off-lane'`)) === 0,
    );
  }
});

describe('what waits for a customer', () => {
  const person = (event: string, topic: string, order: Record<string, string> & { id: string }) =>
    deliver(url, { event, topic, order: { email: `${order.id}@x.example`, ...order } });
  const statusOf = async (event: string) =>
    eventually(`${event} to be worked off`, async () => {
      const [row] = await engine.rows<{ status: string }>(
        `select m.status from inbox_message m join integration i on i.id = m.integration_id
          where i.code = $1 and m.event_id = $2 and m.status <> 'RECEIVED'`,
        [`shop-${shops}`, event],
      );
      return row?.status;
    });

  test('goes on when the customer comes that was here under another system’s id', async () => {
    const other = await engine.connect(`other-${shops}`);
    const email = `shared-${shops}@x.example`;
    await deliver(other, { event: 'o', topic: 'customer/changed', order: { id: 'O', email } });
    await engine.inbox(`other-${shops}`);
    await person('p', 'contact/changed', { id: 'P', of: 'C' });
    expect(await statusOf('p')).toBe('WAITING');
    await person('c', 'customer/changed', { id: 'C', email });
    expect(await statusOf('c')).toBe('APPLIED');
    await eventually('the person to be taken', async () => (await statusOf('p')) === 'APPLIED');
  });

  test('goes on where the customer comes while it is set to wait', async () => {
    await person('c', 'customer/changed', { id: 'C' });
    expect(await statusOf('c')).toBe('APPLIED');
    const [{ id }] = (await engine.rows<{ id: string }>('select id from integration where code = $1', [
      `shop-${shops}`,
    ])) as [{ id: string }];
    const bringer = await engine.db.pool.connect();
    try {
      await bringer.query('begin');
      await bringer.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${id} customer LATE`]);
      await person('p', 'contact/changed', { id: 'P', of: 'LATE' });
      await eventually(
        'the person to be set to wait',
        async () =>
          (await engine.count(`pg_stat_activity where wait_event = 'advisory' and datname = current_database()`)) > 0,
      );
      await bringer.query(`update external_reference set external_id = 'LATE' where integration_id = $1`, [id]);
      await bringer.query('commit');
    } finally {
      bringer.release();
    }
    expect(await statusOf('p')).toBe('APPLIED');
  });

  test('is taken up, and out of date, where something newer of it is carried out', async () => {
    await person('c', 'customer/changed', { id: 'C' });
    await person('p1', 'contact/changed', { id: 'P', of: 'GONE' });
    expect(await statusOf('p1')).toBe('WAITING');
    await person('p2', 'contact/changed', { id: 'P', of: 'C', version: '2026-03-01T11:00:00Z' });
    expect(await statusOf('p2')).toBe('APPLIED');
    await eventually('the older one to be settled', async () => (await statusOf('p1')) === 'STALE');
  });

  test('goes on with the customer that took it over, whichever is heard of first', async () => {
    const homeOf = async (name: string) =>
      (
        await engine.rows<{ external_id: string }>(
          `select r.external_id from contact p
             join external_reference r on r.record_kind = 'customer' and r.record_id = p.customer_id
             join integration i on i.id = r.integration_id where i.code = $1 and p.name = $2`,
          [`shop-${shops}`, `Person ${name}`],
        )
      ).map((row) => row.external_id);
    await person('early', 'contact/changed', { id: 'EARLY', of: 'A' });
    expect(await statusOf('early')).toBe('WAITING');
    await person('a-b', 'customer/merged', { id: 'B', of: 'A' });
    expect(await statusOf('a-b')).toBe('APPLIED');
    await person('b-c', 'customer/merged', { id: 'C', of: 'B' });
    expect(await statusOf('b-c')).toBe('APPLIED');
    await person('between', 'contact/changed', { id: 'BETWEEN', of: 'A' });
    expect(await statusOf('between')).toBe('WAITING');
    await person('c', 'customer/changed', { id: 'C' });
    expect(await statusOf('c')).toBe('APPLIED');
    await person('late', 'contact/changed', { id: 'LATE', of: 'B' });
    for (const [event, name] of [
      ['early', 'EARLY'],
      ['between', 'BETWEEN'],
      ['late', 'LATE'],
    ] as const) {
      await eventually(`${event} to be taken`, async () => (await statusOf(event)) === 'APPLIED');
      expect(await homeOf(name)).toEqual(['C']);
    }
    await deliver(url, { event: 'o', order: { id: 'O', buyer: 'A' } });
    expect(await statusOf('o')).toBe('APPLIED');
    expect(
      await engine.rows(
        `select r.external_id from orders o join external_reference r on r.record_kind = 'customer' and r.record_id = o.customer_id
         join integration i on i.id = r.integration_id where i.code = $1`,
        [`shop-${shops}`],
      ),
    ).toEqual([{ external_id: 'C' }]);
  });

  test('stays where the system says of each of two that it became the other', async () => {
    await person('a-b', 'customer/merged', { id: 'B', of: 'A' });
    await person('b-a', 'customer/merged', { id: 'A', of: 'B' });
    expect(await Promise.all(['a-b', 'b-a'].map(statusOf))).toEqual(['APPLIED', 'APPLIED']);
    await person('p', 'contact/changed', { id: 'P', of: 'A' });
    expect(await statusOf('p')).toBe('WAITING');
    await person('a', 'customer/changed', { id: 'A', version: '2026-03-01T11:00:00Z' });
    await eventually('the person to be taken', async () => (await statusOf('p')) === 'APPLIED');
  });

  test('goes on when an order brings the customer', async () => {
    await person('p', 'contact/changed', { id: 'P', of: 'B' });
    expect(await statusOf('p')).toBe('WAITING');
    await deliver(url, { event: 'o', order: { id: 'A', buyer: 'B' } });
    await eventually('the person to be taken', async () => (await statusOf('p')) === 'APPLIED');
  });
});

test('of several changes in one message each is carried out on what those before it left', async () => {
  await deliver(url, { event: '1', topic: 'order/corrected', order: { id: 'A', price: '24.40' } });
  expect(await engine.inbox(`shop-${shops}`)).toMatchObject([{ status: 'APPLIED', detail: 'created, updated' }]);
});

describe('a message whose job is gone', () => {
  test('gets one when a hub starts, and is buried where its job killed the process each time', async () => {
    const [row] = await engine.rows<{ id: string }>('select id from integration where code = $1', [`shop-${shops}`]);
    const body = Buffer.from('{"id":"L","version":"2026-03-01T10:00:00Z","price":"1.00"}');
    await engine.rows(
      `insert into inbox_message (integration_id, topic, event_id, external_id, body, received_at)
       values ($1, 'order/changed', 'lost', 'L', $2, now())`,
      [row!.id, body],
    );
    await engine.rows(
      `insert into inbox_message (integration_id, topic, event_id, external_id, body, received_at, crashes)
       values ($1, 'order/changed', 'spent', 'S', $2, now(), 9)`,
      [row!.id, body],
    );
    const second = await startSync(engineParts(engine.db));
    expect(await engine.inbox()).toMatchObject([
      { event_id: 'lost', status: 'APPLIED' },
      { event_id: 'spent', status: 'DEAD' },
    ]);
    expect((await letters()).map(({ error }) => error)).toEqual([
      'gave up after 8 attempts: the process ended each time',
    ]);
    await second.stop();
  });
});

describe('a job worker that loses the database', () => {
  test('is followed by another where it gave up', async () => {
    const reports = () => engine.log.lines.filter(({ message }) => message.startsWith('the job worker ended')).length;
    const before = reports();
    // A job whose end cannot be reported is where the worker gives up.
    atPoint.set('apply-message:after-commit', () =>
      engine.rows('alter table graphile_worker._private_jobs rename to hidden'),
    );
    await deliver(url, { event: '1', order: { id: 'A' } });
    await eventually('the worker to give up', () => reports() > before);
    await engine.rows('alter table graphile_worker.hidden rename to _private_jobs');
    await deliver(url, { event: '2', order: { id: 'B' } });
    expect(await engine.inbox()).toMatchObject([
      { event_id: '1', status: 'APPLIED', attempts: 1 },
      { event_id: '2', status: 'APPLIED', attempts: 1 },
    ]);
  });

  test('goes on when it is back', async () => {
    await engine.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await eventually('a delivery to be taken again', async () => {
      return (await deliver(url, { event: '1', order: { id: 'A' } })).status === 200;
    });
    expect(await engine.inbox()).toMatchObject([{ event_id: '1', status: 'APPLIED' }]);
  });
});
