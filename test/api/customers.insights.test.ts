import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { START, startTestHub, type TestHub } from '../support/hub.js';
import { after, Desk, eur } from './support/desk.js';

const INSIGHTS = `query($id: ID!, $first: Int! = 5) { customer(id: $id) { insights {
  lifetimeValue { amount currency } orderCount lastOrderAt topProducts(first: $first) { sku } } } }`;

let hub: TestHub;
let desk: Desk;
let skus: string[];

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  skus = [await desk.product('10.00', null), await desk.product('20.00', null), await desk.product('30.00', null)];
});
afterAll(() => hub.stop());

const lines = (...quantities: number[]) =>
  quantities.flatMap((quantity, index) => (quantity > 0 ? [{ sku: skus[index], quantity: String(quantity) }] : []));
const insights = async (id: string, first?: number) =>
  (await desk.ask<{ customer: { insights: object } }>(INSIGHTS, { id, ...(first && { first }) })).customer.insights;

test('count what was ordered and stands, by currency, the newest time and the products in most orders', async () => {
  const { id: customerId } = await desk.customer({ shippingAddresses: [] });
  const untaxed = { customerId, shippingAddress: { line1: 'x', city: 'y', country: 'IT' } };
  await desk.done('setPrice', { sku: skus[0], unitPrice: { amount: '1000', currency: 'JPY' } });
  await desk.order({ ...untaxed, lines: lines(1, 1) });
  hub.clock.forward(5_000);
  await desk.order({ ...untaxed, lines: lines(1, 1, 9) });
  await desk.order({ ...untaxed, currency: 'JPY', lines: lines(2) });
  hub.clock.forward(5_000);
  await desk.order({ ...untaxed, draft: true, lines: lines(0, 0, 50) });
  const canceled = await desk.order({ ...untaxed, lines: lines(0, 0, 50) });
  await desk.done('cancelOrder', { orderId: canceled.id });
  expect(await insights(customerId)).toEqual({
    lifetimeValue: [eur('402.60'), { amount: '2440', currency: 'JPY' }],
    orderCount: 3,
    lastOrderAt: after(5_000),
    topProducts: [{ sku: skus[0] }, { sku: skus[1] }, { sku: skus[2] }],
  });
  expect(await insights(customerId, 1)).toMatchObject({ topProducts: [{ sku: skus[0] }] });
  hub.clock.set(START);
});

test('of a customer that never ordered are empty', async () => {
  const { id } = await desk.customer();
  expect(await insights(id)).toEqual({ lifetimeValue: [], orderCount: 0, lastOrderAt: null, topProducts: [] });
});

test('are not for customers, and want a sensible number of products', async () => {
  const { id } = await desk.customer();
  const own = await desk.customerDesk(id);
  expect(await own.code(INSIGHTS, { id })).toBe('FORBIDDEN');
  expect(await desk.code(INSIGHTS, { id, first: 51 })).toBe('BAD_USER_INPUT');
});
