import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Receiver } from '../../src/sync/inbox/receiver.js';
import { Engine, NOW } from './engine.js';
import { deliver } from './fake-vendor.js';

let engine: Engine;
let url: string;
beforeAll(async () => {
  engine = await Engine.start();
  url = await engine.connect();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  await engine.inbox();
  await engine.rows('delete from inbox_message');
});

/** Announces a body and sends as little of it as it is told to. */
function announce(target: string, headers: Record<string, string>, chunks: Buffer[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(target, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    request.on('error', reject);
    request.flushHeaders();
    for (const chunk of chunks) request.write(chunk);
    if (headers['content-length'] === undefined) request.end();
  });
}

describe('a delivery', () => {
  test('that is signed is kept and answered with 200', async () => {
    const answer = await deliver(url, { event: '1', order: { id: 'A' } });
    expect([answer.status, await answer.json()]).toEqual([200, { received: true, isDuplicate: false }]);
    expect(await engine.inbox()).toMatchObject([{ event_id: '1', status: 'APPLIED' }]);
  });

  test('with a wrong signature is refused with 401 and leaves nothing', async () => {
    for (const signature of ['', 'bm90IGl0', 'x'.repeat(44)]) {
      expect((await deliver(url, { event: '1', order: { id: 'A' }, signature })).status).toBe(401);
    }
    expect(await engine.count('inbox_message')).toBe(0);
  });

  test('to a code that nobody has, or that no code can be, is answered with 404', async () => {
    for (const code of ['nobody', 'Shop', '', 'shop/more', '..%2Fshop', 'shop%00']) {
      expect((await deliver(`${engine.url}/${code}`, { event: '1', order: { id: 'A' } })).status).toBe(404);
    }
  });

  test('to an integration whose connector takes no webhooks is answered with 404', async () => {
    const silent = await engine.connect('silent', 'silent-vendor');
    expect((await deliver(silent, { event: '1', order: { id: 'A' } })).status).toBe(404);
  });

  test('to a disconnected integration is answered with 410', async () => {
    const gone = await engine.connect('gone');
    await engine.rows(`update integration set status = 'DISCONNECTED' where code = 'gone'`);
    expect((await deliver(gone, { event: '1', order: { id: 'A' } })).status).toBe(410);
  });

  test('that cannot be told from others is answered with 400 and its reason', async () => {
    const nameless = await deliver(url, { event: '1', topic: '', order: { id: 'A' } });
    expect([nameless.status, await nameless.json()]).toEqual([
      400,
      { error: 'topic: expected 1 to 255 characters, got 0' },
    ]);
    const long = await deliver(url, { event: 'e'.repeat(256), order: { id: 'A' } });
    expect([long.status, await long.json()]).toEqual([
      400,
      { error: 'eventId: expected 1 to 255 characters, got 256' },
    ]);
    expect(await engine.count('inbox_message')).toBe(0);
  });

  test('of more than one mebibyte is refused with 413, announced or not', async () => {
    expect(await announce(url, { 'content-length': String(2 ** 20 + 1) }, [])).toBe(413);
    expect(await announce(url, {}, [Buffer.alloc(2 ** 20), Buffer.alloc(1)])).toBe(413);
    expect(await engine.count('inbox_message')).toBe(0);
  });

  test('by another method than POST is answered with 405', async () => {
    expect((await fetch(url)).status).toBe(405);
  });
});

describe('deliveries that come while others are being kept', () => {
  let integrationId: string;
  beforeAll(async () => {
    await engine.connect('busy');
    // Nothing is worked off, so that what was kept stays as it was kept.
    const [row] = await engine.rows<{ id: string }>(
      `update integration set status = 'PAUSED' where code = 'busy' returning id`,
    );
    integrationId = row!.id;
  });
  afterEach(() => engine.rows('delete from inbox_message'));
  const message = (eventId: string, externalId = eventId) => ({
    topic: 'order/changed',
    eventId,
    externalId,
    body: Buffer.from(externalId),
    occurredAt: null,
  });
  const kept = () =>
    engine.rows<{ events: string[] }>(
      `select array_agg(event_id order by id) as events from inbox_message group by xmin::text order by min(id)`,
    );
  const receive = (...deliveries: ReturnType<typeof message>[][]) => {
    const receiver = new Receiver(engine.db);
    return Promise.allSettled(deliveries.map((each) => receiver.keep(integrationId, each, NOW)));
  };
  const value = (count: number) => ({ status: 'fulfilled', value: count });

  test('are kept together, in the order in which they came, each message once', async () => {
    const answers = await receive(
      [message('1')],
      [message('2')],
      [message('3'), message('4')],
      [message('2'), message('5')],
      [message('1')],
    );
    expect(answers).toEqual([value(1), value(1), value(2), value(1), value(0)]);
    expect(await kept()).toEqual([{ events: ['1'] }, { events: ['2', '3', '4', '5'] }]);
  });

  test('are kept without the one among them that the database cannot hold', async () => {
    const answers = await receive([message('1')], [message('2')], [message('3', 'a\0b')], [message('4')]);
    expect(answers).toMatchObject([value(1), value(1), { status: 'rejected' }, value(1)]);
    expect((await kept()).flatMap(({ events }) => events)).toEqual(['1', '2', '4']);
  });

  test('are waited for by what carries messages out', async () => {
    const receiver = new Receiver(engine.db);
    const done: string[] = [];
    const keeping = ['1', '2', '3'].map((event) =>
      receiver.keep(integrationId, [message(event)], NOW).then(() => done.push(event)),
    );
    await receiver.giveWay();
    expect(done).toEqual(['1', '2', '3']);
    await Promise.all(keeping);
  });
});
