import { afterEach, describe, expect, test } from '@jest/globals';
import { ConnectorFailure, type OutgoingShipment, type OutgoingStock, type Sent } from '#connect';
import amazon from '../index.js';
import { referenceOf } from '../shipments-out.js';
import type { SoldOrder } from '../sandbox/account.js';
import { faultsOf, openAccount, patiently, type Account } from './account.js';

const accounts: Account[] = [];
afterEach(async () => {
  for (const account of accounts.splice(0)) await account.close();
});
async function open(options: Parameters<typeof openAccount>[0] = {}): Promise<Account> {
  const account = await openAccount(options);
  accounts.push(account);
  account.sandbox.act(30);
  return account;
}
async function tell(context: Account['context'], stream: string, ...records: object[]) {
  const batch = records.map((record, index) => ({ record, idempotencyKey: String(index), mayHaveArrived: false }));
  return amazon.push.get(stream)!.send(context, batch as never);
}
const reasons = (outcomes: (Sent | ConnectorFailure)[]) =>
  outcomes.map((outcome) => (outcome instanceof ConnectorFailure ? `${outcome.kind}: ${outcome.message}` : null));

const STOCK: OutgoingStock = {
  hubId: 'stk_1',
  externalId: null,
  version: 1,
  sku: 'LAMP-1',
  productExternalId: null,
  location: 'BOLOGNA',
  onHand: '9',
  reserved: '1.5',
  available: '7.5',
};

describe('stock', () => {
  test('is set to what can be sold whole, and shows a little later', async () => {
    const { sandbox, context } = await open();
    expect(await tell(context, 'stock', STOCK)).toEqual([{ externalId: 'LAMP-1/DEFAULT' }]);
    expect(sandbox.account.listings.get('LAMP-1')).toMatchObject({ submitted: 7 });
    // Until it shows, an older figure stands there: it must not be taken for what is told.
    expect(await tell(context, 'stock', { ...STOCK, available: '10' })).toEqual([{ externalId: 'LAMP-1/DEFAULT' }]);
    expect(sandbox.state().listings!['LAMP-1']).toEqual({ channel: 'DEFAULT', quantity: 10 });
  });

  test('is not told of what Amazon keeps itself, of what is not listed, and of other places', async () => {
    const { sandbox, context } = await open();
    const before = sandbox.state().listings;
    const outcomes = await tell(context, 'stock', { ...STOCK, sku: 'BOOK-1' }, { ...STOCK, sku: 'A/B 1' });
    expect(outcomes).toEqual([{ externalId: null }, { externalId: null }]);
    expect(sandbox.state().listings).toEqual(before);
    const { concerns } = amazon.push.get('stock')!;
    const settings = context.settings;
    expect(concerns!(STOCK as never, { settings })).toBe(true);
    expect(concerns!({ ...STOCK, location: 'ROMA' } as never, { settings })).toBe(false);
  });

  test('of two places cannot be told to one channel', () => {
    const issuesOf = (locations: object) =>
      amazon.check({ sellerId: 'A3TH9S8BH6GOGM', region: 'EU', marketplaceIds: ['APJ6JRA9NG5V4'], locations }, {})
        .issues;
    expect(issuesOf({ BOLOGNA: 'DEFAULT', ROMA: 'DEFAULT' })[0]).toMatchObject({ path: ['settings', 'locations'] });
    expect(issuesOf({ BOLOGNA: 'DEFAULT', ROMA: 's-1' }).every(({ path }) => path[0] === 'credentials')).toBe(true);
  });

  test('that is not taken says why, and does not keep the rest from being told', async () => {
    const { context } = await open();
    const outcomes = await tell(context, 'stock', { ...STOCK, available: '-1' }, { ...STOCK, sku: 'DESK-1' });
    expect(reasons(outcomes)).toEqual([
      'rejected: stock LAMP-1 in APJ6JRA9NG5V4: INVALID: 90000900 The attributes are invalid. (fulfillment_availability)',
      null,
    ]);
  });
});

function shipmentOf(order: SoldOrder, changes: Partial<OutgoingShipment> = {}): OutgoingShipment {
  return {
    hubId: 'shp_1',
    externalId: null,
    version: 1,
    number: 'S-1',
    status: 'SHIPPED',
    location: 'BOLOGNA',
    carrier: 'GLS',
    service: 'Express',
    trackingNumber: 'T-1',
    trackingUrl: null,
    shippedAt: new Date('2026-03-01T09:30:00Z'),
    deliveredAt: null,
    order: { hubId: 'ord_1', externalId: order.id, number: 'O-1' },
    lines: order.items.map(({ id, sku, quantity }) => ({
      lineExternalId: id,
      sku,
      quantity: String(quantity),
      leftBefore: false,
    })),
    ...changes,
  };
}
const orderIn = ({ sandbox }: Account, fits: (order: SoldOrder) => boolean): SoldOrder =>
  [...sandbox.account.orders.values()].find(fits)!;
const isOpen = ({ isAmazons, status }: SoldOrder) => !isAmazons && status === 'UNSHIPPED';

describe('a shipment', () => {
  test('is confirmed under a reference of digits, and the same again is not told', async () => {
    const account = await open();
    const order = orderIn(account, isOpen);
    const shipment = shipmentOf(order);
    const reference = referenceOf('shp_1');
    expect(reference).toMatch(/^[1-9]\d{0,9}$/);
    const sent = [{ externalId: `${order.id}/${reference}` }];
    expect(await tell(account.context, 'shipments', shipment)).toEqual(sent);
    expect(order).toMatchObject({
      status: 'SHIPPED',
      packages: [
        { reference, carrier: 'GLS', method: 'Express', tracking: 'T-1', shippedAt: '2026-03-01T09:30:00.000Z' },
      ],
    });
    const { changedAt } = order;
    expect(await tell(account.context, 'shipments', shipment)).toEqual(sent);
    expect(order.changedAt).toBe(changedAt);
    await tell(account.context, 'shipments', { ...shipment, trackingNumber: 'T-2' });
    expect(order.packages).toMatchObject([{ tracking: 'T-2' }]);
  });

  test('of a known carrier is told by its code', async () => {
    const account = await open();
    const order = orderIn(account, isOpen);
    const context = account.with({ carriers: { GLS: 'GLS-IT' } });
    await tell(context, 'shipments', shipmentOf(order));
    expect(order.packages).toMatchObject([{ carrier: 'GLS-IT' }]);
    const { changedAt } = order;
    await tell(context, 'shipments', shipmentOf(order));
    expect(order.changedAt).toBe(changedAt);
  });

  test('is made once, though its answer is lost', async () => {
    const faults = faultsOf(['500', 'reset'], 0.4);
    const account = await open({ faults });
    const orders = [...account.sandbox.account.orders.values()].filter(isOpen);
    for (const order of orders) {
      const all = [shipmentOf(order, { hubId: `shp_${order.number}` })];
      await patiently(async () => {
        const [outcome] = await tell(account.context, 'shipments', ...all);
        if (outcome instanceof ConnectorFailure) throw outcome;
      });
      expect(order.packages).toHaveLength(1);
    }
    expect(faults.count('500') * faults.count('reset')).toBeGreaterThan(0);
  });

  test('that cannot be told says why', async () => {
    const account = await open();
    const order = orderIn(account, isOpen);
    const amazons = orderIn(account, ({ isAmazons, status }) => isAmazons && status === 'SHIPPED');
    const shipment = shipmentOf(order);
    const nobodys = { ...shipment.order, externalId: '405-9999999-9999999' };
    const outcomes = await tell(
      account.context,
      'shipments',
      { ...shipment, trackingNumber: null },
      { ...shipment, lines: [{ lineExternalId: null, sku: 'PEN-1', quantity: '1', leftBefore: false }] },
      { ...shipment, lines: [{ ...shipment.lines[0]!, quantity: '0.5' }] },
      { ...shipment, order: nobodys },
      shipmentOf(amazons),
      { ...shipment, status: 'CANCELED' },
      shipment,
      { ...shipment, status: 'CANCELED' },
    );
    expect(reasons(outcomes)).toEqual([
      'rejected: shipment S-1: expected a tracking number, Amazon takes none without',
      'rejected: shipment S-1: Amazon did not order "PEN-1"',
      'rejected: shipment S-1: expected whole pieces, got 0.5',
      'rejected: shipment S-1: Amazon has no order 405-9999999-9999999',
      `rejected: shipment S-1: Amazon sends order ${amazons.id} itself and takes no confirmation`,
      null,
      null,
      'rejected: shipment S-1: a confirmation cannot be taken back at Amazon',
    ]);
  });

  test('concerns Amazon once it has left, for its own orders, where Amazon does not send itself', async () => {
    const account = await open();
    const shipment = shipmentOf(orderIn(account, isOpen));
    const { concerns } = amazon.push.get('shipments')!;
    const concerned = (changes: Partial<OutgoingShipment>) =>
      concerns!({ ...shipment, ...changes } as never, { settings: account.context.settings });
    expect(concerned({})).toBe(true);
    expect(concerned({ status: 'PACKED' })).toBe(false);
    expect(concerned({ order: { ...shipment.order, externalId: null } })).toBe(false);
    expect(concerned({ externalId: `${shipment.order.externalId}/amazon/1` })).toBe(false);
  });
});
