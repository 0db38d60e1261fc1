import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from '../support/hub.js';
import { Desk, eur, fresh, refusal, type Order, type Payload } from './support/desk.js';

type OrderPayload = Payload<'order', Order>;

let hub: TestHub;
let desk: Desk;
let sku: string;
let other: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '100');
  other = await desk.product('3.50', '100');
});
afterAll(() => hub.stop());

const draft = (input: object = {}) => desk.order({ channel: 'phone', draft: true, lines: [], ...input });

async function edit(order: Order, change: object): Promise<Order> {
  return (await desk.done<OrderPayload>('updateDraftOrder', { orderId: order.id, ...change })).order!;
}

const skus = (order: Order) => order.lines.map((line) => `${line.sku} ${line.quantity} ${line.unitPrice.amount}`);

describe('a phone order', () => {
  test('begins with nothing, is filled in bit by bit, and is then an order like any other', async () => {
    const begun = await draft();
    expect(begun).toMatchObject({ status: 'DRAFT', lines: [], total: eur('0.00'), customer: null });
    expect(await desk.refusals('placeOrder', { orderId: begun.id })).toEqual(['REQUIRED at lines']);
    expect(await desk.refusals('confirmOrder', { orderId: begun.id })).toEqual(['REQUIRED at lines']);

    const withLines = await edit(begun, { lines: [{ sku, quantity: '2' }] });
    expect(withLines).toMatchObject({ version: 2, subtotal: eur('20.00'), taxTotal: eur('4.40'), total: eur('24.40') });
    const email = `${fresh('buyer')}@rossi.example`;
    const address = { line1: 'Via Roma 1', city: 'Bologna', postalCode: '40121', country: 'IT' };
    const complete = await edit(withLines, {
      customer: { email, name: 'Officine Rossi', shippingAddress: address },
      purchaseOrderNumber: 'PO-7',
      note: 'ring twice',
      requestedDeliveryAt: '2026-03-09T09:00:00.000Z',
      shippingMethod: 'Courier',
      shippingPrice: eur('5.00'),
      adjustments: [{ kind: 'DISCOUNT', label: 'regular', amount: eur('2.00') }],
    });
    expect(complete).toMatchObject({ version: 3, email, subtotal: eur('20.00'), discountTotal: eur('2.00') });
    expect([complete.shippingTotal, complete.total]).toEqual([eur('5.00'), eur('28.06')]);
    const query = `query($id: ID!) { order(id: $id) { purchaseOrderNumber requestedDeliveryAt
      shippingAddress { city } customer { name email } } }`;
    expect(await desk.ask(query, { id: begun.id })).toEqual({
      order: {
        purchaseOrderNumber: 'PO-7',
        requestedDeliveryAt: '2026-03-09T09:00:00.000Z',
        shippingAddress: { city: 'Bologna' },
        customer: { name: 'Officine Rossi', email },
      },
    });
    const { order } = await desk.done<OrderPayload>('confirmOrder', { orderId: begun.id });
    expect(order).toMatchObject({ status: 'CONFIRMED', total: eur('28.06'), lines: [{ reservedQuantity: '2' }] });
  });

  test('costs what the same order costs that is created at once', async () => {
    const { id: customerId } = await desk.customer();
    const rest = {
      customerId,
      shippingMethod: 'Courier',
      shippingPrice: eur('7.77'),
      adjustments: [
        { kind: 'DISCOUNT', label: 'x', amount: eur('0.10') },
        { kind: 'FEE', label: 'y', amount: eur('1.01') },
      ],
      lines: [
        { sku, quantity: '1.5' },
        { sku: other, quantity: '3', unitPrice: eur('3.333') },
      ],
    };
    const whole = await desk.order(rest);
    const edited = await edit(await draft({ lines: [{ sku: other, quantity: '9' }] }), rest);
    const money = ({ subtotal, discountTotal, shippingTotal, taxTotal, total, taxLines, lines }: Order) => ({
      ...{ subtotal, discountTotal, shippingTotal, taxTotal, total, taxLines },
      lines: lines.map(({ id: _, ...line }) => line),
    });
    expect(money(edited)).toEqual(money(whole));
  });

  test('finds the customer by number or e-mail and leaves it as it is; of two with one address it asks which', async () => {
    const email = `${fresh('shared')}@example.com`;
    const known = await desk.customer({ email, name: 'Known' });
    const by = async (customer: object) => (await edit(await draft(), { customer })).customer!.id;
    expect(await by({ email: email.toUpperCase(), name: 'Another name' })).toBe(known.id);
    expect(await by({ number: known.number })).toBe(known.id);
    const { customer } = await desk.ask<{ customer: object }>(
      'query($id: ID!) { customer(id: $id) { name version } }',
      known,
    );
    expect(customer).toEqual({ name: 'Known', version: 1 });
    await desk.customer({ email });
    const { id: orderId } = await draft();
    expect(await desk.refusals('updateDraftOrder', { orderId, customer: { email } })).toEqual([
      'CONFLICT at customer.number',
    ]);
    expect(await desk.refusals('updateDraftOrder', { orderId, customer: { email: 'new@example.com' } })).toEqual([
      'REQUIRED at customer.name',
    ]);
    const both = { customer: { email }, customerId: known.id };
    expect(await desk.refusals('updateDraftOrder', { orderId, ...both })).toEqual(['INVALID at customer']);
  });
});

describe('lines', () => {
  test('are what is sent: those named by id keep it, the others are new or gone', async () => {
    const order = await draft({
      lines: [
        { sku, quantity: '1' },
        { sku: other, quantity: '2' },
      ],
    });
    const [first, second] = order.lines;
    const edited = await edit(order, { lines: [{ lineId: second!.id }, { sku, quantity: '7' }] });
    expect(skus(edited)).toEqual([`${other} 2 3.50`, `${sku} 7 10.00`]);
    expect(edited.lines.map(({ id }) => [id === first!.id, id === second!.id])).toEqual([
      [false, true],
      [false, false],
    ]);
    expect(skus(await edit(order, { lines: null }))).toEqual([]);
  });

  test('keep a price that was said until it is taken back, and else follow the lists', async () => {
    const own = await desk.product('10.00', '5');
    const order = await draft({
      lines: [
        { sku: own, quantity: '1', unitPrice: eur('8.00') },
        { sku: own, quantity: '2' },
      ],
    });
    const ids = order.lines.map(({ id }) => id);
    await desk.done('setPrice', { sku: own, unitPrice: eur('11.00') });
    expect(skus(await edit(order, { note: 'x' }))).toEqual([`${own} 1 8.00`, `${own} 2 11.00`]);
    const lines = [{ lineId: ids[0], quantity: '3' }, { lineId: ids[1] }];
    expect(skus(await edit(order, { lines }))).toEqual([`${own} 3 8.00`, `${own} 2 11.00`]);
    const back = [
      { lineId: ids[0], unitPrice: null },
      { lineId: ids[1], unitPrice: eur('1.00') },
    ];
    expect(skus(await edit(order, { lines: back }))).toEqual([`${own} 3 11.00`, `${own} 2 1.00`]);
  });

  test('get the prices of the customer that it is to be', async () => {
    const list = fresh('list');
    await desk.done('setPrice', { sku, priceList: list, unitPrice: eur('9.00') });
    const { id: customerId } = await desk.customer({ priceList: list });
    const order = await draft({ lines: [{ sku, quantity: '1' }] });
    expect(skus(await edit(order, { customerId }))).toEqual([`${sku} 1 9.00`]);
    expect(skus(await edit(order, { customerId: null }))).toEqual([`${sku} 1 10.00`]);
  });

  test('are refused where they are none of the draft, say nothing, or name no product', async () => {
    const order = await draft({ lines: [{ sku, quantity: '1' }] });
    const [line] = order.lines;
    const lines = [{ lineId: line!.id }, { lineId: line!.id }, {}, { sku: 'no such', quantity: '1' }];
    const before = await desk.traces();
    expect(await desk.refusals('updateDraftOrder', { orderId: order.id, lines })).toEqual([
      'NOT_FOUND at lines.1.lineId',
      'REQUIRED at lines.2.sku',
      'REQUIRED at lines.2.quantity',
    ]);
    expect(await desk.refusals('updateDraftOrder', { orderId: order.id, lines: [lines[3]] })).toEqual([
      'NOT_FOUND at lines.0.sku',
    ]);
    expect(await desk.traces()).toEqual(before);
  });

  test('keep the optional parts of a bundle', async () => {
    const [part, extra, bundle] = [await desk.product('1.00', '50'), await desk.product('2.00', '50'), fresh('SET')];
    const components = [
      { sku: part, quantity: '1' },
      { sku: extra, quantity: '1', isOptional: true },
    ];
    await desk.done('upsertProduct', { sku: bundle, name: 'Set', components });
    await desk.done('setPrice', { sku: bundle, unitPrice: eur('20.00') });
    const order = await draft({ lines: [{ sku: bundle, quantity: '1', optionalParts: [extra] }] });
    const [line] = order.lines;
    expect(skus(await edit(order, { lines: [{ lineId: line!.id, quantity: '2' }] }))).toEqual([`${bundle} 2 22.00`]);
    const without = [{ lineId: line!.id, optionalParts: [] }];
    expect(skus(await edit(order, { lines: without }))).toEqual([`${bundle} 2 20.00`]);
    const { order: confirmed } = await desk.done<OrderPayload>('confirmOrder', { orderId: order.id });
    expect(confirmed!.lines).toMatchObject([{ reservedQuantity: '2' }]);
    expect(await desk.level(extra)).toMatchObject({ reserved: '0' });
  });
});

describe('an edit', () => {
  test('is one event with all that is different, and none where nothing is', async () => {
    const { id: customerId } = await desk.customer({ email: 'events@example.com' });
    const order = await draft({ lines: [{ sku, quantity: '1' }] });
    const [line] = order.lines;
    const change = { customerId, channel: 'email', lines: [{ lineId: line!.id, quantity: '2' }] };
    await edit(order, change);
    expect((await edit(order, change)).version).toBe(2);
    const [, edited, ...more] = await desk.timeline(order.id);
    expect(more).toEqual([]);
    expect(edited).toMatchObject({ type: 'EDITED', message: 'Draft changed' });
    const changes = new Map(edited!.changes.map(({ field, from, to }) => [field, [from, to]]));
    expect([...changes.keys()].sort()).toEqual(
      ['channel', 'customer', 'email', 'lines', 'shippingAddress', 'total'].sort(),
    );
    expect(changes.get('channel')).toEqual(['phone', 'email']);
    expect(changes.get('customer')).toEqual([null, customerId]);
    expect(changes.get('total')).toEqual([eur('12.20'), eur('24.40')]);
    const shown = (quantity: string) => [{ id: line!.id, sku, quantity, unitPrice: eur('10.00') }];
    expect(changes.get('lines')).toEqual([shown('1'), shown('2')]);
  });

  test('to another customer takes nothing of the one before along', async () => {
    const [one, two] = [
      await desk.customer({ email: 'one@example.com' }),
      await desk.customer({ email: null, shippingAddresses: [] }),
    ];
    const order = await draft({ customerId: one.id, lines: [{ sku, quantity: '1' }] });
    const { email } = await edit(order, { customerId: two.id });
    expect(email).toBeNull();
    const { order: read } = await desk.ask<{ order: object }>(
      'query($id: ID!) { order(id: $id) { customer { id } shippingAddress { city } } }',
      { id: order.id },
    );
    expect(read).toEqual({ customer: { id: two.id }, shippingAddress: null });
  });

  test('is refused once it is no draft any more, to customers, and of a channel that does not exist', async () => {
    const { id: customerId } = await desk.customer();
    const order = await desk.order({ lines: [{ sku, quantity: '1' }], customerId });
    expect(await desk.refusals('updateDraftOrder', { orderId: order.id, note: 'x' })).toEqual(['CONFLICT at orderId']);
    const { id: orderId } = await draft({ customerId });
    expect(await desk.refusals('updateDraftOrder', { orderId, channel: 'no such' })).toEqual(['NOT_FOUND at channel']);
    const asCustomer = await desk.customerDesk(customerId);
    const call = `mutation { updateDraftOrder(input: { orderId: "${orderId}" }) { userErrors { code } } }`;
    expect(await asCustomer.code(call)).toBe('FORBIDDEN');
  });

  test('waits for another of the same draft, and neither is lost', async () => {
    const order = await draft({ lines: [{ sku, quantity: '1' }] });
    await Promise.all([edit(order, { note: 'one' }), edit(order, { purchaseOrderNumber: 'two' })]);
    const query = 'query($id: ID!) { order(id: $id) { note purchaseOrderNumber version } }';
    expect(await desk.ask(query, { id: order.id })).toEqual({
      order: { note: 'one', purchaseOrderNumber: 'two', version: 3 },
    });
  });
});

test('a draft that includes tax in its prices is refused where no rate is known', async () => {
  const order = await draft({ pricesIncludeTax: true, lines: [{ sku, quantity: '1' }] });
  expect(order.total).toEqual(eur('12.20'));
  const { userErrors } = await desk.send<OrderPayload>('updateDraftOrder', {
    orderId: order.id,
    shippingAddress: { line1: 'x', city: 'y', country: 'BR' },
  });
  expect(userErrors.map(refusal)).toContain('TAX_MISSING at shippingAddress.country');
});
