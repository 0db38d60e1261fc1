import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from '../support/hub.js';
import { Desk, ERRORS, eur, refusal, type Order, type UserError } from './support/desk.js';

const BLOCKERS = ERRORS.replace('userErrors', 'blockers');

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(() => hub.stop());

async function blockers({ id }: Order): Promise<UserError[]> {
  const query = `query($id: ID!) { order(id: $id) { ${BLOCKERS} } }`;
  return (await desk.ask<{ order: { blockers: UserError[] } }>(query, { id })).order.blockers;
}

/** What stands in the way, which must be what a confirmation then says. */
async function both(order: Order): Promise<string[]> {
  const told = await blockers(order);
  const { userErrors } = await desk.send<{ userErrors: UserError[] }>('confirmOrder', { orderId: order.id });
  expect(told).toEqual(userErrors);
  return told.map(refusal);
}

const ITALY = { shippingAddress: { line1: 'x', city: 'y', country: 'IT' } };

describe('what confirmOrder would refuse now', () => {
  test('is nothing where it would not', async () => {
    const sku = await desk.product('10.00', '5');
    expect(await both(await desk.order({ ...ITALY, lines: [{ sku, quantity: '5' }] }))).toEqual([]);
  });

  test('is stock that is not there, unless it may wait for it', async () => {
    const sku = await desk.product('10.00', '5');
    const lines = [{ sku, quantity: '6' }];
    const order = await desk.order({ ...ITALY, lines });
    expect(await both(order)).toEqual(['INSUFFICIENT_STOCK at lines.0.quantity']);
    expect(await blockers(await desk.order({ ...ITALY, lines, allowBackorder: true }))).toEqual([]);
    await desk.stock(sku, '1');
    expect(await both(order)).toEqual([]);
  });

  test('is all of it at once: products no longer sold, a tax that is not known, credit and stock', async () => {
    const [gone, short] = [await desk.product('10.00', '5'), await desk.product('10.00', '0.5')];
    const { id: customerId } = await desk.customer({ creditLimit: eur('1.00') });
    const order = await desk.order({
      customerId,
      shippingAddress: { line1: 'x', city: 'y', country: 'BR' },
      lines: [
        { sku: gone, quantity: '1' },
        { sku: short, quantity: '1' },
      ],
    });
    await desk.done('upsertProduct', { sku: gone, isActive: false });
    expect(await both(order)).toEqual([
      'PRODUCT_INACTIVE at lines.0.sku',
      'TAX_MISSING at shippingAddress.country',
      'CREDIT_LIMIT_EXCEEDED',
      'INSUFFICIENT_STOCK at lines.1.quantity',
    ]);
  });

  test('is a hold', async () => {
    const sku = await desk.product('10.00', '5');
    const order = await desk.order({ ...ITALY, lines: [{ sku, quantity: '1' }] });
    await desk.done('holdOrder', { orderId: order.id, reason: 'MANUAL' });
    expect(await both(order)).toEqual(['ON_HOLD at orderId']);
  });

  test('is nothing of an order that is confirmed or canceled, and is told of drafts', async () => {
    const sku = await desk.product('10.00', '5');
    const draft = await desk.order({ ...ITALY, draft: true, lines: [{ sku, quantity: '6' }] });
    expect((await blockers(draft)).map(refusal)).toEqual(['INSUFFICIENT_STOCK at lines.0.quantity']);
    await desk.done('cancelOrder', { orderId: draft.id });
    expect(await blockers(draft)).toEqual([]);
    const confirmed = await desk.order({ ...ITALY, confirm: true, lines: [{ sku, quantity: '5' }] });
    expect(await blockers(confirmed)).toEqual([]);
    await desk.released(confirmed.id);
    expect(await blockers(confirmed)).toEqual([]);
  });

  test('is read for a page of orders, each by its own customer, country and day', async () => {
    const sku = await desk.product('10.00', '5');
    const { id: poor } = await desk.customer({ creditLimit: eur('1.00') });
    const { id: rich } = await desk.customer({ creditLimit: eur('99.00') });
    const lines = [{ sku, quantity: '1' }];
    await desk.order({ customerId: poor, lines });
    await desk.order({ customerId: rich, lines });
    await desk.order({ customerId: rich, lines, shippingAddress: { line1: 'x', city: 'y', country: 'BR' } });
    await desk.order({ ...ITALY, lines: [{ sku, quantity: '6' }] });
    const query = `{ orders(filter: { sku: "${sku}" }, orderBy: { field: NUMBER, direction: ASC }) { nodes { ${BLOCKERS} } } }`;
    const { orders } = await desk.ask<{ orders: { nodes: { blockers: UserError[] }[] } }>(query);
    expect(orders.nodes.map((node) => node.blockers.map(({ code }) => code))).toEqual([
      ['CREDIT_LIMIT_EXCEEDED'],
      [],
      ['TAX_MISSING'],
      ['INSUFFICIENT_STOCK'],
    ]);
  });
});
