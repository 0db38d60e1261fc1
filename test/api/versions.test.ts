import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from '../support/hub.js';
import { Desk, eur, fresh, type Order, type Payload, type UserError } from './support/desk.js';

type AnyPayload = Record<string, { version: number } | null> & { replayed: boolean; userErrors: UserError[] };

let hub: TestHub;
let desk: Desk;
let sku: string;
let customerId: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '1000');
  customerId = (await desk.customer()).id;
});
afterAll(() => hub.stop());

interface Step {
  record: string;
  version: number;
  input: object;
}
const lines = () => [{ sku, quantity: '1' }];

async function onAccount(): Promise<string> {
  const { id: orderId } = await desk.order({ lines: lines() });
  const input = { orderId, provider: 'manual', method: 'ON_ACCOUNT' };
  return (await desk.done<Payload<'payment', { id: string }>>('authorizePayment', input)).payment!.id;
}

async function released(): Promise<{ fulfillmentOrderId: string; lineId: string }> {
  const order = await desk.order({ lines: [{ sku, quantity: '3' }], confirm: true });
  const [work] = await desk.released(order.id);
  return { fulfillmentOrderId: work!.id, lineId: order.lines[0]!.id };
}

/** For each mutation that takes a version: a record, the version it has, and a change. */
const STEPS: Record<string, () => Promise<Step>> = {
  upsertCustomer: async () => ({
    record: 'customer',
    version: 1,
    input: { id: (await desk.customer()).id, name: fresh('x') },
  }),
  upsertProduct: async () => ({
    record: 'product',
    version: 1,
    input: { sku: await desk.product(null, null), name: fresh('x') },
  }),
  upsertStockLocation: async () => {
    const code = fresh('V');
    await desk.done('upsertStockLocation', { code });
    return { record: 'location', version: 1, input: { code, name: 'y' } };
  },
  adjustStock: async () => ({
    record: 'stockLevel',
    version: 2,
    input: { sku: await desk.product(null, '5'), location: 'MAIN', delta: '1', reason: 'x' },
  }),
  updateDraftOrder: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.order({ lines: [], draft: true })).id, note: fresh('x') },
  }),
  placeOrder: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.order({ lines: lines(), draft: true })).id },
  }),
  confirmOrder: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.order({ lines: lines() })).id },
  }),
  completeOrder: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.completableOrder()).id },
  }),
  cancelOrder: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.order({ lines: lines() })).id },
  }),
  submitQuote: async () => ({
    record: 'quote',
    version: 1,
    input: { quoteId: (await desk.quote({ customerId, lines: lines() })).id },
  }),
  approveQuote: async () => ({
    record: 'quote',
    version: 2,
    input: { quoteId: (await desk.awaitingQuote(customerId, sku)).id },
  }),
  rejectQuote: async () => ({
    record: 'quote',
    version: 2,
    input: { quoteId: (await desk.awaitingQuote(customerId, sku)).id },
  }),
  reviseQuote: async () => ({
    record: 'quote',
    version: 1,
    input: { quoteId: (await desk.quote({ customerId, lines: lines() })).id },
  }),
  upsertTaxRate: async () => {
    const rate = { country: 'CA', category: fresh('c'), validFrom: '2030-01-01', name: 'GST', rate: '0.05' };
    await desk.done('upsertTaxRate', rate);
    return { record: 'taxRate', version: 1, input: { ...rate, rate: '0.06' } };
  },
  upsertAutomationRule: async () => {
    const code = fresh('rule');
    const step = { action: 'HOLD_ORDER' };
    await desk.done('upsertAutomationRule', { code, triggers: [{ event: 'EDITED' }], actions: [step] });
    return { record: 'automationRule', version: 1, input: { code, name: 'y' } };
  },
  upsertApprovalRule: async () => {
    const code = fresh('rule');
    await desk.done('upsertApprovalRule', { code, termMonthsOver: 1_000, approverRoles: ['SALES'] });
    return { record: 'approvalRule', version: 1, input: { code, name: 'y' } };
  },
  sendQuote: async () => ({
    record: 'quote',
    version: 1,
    input: { quoteId: (await desk.quote({ customerId, lines: lines() })).id },
  }),
  acceptQuote: async () => ({
    record: 'quote',
    version: 1,
    input: { quoteId: (await desk.quote({ customerId, lines: lines() })).id },
  }),
  declineQuote: async () => {
    const { id: quoteId } = await desk.quote({ customerId, lines: lines() });
    await desk.done('sendQuote', { quoteId });
    return { record: 'quote', version: 2, input: { quoteId } };
  },
  cancelQuote: async () => ({
    record: 'quote',
    version: 1,
    input: { quoteId: (await desk.quote({ customerId, lines: lines() })).id },
  }),
  holdOrder: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.order({ lines: lines() })).id, reason: 'MANUAL' },
  }),
  releaseOrder: async () => {
    const { id: orderId } = await desk.order({ lines: lines() });
    await desk.done('holdOrder', { orderId, reason: 'MANUAL' });
    return { record: 'order', version: 2, input: { orderId } };
  },
  assignOrder: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.order({ lines: lines() })).id, department: 'SALES' },
  }),
  createShipment: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.order({ lines: lines(), confirm: true })).id },
  }),
  releaseToWarehouse: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.order({ lines: lines(), confirm: true })).id },
  }),
  splitFulfillmentOrder: async () => {
    const { fulfillmentOrderId, lineId } = await released();
    return {
      record: 'fulfillmentOrder',
      version: 1,
      input: { fulfillmentOrderId, lines: [{ lineId, quantity: '1' }] },
    };
  },
  mergeFulfillmentOrders: async () => {
    const { fulfillmentOrderId, lineId } = await released();
    const split = { fulfillmentOrderId, lines: [{ lineId, quantity: '1' }] };
    const { newFulfillmentOrder } = await desk.done<Payload<'newFulfillmentOrder', { id: string }>>(
      'splitFulfillmentOrder',
      split,
    );
    return {
      record: 'fulfillmentOrder',
      version: 2,
      input: { fulfillmentOrderId, otherIds: [newFulfillmentOrder!.id] },
    };
  },
  moveFulfillmentOrder: async () => {
    await desk.stock(sku, '10', 'SECOND');
    const { fulfillmentOrderId } = await released();
    return { record: 'fulfillmentOrder', version: 1, input: { fulfillmentOrderId, location: 'SECOND' } };
  },
  holdFulfillmentOrder: async () => {
    const { fulfillmentOrderId } = await released();
    return { record: 'fulfillmentOrder', version: 1, input: { fulfillmentOrderId, reason: 'MANUAL' } };
  },
  releaseFulfillmentOrder: async () => {
    const { fulfillmentOrderId } = await released();
    await desk.done('holdFulfillmentOrder', { fulfillmentOrderId, reason: 'MANUAL' });
    return { record: 'fulfillmentOrder', version: 2, input: { fulfillmentOrderId } };
  },
  cancelFulfillmentOrder: async () => {
    const { fulfillmentOrderId } = await released();
    return { record: 'fulfillmentOrder', version: 1, input: { fulfillmentOrderId } };
  },
  updateShipment: async () => {
    const { id: orderId } = await desk.order({ lines: lines(), confirm: true });
    const shipment = await desk.shipment(orderId);
    return { record: 'shipment', version: 1, input: { shipmentId: shipment.id, status: 'PACKED' } };
  },
  buyLabel: async () => ({ record: 'shipment', version: 1, input: { shipmentId: await desk.ownRated(sku) } }),
  cancelLabel: async () => {
    const shipmentId = await desk.ownRated(sku);
    await desk.done('buyLabel', { shipmentId });
    return { record: 'shipment', version: 2, input: { shipmentId } };
  },
  upsertCarrierRate: async () => {
    const rate = { carrier: fresh('c'), service: 's', country: 'IT', upToGrams: 1, price: eur('1.00') };
    await desk.done('upsertCarrierRate', rate);
    return { record: 'carrierRate', version: 1, input: { ...rate, deliveryDays: 1 } };
  },
  upsertCarrierRule: async () => {
    const code = fresh('r');
    await desk.done('upsertCarrierRule', { code, isActive: false });
    return { record: 'carrierRule', version: 1, input: { code, priority: 1 } };
  },
  setReorderPolicy: async () => {
    const own = await desk.product('1.00', '5');
    return { record: 'stockLevel', version: 2, input: { sku: own, location: 'MAIN', reorderPoint: '3' } };
  },
  authorizePayment: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.order({ lines: lines() })).id, provider: 'manual', method: 'TRANSFER' },
  }),
  recordPayment: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.order({ lines: lines() })).id, method: 'CASH', amount: eur('1.00') },
  }),
  capturePayment: async () => ({ record: 'payment', version: 1, input: { paymentId: await onAccount() } }),
  voidPayment: async () => ({ record: 'payment', version: 1, input: { paymentId: await onAccount() } }),
  refundPayment: async () => {
    const paymentId = await onAccount();
    await desk.done('capturePayment', { paymentId });
    return { record: 'payment', version: 2, input: { paymentId } };
  },
  issueInvoice: async () => ({
    record: 'order',
    version: 1,
    input: { orderId: (await desk.order({ lines: lines(), confirm: true })).id, scope: 'ALL' },
  }),
  disconnectIntegration: async () => ({
    record: 'integration',
    version: 1,
    input: { code: await desk.integration() },
  }),
  pauseIntegration: async () => ({
    record: 'integration',
    version: 1,
    input: { code: await desk.integration() },
  }),
  resumeIntegration: async () => {
    const code = await desk.integration();
    await desk.done('pauseIntegration', { code });
    return { record: 'integration', version: 2, input: { code } };
  },
  updateIntegration: async () => ({
    record: 'integration',
    version: 1,
    input: { code: await desk.shop(), name: 'Another name' },
  }),
  rereadMail: async () => ({ record: 'mail', version: 1, input: { mailId: await desk.mail() } }),
  resendNotification: async () => ({
    record: 'notification',
    version: 1,
    input: { notificationId: await desk.failedNotification(lines()[0]!.sku) },
  }),
  convertQuoteToOrder: async () => ({
    record: 'quote',
    version: 2,
    input: { quoteId: (await desk.quote({ customerId, lines: lines() })).id },
  }),
};

describe.each(Object.keys(STEPS))('%s', (name) => {
  test('is refused with the version there is where another is expected, and raises it by one where it fits', async () => {
    const { record, version, input } = await STEPS[name]!();
    if (name === 'convertQuoteToOrder') await desk.done('acceptQuote', input);
    const before = await desk.traces();
    for (const expectedVersion of [version - 1, version + 1]) {
      expect(
        await desk.send<AnyPayload>(name, { idempotencyKey: fresh('key'), ...input, expectedVersion }),
      ).toMatchObject({
        [record]: null,
        replayed: false,
        userErrors: [
          {
            __typename: 'VersionConflictError',
            code: 'VERSION_CONFLICT',
            field: ['expectedVersion'],
            currentVersion: version,
          },
        ],
      });
    }
    expect(await desk.traces()).toEqual(before);
    const payload = await desk.done<AnyPayload>(name, { ...input, expectedVersion: version });
    // The revision before takes the step; what is answered is the new one.
    const raised =
      name === 'reviseQuote' ? await desk.readQuote((input as { quoteId: string }).quoteId) : payload[record];
    expect(raised).toMatchObject({ version: version + 1 });
  });
});

test('every mutation that takes a version stands in the table above', async () => {
  const { __schema } = await desk.ask<{
    __schema: {
      mutationType: {
        fields: { name: string; args: { type: { ofType: { inputFields: { name: string }[] | null } | null } }[] }[];
      };
    };
  }>('{ __schema { mutationType { fields { name args { type { ofType { inputFields { name } } } } } } } }');
  const versioned = __schema.mutationType.fields.filter(({ args }) =>
    args.some(({ type }) => type.ofType?.inputFields?.some((field) => field.name === 'expectedVersion')),
  );
  // What is read anew or compared changes nothing of the integration itself; suites of their own have them refuse another version.
  const known = [...Object.keys(STEPS), 'syncIntegration', 'reconcileIntegration'];
  expect(versioned.map(({ name }) => name).sort()).toEqual(known.sort());
});

test('lets one of two writers through who read the same version', async () => {
  const order = await desk.order({ lines: lines() });
  const answers = await Promise.all(
    ['a', 'b', 'c', 'd'].map((reason) =>
      desk.send<Payload<'order', Order>>('cancelOrder', {
        orderId: order.id,
        expectedVersion: 1,
        reason,
        lines: [{ lineId: order.lines[0]!.id, quantity: '0.1' }],
      }),
    ),
  );
  expect(
    answers
      .map(({ userErrors }) => userErrors.map(({ code, currentVersion }) => `${code} ${String(currentVersion)}`))
      .flat(),
  ).toEqual(Array(3).fill('VERSION_CONFLICT 2'));
  expect(await desk.readOrder(order.id)).toMatchObject({ version: 2, lines: [{ canceledQuantity: '0.1' }] });
});

test('a reservation raises the version of the level it takes from', async () => {
  const own = await desk.product('1.00', '5');
  const order = await desk.order({ lines: [{ sku: own, quantity: '1' }], confirm: true });
  expect(await desk.level(own)).toMatchObject({ version: 3 });
  await desk.done('cancelOrder', { orderId: order.id });
  expect(await desk.level(own)).toMatchObject({ version: 4 });
});
