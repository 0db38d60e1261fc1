import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newKey, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, fresh, refusal, seeded, type Level, type Payload } from './support/desk.js';

type LevelPayload = Payload<'stockLevel', Level>;
type LocationPayload = Payload<
  'location',
  { id: string; code: string; name: string; isActive: boolean; version: number }
>;

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  await desk.done('upsertStockLocation', { code: 'MAIN' });
});
afterAll(() => hub.stop());

function adjust(input: object): Promise<LevelPayload> {
  return desk.done<LevelPayload>('adjustStock', { location: 'MAIN', reason: 'test', ...input });
}

describe('a location', () => {
  test('is made with its code for a name, and changed by it', async () => {
    const code = fresh('LOC');
    const { location } = await desk.done<LocationPayload>('upsertStockLocation', { code });
    expect(location).toMatchObject({ code, name: code, isActive: true, version: 1 });
    const address = { line1: 'x', city: 'y', country: 'IT' };
    expect(
      (await desk.done<LocationPayload>('upsertStockLocation', { code, name: 'North', address })).location,
    ).toMatchObject({ id: location!.id, name: 'North', version: 2 });
    expect(
      (await desk.done<LocationPayload>('upsertStockLocation', { code, name: 'North', isActive: false })).location,
    ).toMatchObject({ isActive: false, version: 3 });
    expect((await desk.done<LocationPayload>('upsertStockLocation', { code, isActive: false })).location).toMatchObject(
      { version: 3 },
    );
  });

  test.each([
    ['', 'INVALID at code'],
    ['-A', 'INVALID at code'],
    ['A B', 'INVALID at code'],
    ['x'.repeat(41), 'INVALID at code'],
  ])('is refused with the code %j', async (code, expected) => {
    expect(await desk.refusals('upsertStockLocation', { code })).toEqual([expected]);
  });

  test('cannot be without a name or a state', async () => {
    expect(await desk.refusals('upsertStockLocation', { code: 'MAIN', name: null })).toEqual(['INVALID at name']);
    expect(await desk.refusals('upsertStockLocation', { code: 'MAIN', isActive: null })).toEqual([
      'INVALID at isActive',
    ]);
  });

  test('is listed by code', async () => {
    const { stockLocations } = await desk.ask<{ stockLocations: { code: string }[] }>('{ stockLocations { code } }');
    const codes = stockLocations.map(({ code }) => code);
    expect(codes).toContain('MAIN');
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('a level', () => {
  test('begins at nothing and is the sum of what came and went', async () => {
    const sku = await desk.product(null, null);
    expect(await desk.level(sku)).toBeNull();
    expect((await adjust({ sku, delta: '10.5', kind: 'RECEIPT' })).stockLevel).toMatchObject({
      onHand: '10.5',
      available: '10.5',
      reserved: '0',
      version: 2,
    });
    expect((await adjust({ sku, delta: '-0.75', kind: 'DAMAGE' })).stockLevel).toMatchObject({
      onHand: '9.75',
      version: 3,
    });
    expect((await adjust({ sku, setTo: '4', kind: 'COUNT' })).stockLevel).toMatchObject({ onHand: '4', version: 4 });
    expect((await adjust({ sku, setTo: '4', kind: 'COUNT' })).stockLevel).toMatchObject({ onHand: '4', version: 4 });
  });

  test('tells each change in the log, in the numbers of its version', async () => {
    const sku = await desk.product(null, null);
    await adjust({ sku, delta: '3', kind: 'RECEIPT', reason: 'delivery 7' });
    await adjust({ sku, delta: '-1' });
    const { rows } = await hub.hub.db.pool.query<{ sequence: number; data: object }>(
      `select sequence, data from event where subject_kind = 'stock_level' and data->>'sku' = $1 order by sequence`,
      [sku],
    );
    expect(rows).toMatchObject([
      {
        sequence: 2,
        data: {
          location: 'MAIN',
          kind: 'RECEIPT',
          quantity: '3',
          reason: 'delivery 7',
          availableBefore: '0',
          availableAfter: '3',
        },
      },
      { sequence: 3, data: { kind: 'ADJUSTMENT', quantity: '-1', availableBefore: '3', availableAfter: '2' } },
    ]);
  });

  test('agrees with a sum of integers over random movements at two places', async () => {
    const sku = await desk.product(null, null);
    await desk.done('upsertStockLocation', { code: 'WEST' });
    const below = seeded(21);
    const sums = new Map([
      ['MAIN', 0],
      ['WEST', 0],
    ]);
    for (let run = 0; run < 40; run += 1) {
      const location = below(2) ? 'MAIN' : 'WEST';
      const delta = below(2_000) - 900;
      const payload = await desk.send<LevelPayload>('adjustStock', {
        idempotencyKey: newKey(),
        sku,
        location,
        delta: (delta / 1_000).toFixed(3),
        reason: 'x',
      });
      const fits = sums.get(location)! + delta >= 0;
      expect(payload.userErrors.map(({ code }) => code)).toEqual(fits ? [] : ['INSUFFICIENT_STOCK']);
      if (fits) sums.set(location, sums.get(location)! + delta);
    }
    for (const [location, thousandths] of sums)
      expect(Number((await desk.level(sku, location))?.onHand ?? 0) * 1_000).toBeCloseTo(thousandths, 6);
    const { product } = await desk.ask<{
      product: { availableToPromise: string; stock: { location: { code: string } }[] };
    }>('query($s: String!) { product(sku: $s) { availableToPromise stock { location { code } } } }', { s: sku });
    expect(Number(product.availableToPromise) * 1_000).toBeCloseTo(
      [...sums.values()].reduce((a, b) => a + b),
      6,
    );
    expect(product.stock.map(({ location }) => location.code)).toEqual(['MAIN', 'WEST']);
  });

  test('shows what is promised beyond what is there, after a count', async () => {
    const sku = await desk.product('1.00', '5');
    await desk.order({ lines: [{ sku, quantity: '4' }], confirm: true });
    expect((await adjust({ sku, setTo: '1', kind: 'COUNT' })).stockLevel).toMatchObject({
      onHand: '1',
      reserved: '4',
      available: '0',
      shortfall: '3',
    });
  });

  test('has no promise to give for a product that is not stocked', async () => {
    const sku = await desk.product(null, null, { isStocked: false });
    expect(
      await desk.ask('query($s: String!) { product(sku: $s) { availableToPromise stock { id } } }', { s: sku }),
    ).toEqual({
      product: { availableToPromise: null, stock: [] },
    });
  });

  const cases: [string, (sku: string) => object, string[]][] = [
    ['neither delta nor setTo', () => ({}), ['INVALID at delta']],
    ['both delta and setTo', () => ({ delta: '1', setTo: '1' }), ['INVALID at delta']],
    ['a negative count', () => ({ setTo: '-1' }), ['INVALID at setTo']],
    ['no reason', () => ({ delta: '1', reason: ' ' }), ['REQUIRED at reason']],
    ['a shipment', () => ({ delta: '-1', kind: 'SHIPMENT' }), ['INVALID at kind']],
    ['a receipt that takes away', () => ({ delta: '-1', kind: 'RECEIPT' }), ['INVALID at delta']],
    ['a damage that adds', () => ({ delta: '1', kind: 'DAMAGE' }), ['INVALID at delta']],
    ['a damage counted upwards', () => ({ setTo: '9', kind: 'DAMAGE' }), ['INVALID at setTo']],
    ['an unknown product', () => ({ sku: 'nothing', delta: '1' }), ['NOT_FOUND at sku']],
    ['an unknown location', () => ({ location: 'nowhere', delta: '1' }), ['NOT_FOUND at location']],
    ['more than is there', () => ({ delta: '-2.001' }), ['INSUFFICIENT_STOCK at delta']],
    [
      'several things at once',
      () => ({ kind: 'SHIPMENT', reason: '', setTo: '-1' }),
      ['INVALID at setTo', 'INVALID at kind', 'REQUIRED at reason'],
    ],
  ];
  test.each(cases)('refuses %s, and leaves no trace', async (_, input) => {
    const sku = await desk.product(null, '2');
    const before = await desk.traces();
    const expected = cases.find(([name]) => name === _)![2];
    expect(await desk.refusals('adjustStock', { sku, location: 'MAIN', reason: 'x', ...input(sku) })).toEqual(expected);
    expect(await desk.traces()).toEqual(before);
    expect(await desk.level(sku)).toMatchObject({ onHand: '2', version: 2 });
  });

  test('is not kept for a product that is not stocked', async () => {
    const sku = await desk.product(null, null, { isStocked: false });
    expect(await desk.refusals('adjustStock', { sku, location: 'MAIN', delta: '1', reason: 'x' })).toEqual([
      'INVALID at sku',
    ]);
    expect(await desk.level(sku)).toBeNull();
  });

  test('names what there is where more is taken, and lets the same key succeed once it is there', async () => {
    const sku = await desk.product(null, '2');
    const input = { idempotencyKey: newKey(), sku, location: 'MAIN', delta: '-3', reason: 'x' };
    const refused = await desk.send<LevelPayload>('adjustStock', input);
    expect(refused.userErrors).toMatchObject([
      { __typename: 'InsufficientStockError', sku, requested: '3', available: '2' },
    ]);
    expect(refused.userErrors.map(refusal)).toEqual(['INSUFFICIENT_STOCK at delta']);
    await desk.stock(sku, '1');
    expect(await desk.send<LevelPayload>('adjustStock', input)).toMatchObject({
      stockLevel: { onHand: '0' },
      replayed: false,
    });
  });

  test('loses nothing where many move it at the same time', async () => {
    const sku = await desk.product(null, null);
    await Promise.all(Array.from({ length: 20 }, () => adjust({ sku, delta: '1.1', kind: 'RECEIPT' })));
    expect(await desk.level(sku)).toMatchObject({ onHand: '22', version: 21 });
  });
});
