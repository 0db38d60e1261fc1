import { afterEach, describe, expect, test } from '@jest/globals';
import { loneHttp } from '#connect';
import type { Change, FaultMode, PulledPage, PulledRecord, StatedOrder } from '#connect';
import shopify from '../index.js';
import { connected, insist, said, walk, type Connected } from './walk.js';

const STREAMS = ['orders', 'customers', 'products', 'stock', 'shipments'];
const LONG_AGO = new Date('2020-01-01T00:00:00Z');
const COUNTED = { settings: { stockCountedBy: 'SHOP' } };

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
async function shop(options: Parameters<typeof connected>[0] & { acts?: number } = {}): Promise<Connected> {
  const opened = await connected(options);
  stops = [...stops, opened.stop];
  opened.shop.act(options.acts ?? 30);
  return opened;
}

async function all(opened: Connected, since: Date | null): Promise<[string, Change][]> {
  const found: [string, Change][] = [];
  for (const stream of STREAMS) found.push(...said(stream, (await walk(stream, opened, since)).records, opened));
  return found;
}
const ofKind = (found: [string, Change][], kind: string) => found.filter(([id]) => id.startsWith(`${kind} `));

describe('the first walk, by bulk operations', () => {
  test('finds what a walk page by page finds, in the same words', async () => {
    const opened = await shop(COUNTED);
    const bulk = await all(opened, null);
    expect(bulk).toEqual(await all(opened, LONG_AGO));
    expect(
      ['order', 'payment', 'customer', 'product', 'stock', 'shipment'].map((kind) => ofKind(bulk, kind).length),
    ).toEqual([30, 30, 43, 3, 3, ofKind(bulk, 'shipment').length]);
    expect(ofKind(bulk, 'shipment').length).toBeGreaterThan(0);
  });

  test('waits for the operation and reads its file in parts, each from where the last one ended', async () => {
    const opened = await shop({ acts: 110 });
    const { records, pages, waits } = await walk('orders', opened, null);
    expect(new Set(records.map(({ externalId }) => externalId)).size).toBe(110);
    expect({ pages, waits }).toEqual({ pages: 4, waits: 2 });
  });

  test('goes on in the file with the cursor alone, as after a kill', async () => {
    const opened = await shop({ acts: 105 });
    const pull = shopify.pull.get('orders')!;
    let cursor: string | null = null;
    const rows: number[] = [];
    do {
      const from: { since: null; cursor: string | null } = { since: null, cursor };
      const page: PulledPage = await insist(() => pull.page(opened.context, from));
      const again: PulledPage | null = cursor === null ? null : await insist(() => pull.page(opened.context, from));
      if (again && page.records.length > 0) expect(again).toEqual(page);
      rows.push(page.records.length);
      cursor = page.next;
    } while (cursor !== null);
    expect(rows).toEqual([0, 0, 100, 5]);
  });

  test('finds nothing in a shop that has none, since there is no file', async () => {
    const opened = await shop({ acts: 0 });
    expect((await walk('shipments', opened, null)).records).toEqual([]);
  });

  test('runs again what ended without a file, three times at most', async () => {
    const opened = await shop({ modes: ['500'], share: 1 });
    opened.faults.calm();
    const pull = shopify.pull.get('customers')!;
    const { next } = await pull.page(opened.context, { since: null, cursor: null });
    const lost = JSON.stringify({ ...(JSON.parse(next!) as object), bulk: '1' });
    const again = await pull.page(opened.context, { since: null, cursor: lost });
    expect(JSON.parse(again.next!)).toMatchObject({ run: 2, bytes: 0 });
    const last = JSON.stringify({ ...(JSON.parse(next!) as object), bulk: '1', run: 3 });
    await expect(pull.page(opened.context, { since: null, cursor: last })).rejects.toThrow(
      'RunBulk: operation 1 is not known any more, the last of 3',
    );
  });
});

describe('a later walk', () => {
  test('finds what changed since, and another finds the same records in the same versions', async () => {
    const opened = await shop(COUNTED);
    const before = await walk('orders', opened, LONG_AGO);
    const since = new Date(Math.max(...before.records.map(({ modifiedAt }) => modifiedAt.getTime())) + 1_000);
    expect((await walk('orders', opened, since)).records).toEqual([]);
    for (const stream of STREAMS) {
      const keys = async () =>
        (await walk(stream, opened, LONG_AGO)).records.map(({ externalId, version }) => `${externalId}@${version}`);
      expect(await keys()).toEqual(await keys());
    }
  });

  test('reads one record as the walk does, and none where there is none', async () => {
    const opened = await shop(COUNTED);
    for (const stream of STREAMS) {
      const pull = shopify.pull.get(stream)!;
      const [first] = (await walk(stream, opened, LONG_AGO)).records;
      const one = await pull.one!(opened.context, first!.externalId);
      expect(said(stream, [one!], opened)).toEqual(said(stream, [first!], opened));
      expect(one!.version).toBe(first!.version);
      expect(await pull.one!(opened.context, stream === 'stock' ? '1@61000000001' : '1')).toBeNull();
    }
  });

  test('is held against a census of what is there', async () => {
    const opened = await shop();
    for (const stream of STREAMS.filter((each) => each !== 'shipments')) {
      const pull = shopify.pull.get(stream)!;
      const counted: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<NonNullable<typeof pull.census>>> = await pull.census!(opened.context, cursor);
        counted.push(...page.records.map(({ externalId, version }) => `${externalId}@${version}`));
        cursor = page.next;
      } while (cursor !== null);
      const { records } = await walk(stream, opened, LONG_AGO);
      expect(counted.sort()).toEqual(records.map(({ externalId, version }) => `${externalId}@${version}`).sort());
    }
  });
});

describe('what the sandbox does wrong', () => {
  const MODES: FaultMode[] = [
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
    'delay',
  ];
  test('does not change what is found in the end, page by page and in bulk', async () => {
    const friendly = await shop({ ...COUNTED, acts: 30 });
    const hostile = await shop({ ...COUNTED, acts: 30, modes: MODES, share: 0.15 });
    const expected = await all(friendly, LONG_AGO);
    const records = new Map<string, PulledRecord[]>(STREAMS.map((stream) => [stream, []]));
    const isThere = (mode: FaultMode) => hostile.faults.count(mode) > 0;
    for (let round = 0; round < 2 || (round < 8 && !MODES.every(isThere)); round += 1) {
      for (const stream of STREAMS) {
        records.get(stream)!.push(...(await walk(stream, hostile, round === 0 ? null : LONG_AGO)).records);
      }
    }
    for (const mode of MODES) expect([mode, hostile.faults.count(mode)]).not.toEqual([mode, 0]);
    hostile.faults.calm();
    const found: [string, Change][] = [];
    for (const stream of STREAMS) {
      const last = (await walk(stream, hostile, LONG_AGO)).records;
      found.push(...said(stream, [...records.get(stream)!, ...last], hostile));
    }
    expect(found).toEqual(expected);
  });

  test('an answer without an end and one that never comes are failures, not waits', async () => {
    for (const mode of ['huge-body', 'timeout'] as const) {
      const opened = await shop({ modes: [mode], share: 1, acts: 1 });
      await expect(shopify.pull.get('orders')!.one!(opened.context, '1')).rejects.toMatchObject({
        name: 'ConnectorFailure',
      });
      expect(opened.faults.count(mode)).toBe(1);
    }
  });

  test('a record that lacks something is told apart from the same state when it is whole', async () => {
    const opened = await shop({ modes: ['missing-field'], share: 1, acts: 3 });
    const [broken] = (await walk('orders', opened, LONG_AGO)).records;
    opened.faults.calm();
    const [whole] = (await walk('orders', opened, LONG_AGO)).records;
    expect(broken!.version).toBe(`${whole!.version}~${broken!.version.split('~')[1]}`);
    expect(said('orders', [broken!], opened).size).toBe(0);
  });
});

describe('without a way to ask', () => {
  test('the hub listens only: walks end at once, and nothing counts as gone', async () => {
    const opened = await shop({ acts: 2 });
    const context = { ...opened.context, credentials: { clientSecret: 'hush' } };
    const pull = shopify.pull.get('orders')!;
    expect(await pull.page(context, { since: null, cursor: null })).toEqual({ records: [], next: null });
    await expect(pull.one!(context, '1')).rejects.toThrow('without either the hub only listens');
    await expect(pull.census!(context, null)).rejects.toThrow('without either the hub only listens');
  });
});

describe('an order by webhook and by GraphQL', () => {
  test('is the same in the hub’s words', async () => {
    const opened = await shop({ acts: 40 });
    const pulled = said('orders', (await walk('orders', opened, LONG_AGO)).records, opened);
    const { orders } = (await (
      await fetch(`${opened.shop.baseUrl}/admin/api/2026-10/orders.json`)
    )
      .text()
      .then(exactly)) as {
      orders: { id: string }[];
    };
    expect(orders).toHaveLength(40);
    for (const order of orders) {
      const [change] = shopify.webhooks!.read('orders/updated', Buffer.from(asWire(order)), opened.context.settings);
      const { order: stated } = pulled.get(`order ${order.id}`) as { order: StatedOrder };
      expect({ ...stated, customer: undefined }).toEqual({
        ...(change as { order: StatedOrder }).order,
        customer: undefined,
      });
    }
  });
});

describe('the way in', () => {
  test('is a token that lasts, or one that the app gets for itself', async () => {
    const opened = await shop({ acts: 1 });
    const http = shopify.http!;
    const known = { settings: opened.context.settings, token: null, now: new Date('2026-03-01T10:00:00Z') };
    expect(await http.token!(opened.http, { ...known, credentials: { clientSecret: 's', accessToken: 'a' } })).toEqual({
      accessToken: 'a',
      expiresAt: null,
    });
    const app = { clientSecret: 'hush', clientId: 'sandbox-app' };
    const own = loneHttp(shopify, { settings: known.settings, credentials: app, now: () => known.now });
    stops = [...stops, () => Promise.resolve(own.close())];
    const found = await insist(() =>
      shopify.pull
        .get('orders')!
        .page({ ...opened.context, http: own, credentials: app }, { since: LONG_AGO, cursor: null }),
    );
    expect(found.records).toHaveLength(1);
  });
});

/** Numbers with all their digits, as texts, and back. */
function exactly(text: string): unknown {
  return JSON.parse(text.replace(/:(\d{15,})/g, ':"@$1@"').replace(/"@(\d+)@"/g, '"$1"'));
}
function asWire(order: object): string {
  return JSON.stringify(order).replace(/"(id|variant_id|line_item_id|order_id)":"(\d+)"/g, '"$1":$2');
}
