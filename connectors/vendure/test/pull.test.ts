import { afterEach, describe, expect, test } from '@jest/globals';
import type { Change, FaultMode, StatedOrder } from '#connect';
import vendure from '../index.js';
import { step, type ListOptions, type Part } from '../pull/walk.js';
import { connected, said, walk, type Connected } from './shop.js';

const STREAMS = ['orders', 'customers', 'products', 'stock', 'shipments'];
const LONG_AGO = new Date('2020-01-01T00:00:00Z');
const COUNTED = { settings: { stockCountedBy: 'SHOP' } };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
async function shop(options: Parameters<typeof connected>[0] = {}): Promise<Connected> {
  const opened = await connected(options);
  stops.push(opened.stop);
  return opened;
}

async function all(opened: Connected, since: Date | null): Promise<[string, Change][]> {
  const found: [string, Change][] = [];
  for (const stream of STREAMS) found.push(...said(stream, (await walk(stream, opened, since)).records, opened));
  return found;
}
const ofKind = (found: [string, Change][], kind: string) => found.filter(([id]) => id.startsWith(`${kind} `));
const ordersOf = (found: [string, Change][]) =>
  found.flatMap(([, change]): StatedOrder[] => (change.kind === 'order' ? [change.order] : []));

describe('a walk', () => {
  test('finds all there is, and a later one finds the same in the same words', async () => {
    const opened = await shop({ ...COUNTED, acts: 60 });
    const first = await all(opened, null);
    const kinds = ['order', 'payment', 'customer', 'product', 'stock', 'shipment'];
    expect(kinds.map((kind) => ofKind(first, kind).length)).toEqual([60, 60, 5, 3, 3, 10]);
    expect(await all(opened, LONG_AGO)).toEqual(first);
  });

  test('tells each order by what the shop charged for it', async () => {
    const opened = await shop();
    const totals = new Map(ordersOf(await all(opened, null)).map((order) => [order.externalId, order]));
    let compared = 0;
    for (const { id, total } of opened.shop.made) {
      const { canceledAt, stated } = totals.get(id)!;
      if (canceledAt) continue;
      compared += 1;
      expect([id, stated.total]).toEqual([id, total]);
    }
    expect(compared).toBeGreaterThan(20);
  });

  test('finds what was paid and sent although the order’s own time stands still', async () => {
    const opened = await shop({ acts: 10 });
    const before = await walk('orders', opened, null);
    const since = new Date(Math.max(...before.records.map(({ modifiedAt }) => modifiedAt.getTime())));
    const order = before.records.find(({ externalId }) => externalId === '10')!;
    opened.shop.act(1);
    const after = await walk('orders', opened, since);
    const again = after.records.find(({ externalId }) => externalId === '10')!;
    expect(again.modifiedAt).toEqual(order.modifiedAt);
    expect(again.version).not.toBe(order.version);
    expect(again.raw).toMatchObject({ updatedAt: (order.raw as { updatedAt: string }).updatedAt, state: 'Shipped' });
    const known = new Set(before.records.map(({ externalId, version }) => `${externalId}@${version}`));
    const news = after.records.filter(({ externalId, version }) => !known.has(`${externalId}@${version}`));
    expect(new Set(news.map(({ externalId }) => externalId))).toEqual(new Set(['10', '11']));
    const sent = [...said('shipments', (await walk('shipments', opened, since)).records, opened).values()];
    expect(sent).toContainEqual({
      kind: 'shipment',
      shipment: expect.objectContaining({ orderExternalId: '10', status: 'SHIPPED', trackingNumber: 'SHOP-11' }),
    });
  });

  test('goes over more than a page without losing what changes meanwhile', async () => {
    const opened = await shop({ acts: 60 });
    const pull = vendure.pull.get('orders')!;
    const ids = new Set<string>();
    let cursor: string | null = null;
    let pages = 0;
    do {
      const from: { since: null; cursor: string | null } = { since: null, cursor };
      const page = await pull.page(opened.context, from);
      for (const { externalId } of page.records) ids.add(externalId);
      // Moves orders of the page that was just read behind all others.
      const moved = page.records.slice(0, 3).map(({ externalId }) => externalId);
      for (const id of moved) await setReference(opened, id, `HUB-${pages}`);
      cursor = page.next;
      pages += 1;
    } while (cursor !== null && pages < 20);
    expect(cursor).toBeNull();
    expect(pages).toBeGreaterThan(2);
    expect(ids.size).toBe(60);
  });

  test('finds what is there by its census, in the versions of a walk', async () => {
    const opened = await shop({ acts: 30 });
    for (const stream of STREAMS) {
      const walked = new Map((await walk(stream, opened, null)).records.map((each) => [each.externalId, each.version]));
      const counted = new Map<string, string>();
      let cursor: string | null = null;
      do {
        const page: { records: { externalId: string; version: string }[]; next: string | null } =
          await vendure.pull.get(stream)!.census!(opened.context, cursor);
        for (const { externalId, version } of page.records) counted.set(externalId, version);
        cursor = page.next;
      } while (cursor !== null);
      expect([stream, counted]).toEqual([stream, walked]);
    }
  });
});

function setReference({ context }: Connected, id: string, externalRef: string) {
  const text = 'mutation($i: UpdateOrderInput!) { setOrderCustomFields(input: $i) { id } }';
  const json = { query: text, variables: { i: { id, customFields: { externalRef } } } };
  return context.http.send({ operation: 'SetByHand', method: 'POST', path: '', json });
}

describe('a list in which more than a page have the very same time', () => {
  const at = new Date('2026-03-01T10:00:00.500Z');
  const items = Array.from({ length: 7 }, (_, n) => ({ id: n, at: n === 6 ? new Date('2026-03-01T11:00:00Z') : at }));
  /** Sorts by what it is asked to, and the same times in another order each time. */
  function list(asked: ListOptions[]): Part['list'] {
    return (options) => {
      asked.push(options);
      const { after, between } = options.filter.createdAt as {
        after?: string;
        between?: { start: string; end: string };
      };
      const found = items.filter((item) => {
        const time = item.at.toISOString();
        return after === undefined ? time >= between!.start && time <= between!.end : time > after;
      });
      const turned = 'id' in options.sort ? found : [...found.slice(0, 6).reverse(), ...found.slice(6)];
      const page = turned.slice(options.skip, options.skip + options.take);
      return Promise.resolve({
        items: page.map(({ id, at: time }) => ({ at: time, records: [recordOf(id, time)] })),
        totalItems: found.length,
      });
    };
  }
  const recordOf = (id: number, modifiedAt: Date) => ({ externalId: String(id), version: '1', modifiedAt, raw: {} });

  test('is walked by ids through them, and by time again behind them', async () => {
    const asked: ListOptions[] = [];
    const part: Part = { field: 'createdAt', since: null, size: 2, list: list(asked) };
    const ids = new Set<string>();
    let cursor: string | null = null;
    do {
      const page = await step([part], cursor);
      for (const { externalId } of page.records) ids.add(externalId);
      cursor = page.next;
    } while (cursor !== null && asked.length < 20);
    expect([...ids].sort()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(asked.every(({ sort }) => Object.keys(sort).length === 1)).toBe(true);
    expect(asked.length).toBeLessThan(10);
  });
});

describe('one record', () => {
  test('is read by its id as a walk reads it; what is gone is null', async () => {
    const opened = await shop();
    for (const stream of STREAMS.filter((name) => name !== 'shipments')) {
      const [first] = (await walk(stream, opened, null)).records;
      const one = (id: string) => vendure.pull.get(stream)!.one!(opened.context, id);
      expect(await one(first!.externalId)).toEqual(first);
      expect(await one(stream === 'stock' ? '77@1' : '77')).toBeNull();
    }
  });
});

describe('a session that has ended', () => {
  test('is begun anew', async () => {
    const opened = await shop({ acts: 1 });
    await walk('customers', opened, null);
    opened.shop.expireSessions();
    expect((await walk('customers', opened, null)).records).toHaveLength(10);
  });

  test('and cannot be begun with a wrong password, which is a matter for people', async () => {
    const opened = await shop({ acts: 1, credentials: { password: 'guessed' } });
    await expect(vendure.pull.get('customers')!.page(opened.context, { since: null, cursor: null })).rejects.toThrow(
      expect.objectContaining({ kind: 'unauthorized', message: 'Login: The provided credentials are invalid' }),
    );
  });
});

describe('through a shop that fails in every way', () => {
  const modes: FaultMode[] = [
    '429',
    '500',
    'reset',
    'html',
    'empty-page',
    'repeated-page',
    'cursor-loop',
    'missing-field',
    'unknown-enum',
    'clock-skew',
  ];
  test('the end is the same as through one that does not', async () => {
    const friendly = await shop({ ...COUNTED, acts: 60 });
    const hostile = await shop({ ...COUNTED, acts: 60, modes });
    const expected = timeless(await all(friendly, null));
    const found = await all(hostile, null);
    // Faults are passing: what the overlap reads again is right in the end.
    const again = await all(hostile, LONG_AGO);
    for (const mode of modes) expect([mode, hostile.faults.count(mode) > 0]).toEqual([mode, true]);
    hostile.faults.calm();
    expect(timeless(found).map(([id]) => id)).toEqual(expected.map(([id]) => id));
    expect(timeless([...new Map([...found, ...again])])).toEqual(expected);
  });
});

/** A skewed time is right again with the next reading: what is said apart from it has to be the same at once. */
function timeless(found: [string, Change][]): [string, unknown][] {
  const text = (change: Change) =>
    JSON.parse(
      JSON.stringify(change, (key, value: unknown) => (/At$|^sourceVersion$|^at$/.test(key) ? undefined : value)),
    );
  return found.map(([id, change]): [string, unknown] => [id, text(change)]).sort(([a], [b]) => (a < b ? -1 : 1));
}
