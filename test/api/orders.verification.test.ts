import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionScope } from '../../src/graph/mutation.js';
import { ruleActions } from '../../src/graph/rule-action.js';
import { START, startTestHub, type TestHub } from '../support/hub.js';
import { Speaker } from '../sync/speaker.js';
import { Desk, ERRORS, eur, fresh, refusal, type Order, type Payload, type UserError } from './support/desk.js';

type OrderPayload = Payload<'order', Order>;
interface Held {
  id: string;
  status: string;
  version: number;
  holds: { id: string; reason: string; note: string | null }[];
  blockers: UserError[];
}

const ITALY = { line1: 'Via Roma 1', city: 'Bologna', postalCode: '40121', country: 'IT' };
const HOUR = 3_600_000;
const HELD = `query($id: ID!) { order(id: $id) { id status version holds { id reason note } ${ERRORS.replace('userErrors', 'blockers')} } }`;

let hub: TestHub;
let desk: Desk;
let sku: string;

beforeAll(async () => {
  hub = await startTestHub({
    verification: { checksAddresses: true, duplicateWindowMs: HOUR, priceTolerance: '0.05' },
  });
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
});
afterAll(() => hub.stop());
afterEach(() => hub.clock.set(START));

const order = (more: object = {}) => desk.order({ lines: [{ sku, quantity: '1' }], shippingAddress: ITALY, ...more });
const confirm = (id: string, more: object = {}) => desk.send<OrderPayload>('confirmOrder', { orderId: id, ...more });
const read = async (id: string) => (await desk.ask<{ order: Held }>(HELD, { id })).order;

/** A customer that orders nothing else; its orders are no others'. */
const buyer = async (more: object = {}) => (await desk.customer({ shippingAddresses: [ITALY], ...more })).id;

describe('an address', () => {
  test('is needed where goods ship, and told part by part', async () => {
    const none = await order({ shippingAddress: null });
    expect(await desk.refusals('confirmOrder', { orderId: none.id })).toEqual(['ADDRESS_INVALID at shippingAddress']);
    const wrong = await order({ shippingAddress: { line1: ' ', city: 'x', country: 'IT', postalCode: '1' } });
    const expected = ['ADDRESS_INVALID at shippingAddress.line1', 'ADDRESS_INVALID at shippingAddress.postalCode'];
    expect((await read(wrong.id)).blockers.map(refusal)).toEqual(expected);
    expect(await desk.refusals('confirmOrder', { orderId: wrong.id })).toEqual(expected);
    const input = { channel: 'api', currency: 'EUR', lines: [{ sku, quantity: '1' }], confirm: true };
    expect(await desk.refusals('createOrder', input)).toEqual(['ADDRESS_INVALID at shippingAddress']);
    const preview = `query($input: PreviewOrderInput!) { previewOrder(input: $input) { ${ERRORS} } }`;
    const { confirm: _, ...asked } = input;
    const { previewOrder } = await desk.ask<{ previewOrder: { userErrors: UserError[] } }>(preview, { input: asked });
    expect(previewOrder.userErrors.map(refusal)).toEqual(['ADDRESS_INVALID at shippingAddress']);
  });

  test('is not asked of an order of which nothing ships', async () => {
    const service = await desk.product('10.00', null, { isStocked: false, requiresShipping: false });
    const { id } = await order({ shippingAddress: null, lines: [{ sku: service, quantity: '1' }] });
    expect((await confirm(id)).userErrors).toEqual([]);
  });

  test('is asked of a quote that becomes an order', async () => {
    const customerId = (await desk.customer({ shippingAddresses: [] })).id;
    const { id: quoteId } = await desk.acceptedQuote({ customerId, lines: [{ sku, quantity: '1' }] });
    expect(await desk.refusals('convertQuoteToOrder', { quoteId })).toEqual(['ADDRESS_INVALID at shippingAddress']);
    await desk.done('convertQuoteToOrder', { quoteId, shippingAddress: ITALY });
  });
});

describe('a likely duplicate', () => {
  test('is named and refused, and goes through for who says that it is none', async () => {
    const customerId = await buyer();
    const [first, second] = [await order({ customerId }), await order({ customerId })];
    expect((await confirm(first.id)).userErrors).toEqual([]);
    const { userErrors } = await confirm(second.id);
    expect(userErrors).toMatchObject([
      {
        __typename: 'DuplicateOrderError',
        code: 'LIKELY_DUPLICATE',
        field: ['allowDuplicate'],
        orders: [{ number: first.number }],
      },
    ]);
    expect((await read(second.id)).blockers).toEqual(userErrors);
    expect((await confirm(second.id, { allowDuplicate: true })).order).toMatchObject({ status: 'CONFIRMED' });
    const input = { channel: 'api', currency: 'EUR', customerId, lines: [{ sku, quantity: '1' }], confirm: true };
    expect(await desk.refusals('createOrder', input)).toEqual(['LIKELY_DUPLICATE at allowDuplicate']);
    expect(await desk.refusals('createOrder', { ...input, allowDuplicate: true })).toEqual([]);
  });

  test('goes through for a rule where somebody has released a hold for that', async () => {
    const customerId = await buyer();
    await order({ customerId, confirm: true });
    const second = await order({ customerId });
    const byRule = async () => {
      const { db, clock, services } = hub.hub;
      const actor = { kind: 'RULE', id: '1', name: 'A rule' } as const;
      await db.transaction('rule', (tx) => {
        const service: ActionScope['service'] = (key) => services.get(key);
        const scope = { tx, now: clock.now(), actor, customerId: null, service };
        return services.get(ruleActions).get('CONFIRM_ORDER')!.run(scope, second.id, {});
      });
      return (await read(second.id)).status;
    };
    await expect(byRule()).rejects.toThrow('it may be the same as');
    await desk.done('holdOrder', { orderId: second.id, reason: 'DUPLICATE' });
    await desk.done('releaseOrder', { orderId: second.id });
    expect(await byRule()).toBe('CONFIRMED');
  });

  test('of two that wait is the later one', async () => {
    const customerId = await buyer();
    const first = await order({ customerId });
    hub.clock.forward(1_000);
    const second = await order({ customerId });
    expect((await read(first.id)).blockers).toEqual([]);
    expect((await read(second.id)).blockers.map(refusal)).toEqual(['LIKELY_DUPLICATE at allowDuplicate']);
    await desk.done('cancelOrder', { orderId: first.id });
    expect((await read(second.id)).blockers).toEqual([]);
  });

  test('is none with other goods, of another customer, or behind the time', async () => {
    const customerId = await buyer();
    await order({ customerId });
    const others = [
      { customerId, lines: [{ sku, quantity: '2' }] },
      { customerId, lines: [{ sku, quantity: '1', unitPrice: eur('9.00') }] },
      { customerId: await buyer() },
    ];
    for (const other of others) expect((await read((await order(other)).id)).blockers).toEqual([]);
    hub.clock.forward(HOUR + 1);
    expect((await read((await order({ customerId })).id)).blockers).toEqual([]);
  });

  test('is found by the e-mail address too, and with its lines in another order', async () => {
    const email = `${fresh('guest')}@example.com`;
    const other = await desk.product('5.00', '10');
    const lines = [
      { sku, quantity: '2' },
      { sku: other, quantity: '1' },
    ];
    const first = await order({ email, lines });
    hub.clock.forward(1_000);
    const split = [lines[1], { sku, quantity: '0.5' }, { sku, quantity: '1.5' }];
    const { userErrors } = await confirm((await order({ email: email.toUpperCase(), lines: split })).id);
    expect(userErrors).toMatchObject([{ orders: [{ number: first.number }] }]);
  });

  test('is found by the customer’s own number for it, however long ago', async () => {
    const [customerId, other] = [await buyer(), await buyer()];
    const first = await order({ customerId, purchaseOrderNumber: 'PO-1' });
    hub.clock.forward(90 * 24 * HOUR);
    const lines = [{ sku, quantity: '9' }];
    const again = await order({ customerId, lines, purchaseOrderNumber: 'PO-1' });
    expect((await confirm(again.id)).userErrors).toMatchObject([{ orders: [{ number: first.number }] }]);
    const free = await order({ customerId: other, lines, purchaseOrderNumber: 'PO-1' });
    expect((await confirm(free.id)).userErrors).toEqual([]);
  });

  test('tells a customer of its own orders alone', async () => {
    const email = `${fresh('shared')}@example.com`;
    await order({ email });
    const customer = await desk.customerDesk(await buyer());
    const input = { channel: 'api', currency: 'EUR', email, lines: [{ sku, quantity: '1' }], confirm: true };
    expect(await customer.refusals('createOrder', input)).toEqual([]);
  });
});

describe('an order that a channel has taken', () => {
  async function stated(lines: { sku: string; quantity: string }[], more: object = {}): Promise<string> {
    const shop = await Speaker.make(hub);
    const named = lines.map((line, index) => ({ id: String(index + 1), ...line }));
    const address = { shippingAddress: ITALY, ...more };
    return (await shop.order(fresh('order'), 10, named, undefined, address)).id;
  }

  test('is held for stock that is short, and confirmed once it is there and the hold released', async () => {
    const short = await desk.product('10.00', '1');
    const id = await stated([{ sku: short, quantity: '2' }]);
    const { order: answered, userErrors } = await confirm(id);
    expect([answered!.status, userErrors]).toEqual(['RECEIVED', []]);
    const held = await read(id);
    expect(held).toMatchObject({ status: 'RECEIVED', version: 2, holds: [{ reason: 'STOCK' }] });
    expect(held.holds[0]!.note).toBe(`${short}: 2 asked for, 1 available`);
    expect(await desk.level(short)).toMatchObject({ reserved: '0' });
    expect((await desk.timeline(id)).at(-1)).toMatchObject({
      type: 'HOLD_PLACED',
      data: { reason: 'STOCK', note: held.holds[0]!.note },
    });
    expect((await confirm(id)).userErrors.map(refusal)).toEqual(['ON_HOLD at orderId']);
    await desk.done('releaseOrder', { orderId: id });
    expect((await confirm(id)).order).toMatchObject({ status: 'RECEIVED' });
    await desk.stock(short, '1');
    await desk.done('releaseOrder', { orderId: id });
    expect((await confirm(id)).order).toMatchObject({ status: 'CONFIRMED', lines: [{ reservedQuantity: '2' }] });
  });

  test('is held once for each reason, and what somebody has let go holds it no more', async () => {
    const cheap = await desk.product('20.00', '10');
    const id = await stated([{ sku: cheap, quantity: '1' }], {
      shippingAddress: { ...ITALY, postalCode: '?', city: ' ' },
    });
    expect((await read(id)).blockers.map(({ code }) => code)).toEqual([
      'ADDRESS_INVALID',
      'ADDRESS_INVALID',
      'PRICE_CHANGED',
    ]);
    await confirm(id);
    const { holds } = await read(id);
    expect(holds.map(({ reason }) => reason)).toEqual(['ADDRESS', 'PRICE']);
    expect(holds[1]!.note).toBe(`unitPrice of ${cheap}: the channel states 10.00 EUR, the lists 20.00`);
    await desk.done('releaseOrder', { orderId: id });
    expect((await confirm(id)).order).toMatchObject({ status: 'CONFIRMED', total: eur('10.00') });
  });

  test('is held as a duplicate', async () => {
    const email = `${fresh('twice')}@example.com`;
    const [first, second] = [
      await stated([{ sku, quantity: '3' }], { email }),
      await stated([{ sku, quantity: '3' }], { email }),
    ];
    expect((await confirm(first)).order).toMatchObject({ status: 'CONFIRMED' });
    await confirm(second);
    expect((await read(second)).holds).toMatchObject([{ reason: 'DUPLICATE' }]);
    await desk.done('releaseOrder', { orderId: second });
    expect((await confirm(second)).order).toMatchObject({ status: 'CONFIRMED' });
  });

  test('is held for credit until somebody lets it go', async () => {
    const shop = await Speaker.make(hub);
    await shop.customer('c', 1);
    await desk.done('upsertCustomer', {
      external: { integration: shop.code, externalId: 'c' },
      creditLimit: eur('1.00'),
    });
    const lines = [{ id: '1', sku, quantity: '7' }];
    const more = { customer: { externalId: 'c', name: 'Customer c' }, shippingAddress: ITALY };
    const { id } = await shop.order(fresh('order'), 10, lines, undefined, more);
    await confirm(id);
    expect((await read(id)).holds).toMatchObject([{ reason: 'CREDIT' }]);
    await desk.done('releaseOrder', { orderId: id });
    expect((await confirm(id)).order).toMatchObject({ status: 'CONFIRMED' });
  });

  test('is confirmed for goods that have left already, wherever they go', async () => {
    const shop = await Speaker.make(hub);
    const gone = await desk.product('10.00', '5');
    const id = fresh('sent');
    const lines = [{ id: '1', sku: gone, quantity: '1' }];
    const { id: orderId } = await shop.order(id, 10, lines, undefined, { shippingAddress: { ...ITALY, city: ' ' } });
    await shop.shipment(fresh('parcel'), 20, id, [{ sku: gone, quantity: '1' }]);
    expect(await read(orderId)).toMatchObject({ status: 'SHIPPED', holds: [] });
  });
});
