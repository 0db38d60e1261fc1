import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newKey, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, eur, MONEY, type Order, type Payload } from './support/desk.js';

type OrderPayload = Payload<'order', Order>;

let hub: TestHub;
let desk: Desk;
let sku: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('100.00', '1000');
});
afterAll(() => hub.stop());

/** A customer whose limit lets two orders of one unit through, whatever the tax, and not a third. */
async function limited(): Promise<{ id: string; one: Order; limit: string }> {
  const { id } = await desk.customer();
  const one = await desk.order({ customerId: id, lines: [{ sku, quantity: '1' }] });
  const limit = (Number(one.total.amount) * 2).toFixed(2);
  await desk.done('upsertCustomer', { id, creditLimit: eur(limit) });
  return { id, one, limit };
}

async function credit(id: string) {
  const query = `query($id: ID!) { customer(id: $id) { creditLimit ${MONEY} creditUsed ${MONEY} } }`;
  return (await desk.ask<{ customer: object }>(query, { id })).customer;
}

/** Sends an action with a key of its own. */
function send<P = OrderPayload>(name: string, input: object): Promise<P> {
  return desk.send<P>(name, { idempotencyKey: newKey(), ...input });
}

function take(customerId: string, more: object = {}): Promise<OrderPayload> {
  const input = {
    channel: 'api',
    currency: 'EUR',
    customerId,
    lines: [{ sku, quantity: '1' }],
    confirm: true,
    ...more,
  };
  return send('createOrder', input);
}

describe('a credit limit', () => {
  test('is set, shown, kept where it is left out, and taken away by null', async () => {
    const { id } = await desk.customer();
    expect(await credit(id)).toEqual({ creditLimit: null, creditUsed: null });
    await desk.done('upsertCustomer', { id, creditLimit: eur('500') });
    await desk.done('upsertCustomer', { id, name: 'Renamed' });
    expect(await credit(id)).toEqual({ creditLimit: eur('500.00'), creditUsed: eur('0.00') });
    await desk.done('upsertCustomer', { id, creditLimit: null });
    expect(await credit(id)).toEqual({ creditLimit: null, creditUsed: null });
  });

  test.each(['-0.01', '1.001', '99999999999999999999'])('of %s EUR is refused by name', async (amount) => {
    const { id } = await desk.customer();
    const { userErrors } = await send<Payload<'customer', object>>('upsertCustomer', {
      id,
      creditLimit: eur(amount),
    });
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['creditLimit', 'amount'] }]);
    expect(await credit(id)).toMatchObject({ creditLimit: null });
  });

  test('lets orders be confirmed exactly up to it and tells limit and used beyond it', async () => {
    const { id, one, limit } = await limited();
    expect((await take(id)).userErrors).toEqual([]);
    expect((await send('confirmOrder', { orderId: one.id })).userErrors).toEqual([]);
    expect(await credit(id)).toEqual({ creditLimit: eur(limit), creditUsed: eur(limit) });
    const error = {
      __typename: 'CreditLimitError',
      code: 'CREDIT_LIMIT_EXCEEDED',
      limit: eur(limit),
      used: eur(limit),
    };
    expect(await take(id)).toMatchObject({ order: null, userErrors: [{ ...error, field: ['confirm'] }] });
    const waiting = await desk.order({ customerId: id, lines: [{ sku, quantity: '1' }] });
    expect(await send('confirmOrder', { orderId: waiting.id })).toMatchObject({
      order: null,
      userErrors: [error],
    });
    expect(await desk.readOrder(waiting.id)).toMatchObject({ status: 'RECEIVED', version: 1 });
  });

  test('is free again by what is canceled', async () => {
    const { id, one } = await limited();
    const { order } = await take(id, { lines: [{ sku, quantity: '2' }] });
    expect((await take(id)).userErrors).toMatchObject([{ code: 'CREDIT_LIMIT_EXCEEDED' }]);
    await desk.done('cancelOrder', { orderId: order!.id });
    expect(await credit(id)).toMatchObject({ creditUsed: eur('0.00') });
    expect((await send('confirmOrder', { orderId: one.id })).userErrors).toEqual([]);
  });

  test('holds for orders made of quotes', async () => {
    const { id } = await desk.customer();
    const quote = await desk.acceptedQuote({ customerId: id, lines: [{ sku, quantity: '1' }] });
    await desk.done('upsertCustomer', { id, creditLimit: eur('1.00') });
    expect(await send('convertQuoteToOrder', { quoteId: quote.id })).toMatchObject({
      order: null,
      userErrors: [{ __typename: 'CreditLimitError', limit: eur('1.00'), used: eur('0.00') }],
    });
    await desk.done('upsertCustomer', { id, creditLimit: quote.total });
    await desk.done('convertQuoteToOrder', { quoteId: quote.id });
    expect(await credit(id)).toMatchObject({ creditUsed: quote.total });
  });

  test('of another currency neither counts nor refuses an order', async () => {
    const { id } = await desk.customer();
    await desk.done('upsertCustomer', { id, creditLimit: { amount: '0', currency: 'USD' } });
    expect((await take(id)).userErrors).toEqual([]);
    expect(await credit(id)).toMatchObject({ creditUsed: { amount: '0.00', currency: 'USD' } });
  });
});
