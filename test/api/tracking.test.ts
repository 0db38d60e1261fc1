import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { newKey, START } from '../support/hub.js';
import { CarrierDesk, type ShippingPayload } from './support/carrier-desk.js';
import { after, type Payload, type Shipment } from './support/desk.js';

const HOUR = 3_600_000;

let desk: CarrierDesk;
beforeAll(async () => {
  desk = await CarrierDesk.open();
});
afterAll(() => desk.close());
beforeEach(() => {
  desk.sandbox.faults = [];
  desk.test.clock.set(START);
});

const at = (hours: number) => new Date(START.getTime() + hours * HOUR);
const post = (event: { body: string; headers: object }) =>
  fetch(`${desk.test.hub.url}/carriers/webhooks/easypost`, {
    method: 'POST',
    ...event,
    headers: event.headers as Record<string, string>,
  });
const look = (shipmentId: string) =>
  desk.send<ShippingPayload>('trackShipment', { shipmentId, idempotencyKey: newKey() });
const trackerCalls = () => desk.sandbox.calls.filter((call) => call === 'GET /v2/trackers/trk').length;
const status = async (shipmentId: string) => (await desk.carried(shipmentId)).status;
const told = async (shipmentId: string) =>
  (await desk.carried(shipmentId)).trackingEvents.map((event) => `${event.status} ${event.at.slice(11, 16)}`);

describe('a carrier’s reports', () => {
  test('move shipment and order by a webhook; what is late, repeated or out of order is kept once and moves nothing back', async () => {
    const { orderId, shipmentId, code } = await desk.labelled();
    desk.sandbox.report(code, 'pre_transit', at(0.5));
    expect((await post(desk.sandbox.event(code))).status).toBe(200);
    desk.sandbox.report(code, 'in_transit', at(2), { city: 'Milano', message: 'Arrived at facility' });
    const news = desk.sandbox.event(code, 'evt_news');
    await post(news);
    await eventually('the parcel to be on its way', async () => (await status(shipmentId)) === 'IN_TRANSIT');
    expect(await desk.readOrder(orderId)).toMatchObject({ status: 'SHIPPED', fulfillmentStatus: 'FULFILLED' });
    expect((await desk.carried(shipmentId)).trackingEvents).toMatchObject([
      { status: 'SHIPPED' },
      { status: 'IN_TRANSIT', place: 'Milano', description: 'Arrived at facility' },
    ]);
    const calls = trackerCalls();
    await post(news);
    await post(news);
    expect(trackerCalls()).toBe(calls);
    desk.sandbox.report(code, 'delivered', at(9), { city: 'Bergamo' });
    desk.sandbox.report(code, 'out_for_delivery', at(7));
    desk.sandbox.report(code, 'in_transit', at(5));
    await post(desk.sandbox.event(code));
    await eventually('the parcel to be delivered', async () => (await status(shipmentId)) === 'DELIVERED');
    desk.sandbox.report(code, 'in_transit', at(6));
    await look(shipmentId);
    await look(shipmentId);
    expect(await told(shipmentId)).toEqual([
      'SHIPPED 11:00',
      'IN_TRANSIT 11:00',
      'IN_TRANSIT 14:00',
      'IN_TRANSIT 15:00',
      'OUT_FOR_DELIVERY 16:00',
      'DELIVERED 18:00',
    ]);
    expect(await desk.readOrder(orderId)).toMatchObject({ status: 'DELIVERED' });
    expect((await desk.carried(shipmentId)).deliveredAt).toBe(after(9 * HOUR));
  });

  test('are taken from a webhook only where its signature fits the bytes', async () => {
    const { shipmentId, code } = await desk.labelled();
    desk.sandbox.report(code, 'in_transit', at(1));
    const good = desk.sandbox.event(code);
    const calls = trackerCalls();
    for (const bad of [
      desk.sandbox.event(code, 'evt_1', 'another secret'),
      { ...good, body: good.body.replace('tracker.updated', 'tracker.created') },
      { ...good, headers: {} },
      { ...good, headers: { 'x-hmac-signature': good.headers['x-hmac-signature'].slice(0, -1) } },
    ])
      expect((await post(bad)).status).toBe(400);
    expect(trackerCalls()).toBe(calls);
    expect(await status(shipmentId)).toBe('PENDING');
    const nowhere = await fetch(`${desk.test.hub.url}/carriers/webhooks/nobody`, { method: 'POST', ...good });
    expect(nowhere.status).toBe(404);
    expect((await post(good)).status).toBe(200);
    await eventually('the parcel to be on its way', async () => (await status(shipmentId)) === 'IN_TRANSIT');
  });

  test('are asked for where nobody tells them, in pauses, and no more once it has arrived or the carrier is silent', async () => {
    const sweepAt = async (hours: number) => {
      const before = trackerCalls();
      desk.test.clock.set(at(hours));
      await desk.test.hub.upkeep.run('follow-shipments');
      return trackerCalls() - before;
    };
    // Those of other tests are due too, and are given up after so many days.
    await sweepAt(2000);
    const first = await desk.labelled();
    const second = await desk.labelled();
    expect(await sweepAt(2000.9)).toBe(0);
    desk.sandbox.report(first.code, 'delivered', at(2000.5));
    desk.sandbox.report(second.code, 'in_transit', at(2000.5));
    expect(await sweepAt(2001)).toBe(2);
    expect([await status(first.shipmentId), await status(second.shipmentId)]).toEqual(['DELIVERED', 'IN_TRANSIT']);
    expect(await sweepAt(2004.9)).toBe(0);
    desk.sandbox.faults = ['IS_TOO_MANY'];
    expect(await sweepAt(2005)).toBe(1);
    expect(await sweepAt(2005)).toBe(0);
    expect(await sweepAt(2006)).toBe(1);
    expect(await sweepAt(2000 + 61 * 24)).toBe(1);
    expect(await sweepAt(2000 + 99 * 24)).toBe(0);
  });

  test('of a number that was typed in are read by trackShipment, which its key does once', async () => {
    const { shipmentId } = await desk.parcel();
    expect(await desk.refusals('trackShipment', { shipmentId })).toEqual(['CONFLICT at shipmentId']);
    const input = { shipmentId, status: 'SHIPPED', carrier: 'USPS', trackingNumber: '9400', at: after(0) };
    await desk.done<Payload<'shipment', Shipment>>('updateShipment', input);
    const key = newKey();
    const send = () => desk.send<ShippingPayload>('trackShipment', { shipmentId, idempotencyKey: key });
    await send();
    desk.sandbox.report('9400', 'out_for_delivery', at(3));
    expect(await send()).toMatchObject({ replayed: true, shipment: { status: 'SHIPPED' } });
    expect((await look(shipmentId)).shipment).toMatchObject({ status: 'OUT_FOR_DELIVERY' });
    desk.sandbox.faults = ['BREAKS'];
    expect((await look(shipmentId)).userErrors).toMatchObject([{ code: 'PROVIDER_UNAVAILABLE' }]);
  });

  test('of a label that was given back move nothing', async () => {
    const { shipmentId, code } = await desk.labelled();
    desk.sandbox.report(code, 'in_transit', at(1));
    await desk.done('cancelLabel', { shipmentId });
    expect((await post(desk.sandbox.event(code))).status).toBe(200);
    expect(await desk.refusals('trackShipment', { shipmentId })).toEqual(['CONFLICT at shipmentId']);
    expect(await desk.carried(shipmentId)).toMatchObject({ status: 'PENDING', trackingEvents: [] });
  });

  test('that the hub cannot believe are tried again until it can', async () => {
    const { orderId, shipmentId, code } = await desk.labelled();
    await desk.done('holdOrder', { orderId, reason: 'FRAUD' });
    desk.sandbox.report(code, 'in_transit', at(1));
    expect((await look(shipmentId)).shipment).toMatchObject({ status: 'PENDING', trackingEvents: [] });
    await desk.done('releaseOrder', { orderId });
    expect((await look(shipmentId)).shipment).toMatchObject({ status: 'IN_TRANSIT' });
  });
});

describe('trouble', () => {
  test('holds the order, once, and the hold ends where the parcel goes on', async () => {
    const { orderId, shipmentId, code } = await desk.labelled();
    desk.sandbox.report(code, 'in_transit', at(1));
    desk.sandbox.report(code, 'in_transit', at(2), { detail: 'damaged', message: 'The box is open' });
    const { shipment } = await look(shipmentId);
    const hold = { reason: 'MANUAL', note: `Shipment ${shipment!.number} is exception: The box is open` };
    expect(await desk.openHolds(orderId)).toEqual([hold]);
    desk.sandbox.report(code, 'in_transit', at(3), { detail: 'delivery_exception' });
    await look(shipmentId);
    expect(await desk.openHolds(orderId)).toEqual([hold]);
    await desk.done('holdOrder', { orderId, reason: 'FRAUD', note: 'of its own' });
    desk.sandbox.report(code, 'out_for_delivery', at(4));
    await look(shipmentId);
    expect(await desk.openHolds(orderId)).toEqual([{ reason: 'FRAUD', note: 'of its own' }]);
    desk.sandbox.report(code, 'failure', at(5), { message: 'No such street' });
    await look(shipmentId);
    expect(await desk.openHolds(orderId)).toEqual([
      { reason: 'FRAUD', note: 'of its own' },
      { reason: 'ADDRESS', note: `Shipment ${shipment!.number} is delivery failed: No such street` },
    ]);
    await desk.done('releaseOrder', { orderId });
    desk.sandbox.report(code, 'delivered', at(6));
    await look(shipmentId);
    expect(await desk.openHolds(orderId)).toEqual([]);
    const steps = (await desk.timeline(orderId)).map(({ type }) => type).filter((type) => type.startsWith('HOLD'));
    expect(steps).toEqual([
      ...['HOLD_PLACED', 'HOLD_PLACED', 'HOLD_RELEASED', 'HOLD_PLACED', 'HOLD_RELEASED', 'HOLD_RELEASED'],
    ]);
  });

  test.each([
    ['return_to_sender', undefined, 'RETURNED_TO_SENDER'],
    ['in_transit', 'lost', 'LOST'],
  ])(
    '%s, %s leaves the hold to a person: the goods are to be sent again or canceled',
    async (word, detail, reached) => {
      const { orderId, shipmentId, code } = await desk.labelled();
      desk.sandbox.report(code, 'in_transit', at(1), { detail: 'damaged' });
      await look(shipmentId);
      desk.sandbox.report(code, word, at(2), { ...(detail && { detail }) });
      expect((await look(shipmentId)).shipment).toMatchObject({ status: reached });
      desk.sandbox.report(code, 'in_transit', at(3));
      await look(shipmentId);
      expect(await desk.openHolds(orderId)).toMatchObject([{ reason: 'MANUAL' }]);
      expect(await desk.readOrder(orderId)).toMatchObject({ status: 'PROCESSING', fulfillmentStatus: 'UNFULFILLED' });
    },
  );
});

describe('the tracking page', () => {
  async function urls(orderId: string): Promise<{ order: string; shipment: string }> {
    const query = `query ($id: ID!) { order(id: $id) { trackingPageUrl shipments { trackingPageUrl } } }`;
    interface Answer {
      order: { trackingPageUrl: string; shipments: { trackingPageUrl: string }[] };
    }
    const { order } = await desk.ask<Answer>(query, { id: orderId });
    return { order: order.trackingPageUrl, shipment: order.shipments[0]?.trackingPageUrl ?? '' };
  }
  async function visit(url: string, language = 'en'): Promise<{ page: Response; html: string }> {
    const page = await fetch(url, { headers: { 'accept-language': language } });
    return { page, html: await page.text() };
  }

  test('shows where a parcel is and what is in it, and neither name, street, price nor what a carrier says of people', async () => {
    const { orderId, shipmentId, code } = await desk.labelled();
    desk.sandbox.report(code, 'in_transit', at(2), { city: 'Milano', message: 'Left with ADA BIANCHI' });
    const { number } = (await look(shipmentId)).shipment!;
    const order = await desk.readOrder(orderId);
    for (const url of Object.values(await urls(orderId))) {
      const { page, html } = await visit(url);
      expect(page.status).toBe(200);
      for (const part of [
        ...[order.number, number, code, 'On its way', 'Bergamo, Italy', 'Milano', 'Lamp &lt;b&gt;&quot;Luna&quot;'],
        ...['× 2', 'aria-current="step"', '2 March 2026 at 12:00', desk.sandbox.trackerOf(code).public_url],
      ])
        expect(html).toContain(part);
      for (const part of [
        'Bianchi',
        'BIANCHI',
        'Tasso',
        '24121',
        '035',
        'EUR',
        '20.00',
        '11.01',
        '<script',
        'lamp <b>',
      ])
        expect(html).not.toContain(part);
    }
  });

  test('speaks the visitor’s language, else that of where it goes', async () => {
    const { orderId } = await desk.labelled();
    const { order } = await urls(orderId);
    for (const [asked, language] of [
      ['it-IT,en;q=0.5', 'it'],
      ['en;q=0.5,it;q=0.2', 'en'],
      ['de,it;q=0.2', 'it'],
      ['it;q=0,en;q=0.1', 'en'],
      ['de', 'it'],
      ['', 'it'],
    ])
      expect((await visit(order, asked)).html).toContain(`<html lang="${language}">`);
  });

  test('is there before anything is packed, and leaves out what was called off', async () => {
    const lines = [{ sku: desk.sku, quantity: '1' }];
    const { id: orderId } = await desk.order({ lines, confirm: true });
    const { order } = await urls(orderId);
    expect((await visit(order)).html).toContain('Your order is being prepared');
    const { id: shipmentId } = await desk.shipment(orderId);
    expect((await visit(order)).html).toContain('In preparation');
    await desk.done('updateShipment', { shipmentId, status: 'CANCELED' });
    expect((await visit(order)).html).toContain('Your order is being prepared');
    await desk.done('cancelOrder', { orderId });
    expect((await visit(order)).html).toContain('This order was canceled');
  });

  test('keeps itself out of caches, searches, frames and referrers, and runs nothing', async () => {
    const { order } = await urls((await desk.labelled()).orderId);
    const { page, html } = await visit(order);
    const [, sheet] = /<style>([^]*)<\/style>/.exec(html)!;
    const hash = createHash('sha256').update(sheet!).digest('base64');
    expect(page.headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      ...{
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'private, no-store',
        'x-frame-options': 'DENY',
      },
      ...{ 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow', vary: 'accept-language' },
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/,
      ),
    });
    const head = await fetch(order, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('is not found under a token that the hub has not made, and guesses end after thirty in a minute', async () => {
    const { orderId, shipmentId } = await desk.labelled();
    const { order, shipment } = await urls(orderId);
    const changed = (url: string, from: RegExp, to: string) => url.replace(from, to);
    const wrong = [
      changed(order, /track\/o/, 'track/s'),
      changed(shipment, /track\/s/, 'track/o'),
      changed(order, /.{3}$/, 'AAA'),
      changed(order, /-.*$/, '-'),
      changed(order, /-/, '0-'),
      `${desk.test.hub.url}/track/${shipmentId}`,
      `${desk.test.hub.url}/track/`,
    ];
    let first = '';
    for (const url of wrong) {
      const { page, html } = await visit(url);
      expect([url, page.status]).toEqual([url, 404]);
      first ||= html;
      expect(html).toBe(first);
    }
    for (let n = wrong.length; n < 30; n += 1) expect((await visit(wrong[0]!)).page.status).toBe(404);
    const { page, html } = await visit(wrong[0]!);
    expect([page.status, page.headers.get('retry-after')]).toEqual([429, '60']);
    expect(html).toContain('Too many visits');
    expect((await visit(order)).page.status).toBe(200);
    desk.test.clock.forward(60_000);
    expect((await visit(wrong[0]!)).page.status).toBe(404);
  });
});
