import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import type { ActionScope } from '../../src/graph/mutation.js';
import { buyLabel, rateShipment } from '../../src/modules/carriers/index.js';
import { SYSTEM } from '../../src/shared/actor.js';
import { HubProcess } from '../support/hub-process.js';
import { newKey, START } from '../support/hub.js';
import type { CarrierFault } from '../support/easypost-sandbox.js';
import { CarrierDesk, type ShippingPayload } from './support/carrier-desk.js';
import { eur, fresh, mutation, type Payload } from './support/desk.js';

const HOUR = 3_600_000;

let desk: CarrierDesk;
beforeAll(async () => {
  desk = await CarrierDesk.open();
});
afterAll(() => desk.close());
beforeEach(() => {
  Object.assign(desk.sandbox, { faults: [], refusal: null, refund: 'submitted', currency: 'EUR' });
  desk.test.clock.set(START);
});

const codes = ({ userErrors }: ShippingPayload) => userErrors.map(({ code }) => code);
const send = (name: string, input: object, idempotencyKey = newKey()) =>
  desk.send<ShippingPayload>(name, { idempotencyKey, ...input });
async function sweepLater(): Promise<void> {
  desk.test.clock.forward(2 * HOUR);
  await desk.test.hub.upkeep.run('settle-labels');
}

/** Needs what the vendor has published beside the working copy; a skipped test says so in its title. */
const PUBLISHED = new URL('../../../../shared/contracts/easypost/', import.meta.url);
const withPublished = existsSync(PUBLISHED)
  ? test
  : (title: string, _: () => void) => test.skip(`${title} (there are no answers of the vendor beside it)`, _);

interface Bought {
  rates: [object];
  tracker: object;
  postage_label: object;
}

withPublished('the sandbox’s objects have no field that those the vendor has published lack', async () => {
  const published = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, PUBLISHED), 'utf8')) as Bought;
  const { code } = await desk.labelled();
  const [shipment] = [...desk.sandbox.shipments.values()].slice(-1);
  const { rates, tracker, postage_label: label } = published('shipments-buy');
  const pairs: [object, object][] = [
    [published('shipments-buy'), shipment!],
    [rates[0], shipment!.rates[0]!],
    [label, shipment!.postage_label!],
    [tracker, desk.sandbox.trackerOf(code)],
    [published('trackers-create'), desk.sandbox.trackerOf(code)],
  ];
  for (const [theirs, ours] of pairs) expect(Object.keys(theirs)).toEqual(expect.arrayContaining(Object.keys(ours)));
});

describe('a rating', () => {
  test('tells carriers what the products weigh, or the parcel as it is stated, and nothing of the customer but the address', async () => {
    await desk.rated();
    const [asked] = [...desk.sandbox.shipments.values()].slice(-1);
    expect(asked!.parcel).toEqual({ weight: 49.4 });
    expect(asked!.to_address).toMatchObject({ street1: 'Via Tasso 8', city: 'Bergamo', zip: '24121', country: 'IT' });
    expect(asked!.to_address).not.toHaveProperty('email');
    const { shipmentId } = await desk.parcel();
    const parcel = { weightGrams: 3000, lengthMm: 254, widthMm: 100, heightMm: 51 };
    await desk.done('rateShipment', { shipmentId, parcel });
    const [stated] = [...desk.sandbox.shipments.values()].slice(-1);
    expect(stated!.parcel).toEqual({ weight: 105.9, length: 10, width: 4, height: 2.1 });
  });

  test('offers own prices beside those of carriers, chooses by the rules, and shows why', async () => {
    const carrier = fresh('Bartolini');
    const price = { carrier, service: 'standard', country: 'IT', deliveryDays: 1 };
    for (const [upToGrams, amount] of [
      [1000, '3.00'],
      [5000, '6.50'],
      [9000, '0.50'],
    ] as const)
      await desk.done('upsertCarrierRate', { ...price, upToGrams, price: eur(amount) });
    const conditions = { countries: ['IT'], weightUpToGrams: 2000 };
    const effect = { exclude: ['Unheard'], preferCarriers: null, prefer: 'FASTEST' };
    await desk.done('upsertCarrierRule', { code: 'fast', conditions, effect });
    const { offers } = await desk.rated();
    expect(offers.map((offer) => [offer.provider, offer.service, offer.price.amount, offer.isChosen])).toEqual([
      ['manual', 'standard', '6.50', true],
      ['easypost', 'Priority', '11.01', false],
      ['easypost', 'Express', '51.20', false],
      ['easypost', 'GroundAdvantage', '8.20', false],
      ['easypost', 'Of', '1.00', false],
    ]);
    expect(offers[0]!.reasons).toEqual(['chosen', 'the fastest goes first by fast']);
    expect(offers[4]).toMatchObject({ isKept: false, reasons: ['dropped by fast: Unheard is excluded'] });
    await desk.done('upsertCarrierRule', { code: 'fast', isActive: false });
    await desk.done('upsertCarrierRate', { ...price, upToGrams: 5000, price: eur('6.50'), isActive: false });
    const then = (await desk.rated()).offers;
    expect(then[0]).toMatchObject({ service: 'standard', price: eur('0.50'), isChosen: true });
    await desk.done('upsertCarrierRate', { ...price, upToGrams: 9000, price: eur('0.50'), isActive: false });
    expect((await desk.rated()).offers.map(({ service }) => service)).toEqual([
      'Of',
      'GroundAdvantage',
      'Priority',
      'Express',
    ]);
  });

  test('goes on without a carrier that does not answer, and says so; the same call is answered the same', async () => {
    const { shipmentId } = await desk.parcel();
    desk.sandbox.faults = ['BREAKS'];
    const key = newKey();
    const silent = await send('rateShipment', { shipmentId }, key);
    expect(codes(silent)).toEqual(['PROVIDER_UNAVAILABLE']);
    expect(silent.shipment!.offers).toEqual([]);
    expect(codes(await send('buyLabel', { shipmentId }))).toEqual(['REQUIRED']);
    const calls = desk.sandbox.calls.length;
    expect(await send('rateShipment', { shipmentId }, key)).toEqual({ ...silent, replayed: true });
    expect(desk.sandbox.calls).toHaveLength(calls);
    expect((await send('rateShipment', { shipmentId })).shipment!.offers).toHaveLength(4);
  });

  test('is refused without a weight, without an address, and when the goods have left', async () => {
    const sku = await desk.product();
    const { shipmentId } = await desk.parcel({ lines: [{ sku, quantity: '1' }] });
    expect(await desk.refusals('rateShipment', { shipmentId })).toEqual(['REQUIRED at parcel.weightGrams']);
    expect(await desk.refusals('rateShipment', { shipmentId, parcel: { weightGrams: 0, lengthMm: 20_000 } })).toEqual([
      'INVALID at parcel.lengthMm',
      'REQUIRED at parcel',
      'INVALID at parcel.weightGrams',
    ]);
    const nowhere = await desk.parcel({ shippingAddress: null });
    expect(await desk.refusals('rateShipment', { shipmentId: nowhere.shipmentId })).toEqual(['REQUIRED at shipmentId']);
    await desk.done('updateShipment', { shipmentId, status: 'SHIPPED' });
    expect(await desk.refusals('rateShipment', { shipmentId })).toEqual(['CONFLICT at shipmentId']);
    expect(await desk.refusals('rateShipment', { shipmentId: 'shp_x' })).toEqual(['NOT_FOUND at shipmentId']);
  });
});

describe('a label', () => {
  test('is bought by an offer, and the shipment has its carrier, number and link; a second one is refused', async () => {
    const { orderId, shipmentId, code } = await desk.labelled();
    const carried = await desk.carried(shipmentId);
    expect(carried).toMatchObject({
      ...{ carrier: 'USPS', service: 'Priority', trackingNumber: code, status: 'PENDING' },
      trackingUrl: desk.sandbox.trackerOf(code).public_url,
      label: { status: 'BOUGHT', cost: eur('11.01'), provider: 'easypost', trackingNumber: code, reason: null },
    });
    expect(carried.label!.url).toMatch(/^https:\/\/labels\.example\//);
    expect(await desk.refusals('buyLabel', { shipmentId })).toEqual(['CONFLICT at shipmentId']);
    const told = (await desk.timeline(orderId)).filter(({ data }) => data?.label);
    expect(told.map(({ message }) => message.replace(/^Shipment SH-\d+: /, ''))).toEqual([
      'a label of USPS Priority is asked for',
      `a label of USPS Priority was bought, number ${code}`,
    ]);
  });

  test('costs what no customer reads, in no event either', async () => {
    const customer = await desk.customer();
    const { orderId, shipmentId } = await desk.rated({ customerId: customer.id });
    await desk.done('buyLabel', { shipmentId });
    const own = await desk.customerDesk(customer.id);
    const told = JSON.stringify(await own.timeline(orderId));
    expect(told).toContain('a label of Unheard Of was bought');
    expect(told).not.toContain('1.00');
    expect(JSON.stringify(await desk.timeline(orderId))).toContain('"cost":{"amount":"1.00","currency":"EUR"}');
    for (const field of ['label { id }', 'offers { id }'])
      expect(await own.code(`{ orders { nodes { shipments { ${field} } } } }`)).toBe('FORBIDDEN');
  });

  test('without an offer is the one that the rules have chosen; one of another shipment is refused', async () => {
    const other = await desk.rated();
    const { shipmentId } = await desk.rated();
    expect(await desk.refusals('buyLabel', { shipmentId, offerId: other.offers[0]!.id })).toEqual([
      'NOT_FOUND at offerId',
    ]);
    const { shipment } = await desk.done<ShippingPayload>('buyLabel', { shipmentId });
    expect(shipment!.label).toMatchObject({ service: 'Of', cost: eur('1.00') });
  });

  test('of a carrier that nobody asks is made by hand: the shipment has its carrier and no call is made', async () => {
    const rate = { carrier: fresh('Corriere'), service: 'notte', country: 'IT', upToGrams: 1400, price: eur('0.10') };
    await desk.done('upsertCarrierRate', rate);
    const { shipmentId } = await desk.rated();
    const calls = desk.sandbox.calls.length;
    const { shipment } = await desk.done<ShippingPayload>('buyLabel', { shipmentId });
    expect(shipment).toMatchObject({ carrier: rate.carrier, service: 'notte', trackingNumber: null });
    expect(shipment!.label).toMatchObject({ status: 'BOUGHT', provider: 'manual', url: null, cost: eur('0.10') });
    const canceled = await desk.done<ShippingPayload>('cancelLabel', { shipmentId });
    expect(canceled.shipment).toMatchObject({ carrier: null, label: { status: 'CANCELED' } });
    expect(desk.sandbox.calls).toHaveLength(calls);
    await desk.done('upsertCarrierRate', { ...rate, isActive: false });
  });

  test('that the carrier refuses has failed with the reason, and another may be bought', async () => {
    const { shipmentId } = await desk.rated();
    desk.sandbox.refusal = 'The address cannot be reached.';
    const key = newKey();
    const declined = await send('buyLabel', { shipmentId }, key);
    expect(declined.userErrors).toMatchObject([
      {
        code: 'CARRIER_DECLINED',
        message: 'easypost: The address cannot be reached. (SHIPMENT.POSTAGE.FAILURE)',
      },
    ]);
    expect(declined.shipment).toMatchObject({ carrier: null, label: { status: 'FAILED', url: null } });
    expect(await send('buyLabel', { shipmentId }, key)).toEqual({ ...declined, replayed: true });
    desk.sandbox.refusal = null;
    expect((await desk.done<ShippingPayload>('buyLabel', { shipmentId })).shipment!.label!.status).toBe('BOUGHT');
  });

  test('is given back before the goods leave; its offers are used up, and the next rating has others', async () => {
    const { shipmentId, code } = await desk.labelled();
    const { version } = await desk.carried(shipmentId);
    expect(await desk.refusals('cancelLabel', { shipmentId, expectedVersion: version - 1 })).toEqual([
      'VERSION_CONFLICT at expectedVersion',
    ]);
    const { shipment } = await desk.done<ShippingPayload>('cancelLabel', { shipmentId, expectedVersion: version });
    expect(shipment).toMatchObject({ carrier: null, trackingNumber: null, trackingUrl: null });
    expect(shipment!.label).toMatchObject({ status: 'CANCELED', url: null, trackingNumber: code });
    expect(await desk.refusals('cancelLabel', { shipmentId })).toEqual(['CONFLICT at shipmentId']);
    expect(await desk.refusals('buyLabel', { shipmentId })).toEqual(['CONFLICT at offerId']);
    await desk.done('rateShipment', { shipmentId });
    const again = await desk.done<ShippingPayload>('buyLabel', { shipmentId });
    expect(again.shipment!.label!.trackingNumber).not.toBe(code);
    await desk.done('updateShipment', { shipmentId, status: 'SHIPPED' });
    expect(await desk.refusals('cancelLabel', { shipmentId })).toEqual(['CONFLICT at shipmentId']);
  });

  test('that the carrier does not take back is still there, with the reason', async () => {
    const { shipmentId, code } = await desk.labelled();
    desk.sandbox.refund = 'rejected';
    const kept = await send('cancelLabel', { shipmentId });
    expect(codes(kept)).toEqual(['CARRIER_DECLINED']);
    expect(kept.shipment).toMatchObject({
      trackingNumber: code,
      label: { status: 'BOUGHT', reason: 'the refund is rejected' },
    });
  });

  test('is refused for an order on hold', async () => {
    const { orderId, shipmentId } = await desk.rated();
    await desk.done<Payload<'order', object>>('holdOrder', { orderId, reason: 'FRAUD' });
    expect(await desk.refusals('buyLabel', { shipmentId })).toEqual(['ON_HOLD at orderId']);
  });
});

describe('an answer that is lost', () => {
  const FAULTS: CarrierFault[] = ['DIES_BEFORE', 'DIES_BEHIND', 'BREAKS', 'BREAKS_BEHIND', 'IS_TOO_MANY'];

  test.each(FAULTS)(
    'where the call %s is found out by the sweep or the same call, and one label is bought',
    async (fault) => {
      for (const way of ['SWEEP', 'CALL']) {
        const { shipmentId } = await desk.rated();
        const { sold } = desk.sandbox;
        desk.sandbox.faults = [fault];
        const key = newKey();
        const lost = await send('buyLabel', { shipmentId }, key);
        expect(codes(lost)).toEqual(['PROVIDER_UNAVAILABLE']);
        expect(lost.shipment!.label).toMatchObject({ status: 'REQUESTED', url: null });
        expect(desk.sandbox.sold - sold).toBe(fault.endsWith('BEHIND') ? 1 : 0);
        expect(await desk.refusals('buyLabel', { shipmentId })).toEqual(['CONFLICT at shipmentId']);
        if (way === 'SWEEP') await sweepLater();
        else expect(await send('buyLabel', { shipmentId }, key)).toMatchObject({ replayed: true, userErrors: [] });
        const { label, trackingNumber } = await desk.carried(shipmentId);
        expect(label).toMatchObject({ status: 'BOUGHT', trackingNumber });
        expect(desk.sandbox.sold - sold).toBe(1);
      }
    },
  );

  test.each(FAULTS)('of a cancellation where the call %s is found out, and one refund is asked for', async (fault) => {
    const { shipmentId } = await desk.labelled();
    desk.sandbox.faults = [fault];
    expect(codes(await send('cancelLabel', { shipmentId }))).toEqual(['PROVIDER_UNAVAILABLE']);
    await sweepLater();
    expect(await desk.carried(shipmentId)).toMatchObject({ trackingNumber: null, label: { status: 'CANCELED' } });
  });

  test('is asked for again in longer and longer pauses', async () => {
    const { shipmentId } = await desk.rated();
    desk.sandbox.faults = ['BREAKS', 'BREAKS', 'BREAKS'];
    await send('buyLabel', { shipmentId });
    const calls = () => desk.sandbox.calls.filter((call) => call.endsWith('/buy')).length;
    const before = calls();
    const sweepAfter = async (ms: number) => {
      desk.test.clock.forward(ms);
      await desk.test.hub.upkeep.run('settle-labels');
      return calls() - before;
    };
    expect(await sweepAfter(119_000)).toBe(0);
    expect(await sweepAfter(1_000)).toBe(1);
    expect(await sweepAfter(239_000)).toBe(1);
    expect(await sweepAfter(1_000)).toBe(2);
    await sweepLater();
    expect((await desk.carried(shipmentId)).label!.status).toBe('BOUGHT');
  });

  test.each(['buyLabel:after-commit', 'settle-label:before-commit'])(
    'with a hub that is killed at %s is found out by another',
    async (dieAt) => {
      const { shipmentId } = await desk.rated();
      const { sold } = desk.sandbox;
      const child = await HubProcess.start({
        databaseUrl: desk.test.database.url,
        dieAt,
        carriers: { easypost: desk.sandbox.settings },
      });
      const input = { shipmentId, idempotencyKey: newKey() };
      await expect(child.graph(mutation('buyLabel'), { input })).rejects.toThrow();
      await child.gone();
      expect(child.hits).toEqual([dieAt]);
      expect(desk.sandbox.sold - sold).toBe(dieAt.startsWith('settle') ? 1 : 0);
      expect((await desk.carried(shipmentId)).label!.status).toBe('REQUESTED');
      // The child wrote by the clock of the machine.
      desk.test.clock.set(new Date(Date.now() + HOUR));
      await desk.test.hub.upkeep.run('settle-labels');
      expect((await desk.carried(shipmentId)).label).toMatchObject({ status: 'BOUGHT' });
      expect(desk.sandbox.sold - sold).toBe(1);
    },
  );
});

test('what a rule of the hub asks for without waiting is carried out by the sweep', async () => {
  const { shipmentId } = await desk.parcel();
  const { db, services } = desk.test.hub;
  const act = (action: (scope: ActionScope) => Promise<object>) =>
    db.transaction('rule', (tx) =>
      action({
        ...{ tx, now: desk.test.clock.now(), actor: SYSTEM, customerId: null },
        service: (key) => services.get(key),
      }),
    );
  await act((scope) => rateShipment(scope, { shipmentId }));
  await sweepLater();
  expect((await desk.carried(shipmentId)).offers).toHaveLength(4);
  await act((scope) => buyLabel(scope, { shipmentId }));
  await sweepLater();
  expect((await desk.carried(shipmentId)).label).toMatchObject({ status: 'BOUGHT' });
});

test('the same label asked for twice at once is bought once', async () => {
  const { shipmentId } = await desk.rated();
  const { sold } = desk.sandbox;
  const both = await Promise.all([send('buyLabel', { shipmentId }), send('buyLabel', { shipmentId })]);
  expect(both.flatMap(codes)).toEqual(['CONFLICT']);
  expect(desk.sandbox.sold - sold).toBe(1);
});

test('prices and rules are checked, kept with their history, and shown', async () => {
  const code = fresh('rule');
  const wrong = { exclude: ['a/b/c'], mostDays: -1, mostPrice: eur('1.001') };
  expect(await desk.refusals('upsertCarrierRule', { code: 'a b', name: ' ', effect: wrong })).toEqual([
    'INVALID at code',
    'INVALID at name',
    'INVALID at effect.exclude',
    'INVALID at effect.mostDays',
    'INVALID at effect.mostPrice',
  ]);
  await desk.done('upsertCarrierRule', { code, effect: { mostDays: 3 }, isActive: false });
  await desk.done('upsertCarrierRule', { code, priority: 7 });
  const query = `{ carrierRules { code name priority isActive conditions { countries valueOver { amount } } effect { exclude mostDays prefer }
    history { nodes { changes { field from to } } } } }`;
  const { carrierRules } = await desk.ask<{ carrierRules: { code: string; history: { nodes: object[] } }[] }>(query);
  expect(carrierRules.find((rule) => rule.code === code)).toMatchObject({
    ...{ name: code, priority: 7, isActive: false, conditions: { countries: [], valueOver: null } },
    effect: { exclude: [], mostDays: 3, prefer: null },
  });
  expect(carrierRules.find((rule) => rule.code === code)!.history.nodes[1]).toEqual({
    changes: [{ field: 'priority', from: 100, to: 7 }],
  });
  const rate = {
    carrier: 'Posta',
    service: 'a/b',
    country: 'CH',
    upToGrams: 0,
    price: eur('-1.00'),
    deliveryDays: 400,
  };
  expect(await desk.refusals('upsertCarrierRate', rate)).toEqual([
    'INVALID at service',
    'INVALID at upToGrams',
    'INVALID at deliveryDays',
    'INVALID at price',
  ]);
  const good = { ...rate, service: 'lettera', upToGrams: 50, price: eur('2.10'), deliveryDays: 2 };
  await desk.done('upsertCarrierRate', good);
  await desk.done('upsertCarrierRate', { ...good, price: eur('2.40') });
  const rates = await desk.ask<{ carrierRates: object[] }>(
    '{ carrierRates(country: "CH") { carrier upToGrams price { amount currency } deliveryDays version } }',
  );
  expect(rates.carrierRates).toEqual([
    { carrier: 'Posta', upToGrams: 50, price: eur('2.40'), deliveryDays: 2, version: 2 },
  ]);
});

test('neither the key nor what was sent stands in the log', async () => {
  desk.sandbox.faults = ['BREAKS'];
  const { shipmentId } = await desk.parcel();
  await send('rateShipment', { shipmentId });
  const log = JSON.stringify(desk.test.log.lines);
  expect(log).toContain('a carrier gave no prices');
  for (const secret of [desk.sandbox.settings.apiKey, 'Via Tasso', 'Bianchi']) expect(log).not.toContain(secret);
});
