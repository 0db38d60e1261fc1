import { afterEach, describe, expect, test } from '@jest/globals';
import { loneHttp, type Change, type FaultMode } from '#connect';
import amazon from '../index.js';
import { faultsOf, NOW, openAccount, outcome, readAll, walk, type Account } from './account.js';

const accounts: Account[] = [];
afterEach(async () => {
  for (const account of accounts.splice(0)) await account.close();
});
async function open(options: Parameters<typeof openAccount>[0] = {}): Promise<Account> {
  const account = await openAccount(options);
  accounts.push(account);
  return account;
}
const ordersIn = (changes: Change[]) => changes.flatMap((change) => (change.kind === 'order' ? [change.order] : []));
const shipmentsIn = (changes: Change[]) =>
  changes.flatMap((change) => (change.kind === 'shipment' ? [change.shipment] : []));

describe('a walk', () => {
  test('finds every order, oldest change first, and states those that are paid at their totals', async () => {
    const { sandbox, context } = await open();
    sandbox.act(50);
    const { records, pages } = await walk(context, 'orders');
    expect(pages.length).toBeGreaterThan(3);
    expect(records.map(({ externalId }) => externalId).sort()).toEqual([...sandbox.account.orders.keys()].sort());
    const times = records.map(({ modifiedAt }) => modifiedAt.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const stated = new Map(
      ordersIn(readAll(context, 'orders', records)).map((order) => [order.externalId, order] as const),
    );
    expect(sandbox.made.length).toBeGreaterThan(35);
    for (const { id, total } of sandbox.made) {
      const order = stated.get(id)!;
      if (!order.canceledAt) expect(order.stated.total).toBe(total);
    }
    // The last is pending, and some were never paid.
    expect(stated.size).toBe(sandbox.made.length);
    expect([...stated.values()].some(({ canceledAt }) => canceledAt !== undefined)).toBe(true);
  });

  test('finds what Amazon sends', async () => {
    const { sandbox, context } = await open();
    sandbox.act(30);
    const { records } = await walk(context, 'shipments');
    const sent = [...sandbox.account.orders.values()].flatMap(({ id, isAmazons, items }) =>
      items.filter((item) => isAmazons && item.sent > 0).map((item) => `${id}/amazon/${item.id}`),
    );
    const shipments = shipmentsIn(readAll(context, 'shipments', records));
    expect(shipments.map(({ externalId }) => externalId).sort()).toEqual(sent.sort());
    expect(sent.length).toBeGreaterThan(5);
  });

  test('begins where the last one ended and asks for nothing of the last two minutes', async () => {
    const { sandbox, context } = await open();
    sandbox.act(20);
    const { records } = await walk(context, 'orders');
    const newest = records.at(-1)!.modifiedAt;
    const order = [...sandbox.account.orders.values()][3]!;
    sandbox.account.touch(order);
    const later = await walk(context, 'orders', new Date(newest.getTime() + 1));
    expect(later.records.map(({ externalId }) => externalId)).toEqual([order.id]);
    // The window would end before it began: nothing is found, and nothing refused.
    expect((await walk(context, 'orders', NOW)).records).toEqual([]);
    order.changedAt = new Date(NOW.getTime() - 60_000);
    expect((await walk(context, 'orders', new Date(NOW.getTime() - 180_000))).records).toEqual([]);
  });

  test('begins its window anew where the token of a page has ended', async () => {
    const { sandbox, context } = await open();
    sandbox.act(20);
    const pull = amazon.pull.get('orders')!;
    const first = await pull.page(context, { since: null, cursor: null });
    const ended = JSON.stringify({ ...(JSON.parse(first.next!) as object), token: 'ended' });
    const { records, next } = await pull.page(context, { since: null, cursor: ended });
    expect(records).toEqual([]);
    const again = await pull.page(context, { since: null, cursor: next });
    expect(again.records.map(({ externalId }) => externalId)).toEqual(
      first.records.map(({ externalId }) => externalId),
    );
    const often = JSON.stringify({ ...(JSON.parse(first.next!) as object), token: 'ended', restarts: 3 });
    await expect(pull.page(context, { since: null, cursor: often })).rejects.toMatchObject({ kind: 'transient' });
  });
});

test('one order is read by its id, and is null where there is none', async () => {
  const { sandbox, context } = await open();
  sandbox.act(5);
  const { one } = amazon.pull.get('orders')!;
  const [order] = sandbox.made;
  expect(ordersIn(readAll(context, 'orders', [(await one!(context, order!.id))!]))[0]!.externalId).toBe(order!.id);
  expect(await one!(context, '405-9999999-9999999')).toBeNull();
});

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
];

test('whatever goes wrong on the way, the end is the same', async () => {
  const calm = await open();
  const faults = faultsOf(MODES, 0.12);
  const hostile = await open({ faults });
  for (const { sandbox } of [calm, hostile]) sandbox.act(80);
  for (const stream of ['orders', 'shipments']) {
    const expected = outcome(calm.context, stream, (await walk(calm.context, stream)).records);
    for (let again = 0; again < 3; again += 1) {
      const { records } = await walk(hostile.context, stream);
      expect(outcome(hostile.context, stream, records)).toEqual(expected);
    }
  }
  expect(MODES.filter((mode) => faults.count(mode) === 0)).toEqual([]);
});

test('a time that is off is asked for again where it shows, and makes nothing newer than it is', async () => {
  const { sandbox, context } = await open({ faults: faultsOf(['clock-skew'], 1) });
  sandbox.act(6);
  const real = (id: string) => sandbox.account.orders.get(id)!.changedAt.getTime();
  const behind = await walk(context, 'orders');
  const offs = behind.records.map(({ externalId, modifiedAt }) => real(externalId) - modifiedAt.getTime());
  expect([Math.max(...offs), Math.min(...offs)]).toEqual([300_000, 0]);
  const shown = await walk(context, 'orders', new Date(NOW.getTime() - 3_660_000));
  expect(shown.records).toHaveLength(6);
  for (const { externalId, modifiedAt } of shown.records) expect(modifiedAt.getTime()).toBe(real(externalId));
});

test('pages that lead back to themselves without end are given up', async () => {
  const { sandbox, context } = await open({ faults: faultsOf(['cursor-loop'], 1) });
  sandbox.act(20);
  const pull = amazon.pull.get('orders')!;
  let cursor: string | null = null;
  const follow = async () => {
    for (let page = 0; page < 30; page += 1) {
      cursor = (await pull.page(context, { since: null, cursor })).next;
    }
  };
  await expect(follow()).rejects.toThrow('its pages lead back to themselves');
});

describe('a refusal', () => {
  test('of an ended token is asked again once with a new one', async () => {
    const { sandbox, context } = await open();
    sandbox.act(3);
    await walk(context, 'orders');
    sandbox.tokens.revokeAll();
    expect((await walk(context, 'orders')).records).toHaveLength(3);
  });

  test('of the refresh token is a matter for people', async () => {
    const { context } = await open();
    const credentials = { ...(context.credentials as object), refreshToken: 'Atzr|withdrawn' };
    const http = loneHttp(amazon, { settings: context.settings, credentials, now: () => NOW });
    try {
      const asked = amazon.pull.get('orders')!.page({ ...context, credentials, http }, { since: null, cursor: null });
      await expect(asked).rejects.toMatchObject({
        kind: 'unauthorized',
        message: expect.stringContaining('refreshToken: got 400: invalid_grant'),
      });
      await asked.catch((error: Error) => expect(error.message).not.toContain('withdrawn'));
    } finally {
      http.close();
    }
  });

  test('for too many requests says when the bucket has one more', async () => {
    const failureOf = (operation: string, headers = {}) =>
      amazon.http!.failure!(
        { status: 429, headers, body: { errors: [{ code: 'QuotaExceeded', message: 'Too many' }] } },
        { operation, method: 'GET', limit: operation },
      );
    expect(failureOf('getOrder')).toMatchObject({ kind: 'throttled', retryAfterMs: 2_000 });
    expect(failureOf('searchOrders')).toMatchObject({ retryAfterMs: 178_572 });
    expect(failureOf('searchOrders', { 'x-amzn-ratelimit-limit': '4.0' })).toMatchObject({ retryAfterMs: 250 });
    const { context } = await open({ faults: faultsOf(['429'], 1) });
    await expect(walk({ ...context }, 'orders')).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 20 });
  });
});

test('what an answer tells of its rate is the allowance of that operation', () => {
  const response = { status: 200, headers: { 'x-amzn-ratelimit-limit': '0.5' }, body: null };
  expect(amazon.http!.allowance!(response)).toEqual({ perSecond: 0.5 });
  expect(amazon.http!.allowance!({ ...response, headers: {} })).toBeNull();
  expect(Object.keys(amazon.http!.limits).sort()).toEqual([
    'confirmShipment',
    'default',
    'getListingsItem',
    'getOrder',
    'patchListingsItem',
    'searchOrders',
  ]);
});

test('an order of the same number has the same life wherever the account is opened', async () => {
  const whole = await open();
  whole.sandbox.act(12);
  const second = await open({ firstNumber: 7 });
  second.sandbox.act(6);
  expect(second.sandbox.state()).toEqual(whole.sandbox.state());
  // What was sold before is known, and long past.
  const { records } = await walk(second.context, 'orders');
  expect(records).toHaveLength(12);
  expect(records[0]!.modifiedAt.getTime()).toBeLessThan(NOW.getTime() - 50 * 86_400_000);
  expect(second.sandbox.made.length).toBeLessThan(whole.sandbox.made.length);
});
