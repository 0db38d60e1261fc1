import { afterEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Change, FaultMode, StatedOrder } from '#connect';
import tryton from '../index.js';
import { strangers, type Kinds } from './answers.js';
import { connected, said, walk, type Connected } from './erp.js';

const STREAMS = ['customers', 'products', 'stock', 'orders', 'shipments'];
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
async function erp(options: Parameters<typeof connected>[0] = {}): Promise<Connected> {
  const opened = await connected(options);
  stops.push(opened.stop);
  return opened;
}

async function all(opened: Connected, since: Date | null): Promise<Map<string, Change>> {
  const found = new Map<string, Change>();
  for (const stream of STREAMS) {
    const { records } = await walk(stream, opened, since);
    for (const [id, change] of said(stream, records, opened)) found.set(id, change);
  }
  return found;
}
const ofKind = (found: Map<string, Change>, kind: string) => [...found.values()].filter((each) => each.kind === kind);

describe('a walk', () => {
  test('finds all there is, and one by times finds the same in the same words and versions', async () => {
    const opened = await erp({ acts: 60 });
    const first = await all(opened, null);
    const kinds = ['customer', 'product', 'stock', 'order', 'shipment'];
    expect(kinds.map((kind) => ofKind(first, kind).length)).toEqual([4, 5, 6, 60, 19]);
    expect(await all(opened, LONG_AGO)).toEqual(first);
    for (const stream of STREAMS) {
      const versions = async (since: Date | null) =>
        new Map((await walk(stream, opened, since)).records.map((each) => [each.externalId, each.version]));
      expect([stream, await versions(LONG_AGO)]).toEqual([stream, await versions(null)]);
    }
  });

  test('tells each sale by what it comes to there', async () => {
    const opened = await erp();
    const orders = new Map(
      ofKind(await all(opened, null), 'order').map((change) => {
        const { order } = change as { order: StatedOrder };
        return [order.externalId, order];
      }),
    );
    expect(orders.size).toBe(30);
    for (const { id, total } of opened.erp.made) expect([id, orders.get(id)!.stated.total]).toEqual([id, total]);
  });

  test.each([
    ['customers', 4, 'a telephone number'],
    ['products', 7, 'a template'],
    ['stock', 3, 'a move'],
    ['shipments', 3, 'a step of a shipment'],
  ])('finds %s of which only what belongs to them changed', async (stream, acts) => {
    const opened = await erp({ acts: acts - 1 });
    const before = new Map((await walk(stream, opened, null)).records.map((each) => [each.externalId, each]));
    const since = new Date(Math.max(...[...before.values()].map(({ modifiedAt }) => modifiedAt.getTime())));
    opened.erp.act(1);
    const { records } = await walk(stream, opened, new Date(since.getTime() + 1));
    const news = records.filter(({ externalId, version }) => before.get(externalId)?.version !== version);
    expect(news.length).toBeGreaterThan(0);
    if (stream === 'customers') {
      const [{ raw, modifiedAt }] = news as [(typeof news)[0]];
      expect(raw).toMatchObject({ party: (before.get(news[0]!.externalId)!.raw as { party: object }).party });
      expect(modifiedAt.getTime()).toBeGreaterThan(since.getTime());
    }
  });

  test('finds what was made and never written since', async () => {
    const opened = await erp({ acts: 1 });
    const [made] = opened.erp.call('model.party.party.create', [[{ name: 'New' }], {}]) as [number];
    const [row] = opened.erp.call('model.party.party.search_read', [[['id', '=', made]], 0, null, null, ['write_date'], {}]) as [object]; // prettier-ignore
    expect(row).toMatchObject({ write_date: null });
    const ids = (await walk('customers', opened, LONG_AGO)).records.map(({ externalId }) => externalId);
    expect(ids).toContain(String(made));
  });

  test('goes over more than a page of sales, also where people make more of them meanwhile', async () => {
    const opened = await erp({ acts: 60 });
    const pull = tryton.pull.get('orders')!;
    const ids = new Set<string>();
    let cursor: string | null = null;
    let pages = 0;
    do {
      const from: { since: Date; cursor: string | null } = { since: LONG_AGO, cursor };
      const page = await pull.page(opened.context, from);
      for (const { externalId } of page.records) ids.add(externalId);
      if (pages < 3) opened.erp.act(1);
      cursor = page.next;
      pages += 1;
    } while (cursor !== null && pages < 40);
    expect(cursor).toBeNull();
    expect(ids.size).toBe(63);
  });

  test('finds what is there by its census, in the versions of a walk', async () => {
    const opened = await erp({ acts: 30 });
    for (const stream of STREAMS) {
      const walked = new Map((await walk(stream, opened, null)).records.map((each) => [each.externalId, each.version]));
      const counted = new Map<string, string>();
      let cursor: string | null = null;
      do {
        const page: { records: { externalId: string; version: string }[]; next: string | null } = await tryton.pull.get(
          stream,
        )!.census!(opened.context, cursor);
        for (const { externalId, version } of page.records) counted.set(externalId, version);
        cursor = page.next;
      } while (cursor !== null);
      expect([stream, counted]).toEqual([stream, walked]);
    }
  });
});

describe('one record', () => {
  test('is read by its id as a walk reads it; what is gone is null', async () => {
    const opened = await erp();
    for (const stream of STREAMS) {
      const [first] = (await walk(stream, opened, null)).records;
      const one = (id: string) => tryton.pull.get(stream)!.one!(opened.context, id);
      expect(await one(first!.externalId)).toEqual(first);
      expect(await one(stream === 'stock' ? '77@5' : '777')).toBeNull();
    }
  });
});

describe('stock', () => {
  test('is told by warehouse, and of none but those of the settings', async () => {
    const opened = await erp({ acts: 20 });
    const { levels } = opened.erp.state();
    const told = ofKind(said('stock', (await walk('stock', opened, null)).records, opened), 'stock');
    expect(told).toHaveLength(6);
    for (const change of told) {
      const { sku, location, onHand } = (change as { level: { sku: string; location: string; onHand: string } }).level;
      expect([sku, location, onHand]).toEqual([
        sku,
        location,
        String(levels![`${sku}@${location === 'VIENNA' ? 13 : 5}`]),
      ]);
    }
    const without = await erp({ settings: { locations: {} } });
    expect((await walk('stock', without, null)).records).toEqual([]);
  });
});

describe('a session that has ended', () => {
  test('is begun anew', async () => {
    const opened = await erp({ acts: 1 });
    await walk('customers', opened, null);
    opened.erp.expireSessions();
    expect((await walk('customers', opened, null)).records).toHaveLength(9);
  });

  test('and cannot be begun with a wrong password, which is a matter for people', async () => {
    const opened = await erp({ acts: 1, credentials: { password: 'guessed' } });
    await expect(tryton.pull.get('customers')!.page(opened.context, { since: null, cursor: null })).rejects.toThrow(
      expect.objectContaining({ kind: 'unauthorized' }),
    );
  });
});

describe('through an ERP that fails', () => {
  const ways: [name: string, share: number, modes: FaultMode[]][] = [
    ['on the way', 0.06, ['429', '500', 'reset', 'html']],
    [
      'in its lists',
      0.15,
      ['empty-page', 'repeated-page', 'cursor-loop', 'missing-field', 'unknown-enum', 'clock-skew'],
    ],
  ];
  test.each(ways)('%s, the end is the same as through one that does not', async (_, share, modes) => {
    const expected = timeless(await all(await erp({ acts: 60 }), null));
    const hostile = await erp({ acts: 60, modes, share });
    const found = await all(hostile, null);
    // Faults are passing: what the overlap reads again is right in the end.
    const again = await all(hostile, LONG_AGO);
    for (const mode of modes) expect([mode, hostile.faults.count(mode) > 0]).toEqual([mode, true]);
    expect(timeless(new Map([...found, ...again]))).toEqual(expected);
  });
});

describe('a page that is not the one that was asked for', () => {
  test('loses nothing of a walk and repeats nothing', async () => {
    const friendly = await erp({ acts: 60 });
    const modes: FaultMode[] = ['empty-page', 'repeated-page', 'cursor-loop'];
    const hostile = await erp({ acts: 60, modes, share: 0.4 });
    for (const since of [null, LONG_AGO]) {
      for (const stream of STREAMS) {
        const { records } = await walk(stream, hostile, since);
        expect(records).toEqual((await walk(stream, friendly, since)).records);
      }
    }
    for (const mode of modes) expect([mode, hostile.faults.count(mode) > 0]).toEqual([mode, true]);
  });
});

/** A skewed time is right again with the next reading: what is said apart from it has to be the same at once. */
function timeless(found: Map<string, Change>): [string, unknown][] {
  const text = (change: Change) =>
    JSON.parse(
      JSON.stringify(change, (key, value: unknown) => (/At$|^sourceVersion$|^at$/.test(key) ? undefined : value)),
    ) as unknown;
  return [...found].map(([id, change]): [string, unknown] => [id, text(change)]).sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('the sandbox', () => {
  test('answers with the fields and kinds of value that a real server was seen to answer with', async () => {
    const opened = await erp({ acts: 30 });
    await all(opened, null);
    const seen = JSON.parse(readFileSync(new URL('../../../../connectors/tryton/test/fixtures/answers.json', import.meta.url), 'utf8')) as Kinds; // prettier-ignore
    expect(strangers(opened.answers.kinds(), seen)).toEqual([]);
  });
});
