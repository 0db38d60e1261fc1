import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getOperationAST, parse, print } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { hubSchema } from '../../src/app.js';
import * as operations from '../support/generated/operations.js';
import { newKey, type TestHub } from '../support/hub.js';
import { Desk } from './support/desk.js';
import {
  ask,
  awaitingQuote,
  example,
  makeQuote,
  onAccount,
  openShop,
  stream,
  takeOrder,
  type Example,
} from './support/example-kit.js';
import { makeAcceptedQuote } from '../support/shop.js';

const FOLDER = new URL('../../../schema/operations/', import.meta.url);
const FILES = readdirSync(FOLDER).sort();

let hub: TestHub;
let customerId: string;
beforeAll(async () => {
  ({ hub, customerId } = await openShop());
});
afterAll(() => hub.stop());

const EXAMPLES: Record<string, Example> = {
  'preview-order.graphql': example(
    operations.PreviewOrderDocument,
    () => ({ input: { channel: 'phone', customerId, currency: 'EUR', lines: [{ sku: 'BRG-6204', quantity: '3' }] } }),
    ({ previewOrder }) =>
      expect(previewOrder).toMatchObject({ preview: { total: { amount: '36.60' } }, userErrors: [] }),
  ),
  'edit-draft.graphql': example(
    operations.EditDraftDocument,
    async () => ({
      input: { orderId: (await takeOrder({ draft: true })).id, lines: [{ sku: 'GRS-EP2', quantity: '2' }] },
    }),
    ({ updateDraftOrder }) =>
      expect(updateDraftOrder.order).toMatchObject({ lines: [{ sku: 'GRS-EP2', quantity: '2' }], blockers: [] }),
  ),
  'list-orders.graphql': example(
    operations.ListOrdersDocument,
    async () => {
      await takeOrder();
      return { filter: { status: ['RECEIVED' as const] } };
    },
    ({ orders }) => expect(orders.nodes[0]).toMatchObject({ status: 'RECEIVED', channel: { code: 'phone' } }),
  ),
  'unpaid-orders.graphql': example(
    operations.UnpaidOrdersDocument,
    async () => {
      await takeOrder();
      return { paymentStatus: ['PENDING' as const] };
    },
    ({ orders }) => {
      const [order] = orders.nodes;
      expect(order).toMatchObject({ paymentStatus: 'PENDING', paidTotal: { amount: '0.00' }, payments: [] });
      expect(order!.balanceDue.amount).toBe(order!.total.amount);
    },
  ),
  'order-with-timeline.graphql': example(
    operations.OrderWithTimelineDocument,
    async () => ({ number: (await takeOrder({ confirm: true })).number }),
    ({ order }) => {
      expect(order!.timeline.nodes.map(({ type }) => type)).toEqual(['CREATED', 'STOCK_RESERVED', 'STATUS_CHANGED']);
      expect(order!.total).toEqual({ amount: '36.60', currency: 'EUR' });
    },
  ),
  'search-customers.graphql': example(
    operations.SearchCustomersDocument,
    () => ({ filter: { kind: 'COMPANY' as const } }),
    ({ customers }) => expect(customers.nodes).toMatchObject([{ name: 'ACME', contacts: [] }]),
  ),
  'customer-sources.graphql': example(
    operations.CustomerSourcesDocument,
    async () => {
      const { customers } = await ask(operations.SearchCustomersDocument, { filter: { kind: 'COMPANY' as const } });
      return { number: customers.nodes[0]!.number, maxStaleness: 60 };
    },
    ({ customer }) => {
      expect(customer).toMatchObject({ freshness: { state: 'LOCAL', source: null } });
      expect(customer!.provenance).toContainEqual(expect.objectContaining({ field: 'name', rule: 'set-in-hub' }));
    },
  ),
  'field-conflicts.graphql': example(
    operations.FieldConflictsDocument,
    () => ({}),
    ({ fieldConflicts }) => expect(fieldConflicts).toEqual({ totalCount: 0, nodes: [] }),
  ),
  'drift.graphql': example(
    operations.DriftDocument,
    () => ({}),
    ({ driftItems }) => expect(driftItems).toEqual({ totalCount: 0, nodes: [] }),
  ),
  'inbound-mails.graphql': example(
    operations.InboundMailsDocument,
    () => ({ status: ['UNREADABLE' as const, 'REFUSED' as const] }),
    ({ inboundMails }) => expect(inboundMails).toEqual({ totalCount: 0, nodes: [] }),
  ),
  'failed-notifications.graphql': example(
    operations.FailedNotificationsDocument,
    () => ({}),
    ({ notifications }) => expect(notifications).toEqual({ totalCount: 0, nodes: [] }),
  ),
  'browse-catalog.graphql': example(
    operations.BrowseCatalogDocument,
    () => ({ currency: 'EUR', filter: { sku: ['GRS-EP2'] } }),
    ({ products }) =>
      expect(products.nodes).toMatchObject([
        { sku: 'GRS-EP2', price: { amount: '10.00' }, availableToPromise: '500', components: [] },
      ]),
  ),
  'my-orders.graphql': example(
    operations.MyOrdersDocument,
    async () => {
      await takeOrder({ confirm: true });
      return {};
    },
    ({ viewer, orders }) => {
      expect(viewer).toEqual({ customer: null });
      expect(orders.nodes[0]).toMatchObject({ status: 'CONFIRMED', lines: [{ quantity: '3' }], shipments: [] });
    },
  ),
  'find-order.graphql': example(
    operations.FindOrderDocument,
    async () => ({ text: (await takeOrder()).number }),
    ({ orders }) => expect(orders.nodes).toMatchObject([{ status: 'RECEIVED', customer: { name: 'ACME' } }]),
  ),
  'order-desk.graphql': example(
    operations.OrderDeskDocument,
    async () => {
      await takeOrder();
      return {};
    },
    ({ received, confirmed }) => {
      expect(received.nodes[0]).toMatchObject({ blockers: [], holds: [] });
      expect(confirmed.totalCount).toBeGreaterThan(0);
    },
  ),
  'customer-overview.graphql': example(
    operations.CustomerOverviewDocument,
    async () => {
      await takeOrder();
      const { customers } = await ask(operations.SearchCustomersDocument, { filter: { kind: 'COMPANY' as const } });
      return { number: customers.nodes[0]!.number };
    },
    ({ customer }) => {
      expect(customer!.insights.topProducts[0]).toMatchObject({ sku: 'BRG-6204' });
      expect(customer!.insights.orderCount).toBe(customer!.orders.totalCount);
    },
  ),
  'products-to-reorder.graphql': example(
    operations.ProductsToReorderDocument,
    () => ({}),
    ({ stockLevels }) => expect(stockLevels).toMatchObject({ totalCount: 0, nodes: [] }),
  ),
  'receive-stock.graphql': example(
    operations.ReceiveStockDocument,
    () => ({
      input: {
        idempotencyKey: newKey(),
        sku: 'GRS-EP2',
        location: 'MILAN',
        delta: '5',
        kind: 'RECEIPT' as const,
        reason: 'Delivery 1',
      },
    }),
    ({ adjustStock }) => expect(adjustStock).toMatchObject({ replayed: false, stockLevel: { onHand: '505' } }),
  ),
  'set-up-bundle.graphql': example(
    operations.SetUpBundleDocument,
    () => {
      const components = [{ sku: 'GRS-EP2', quantity: '2' }];
      return { input: { idempotencyKey: newKey(), sku: 'KIT-DEMO', name: 'Demo set', components } };
    },
    ({ upsertProduct }) =>
      expect(upsertProduct.product).toMatchObject({ components: [{ quantity: '2', product: { sku: 'GRS-EP2' } }] }),
  ),
  'product-with-stock.graphql': example(
    operations.ProductWithStockDocument,
    () => ({ sku: 'GRS-EP2', quantity: '2' }),
    ({ product }) => {
      expect(product!.price).toEqual({ amount: '10.00', currency: 'EUR' });
      expect(product!.stock).toEqual([{ location: { code: 'MILAN' }, onHand: '500', reserved: '0', available: '500' }]);
    },
  ),
  'order-status-changes.graphql': stream(operations.OrderStatusChangesDocument, 'orderStatusChanged', (message) =>
    expect(message).toMatchObject({ kind: 'LIVE', from: null, to: 'RECEIVED' }),
  ),
  'order-events.graphql': stream(operations.OrderEventsDocument, 'orderEvents', (message) =>
    expect(message).toMatchObject({ type: 'CREATED', sequence: 1, actor: { kind: 'API_KEY' } }),
  ),
  'place-order.graphql': example(
    operations.PlaceOrderDocument,
    () => {
      const lines = [{ sku: 'BRG-6204', quantity: '501' }];
      return { input: { idempotencyKey: newKey(), channel: 'phone', currency: 'EUR', lines, confirm: true } };
    },
    ({ createOrder }) => {
      expect(createOrder.order).toBeNull();
      expect(createOrder.userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK', requested: '501' }]);
    },
  ),
  'confirm-order.graphql': example(
    operations.ConfirmOrderDocument,
    async () => ({ input: { orderId: (await takeOrder()).id } }),
    ({ confirmOrder }) =>
      expect(confirmOrder.order).toMatchObject({ status: 'CONFIRMED', lines: [{ reservedQuantity: '3' }] }),
  ),
  'cancel-part-of-order.graphql': example(
    operations.CancelPartOfOrderDocument,
    async () => {
      const { id, lines } = await takeOrder({ confirm: true });
      return { input: { orderId: id, lines: [{ lineId: lines[0]!.id, quantity: '2' }] } };
    },
    ({ cancelOrder }) =>
      expect(cancelOrder.order).toMatchObject({
        status: 'CONFIRMED',
        lines: [{ quantity: '3', canceledQuantity: '2', reservedQuantity: '1' }],
      }),
  ),
  'hold-order.graphql': example(
    operations.HoldOrderDocument,
    async () => ({ input: { orderId: (await takeOrder()).id, reason: 'ADDRESS' as const, note: 'No street' } }),
    ({ holdOrder }) => expect(holdOrder.order).toMatchObject({ holds: [{ reason: 'ADDRESS', note: 'No street' }] }),
  ),
  'release-to-warehouse.graphql': example(
    operations.ReleaseToWarehouseDocument,
    async () => ({ input: { orderId: (await takeOrder({ confirm: true })).id } }),
    ({ releaseToWarehouse }) =>
      expect(releaseToWarehouse).toMatchObject({
        order: { status: 'PROCESSING' },
        fulfillmentOrders: [{ status: 'OPEN', lines: [{ sku: 'BRG-6204', quantity: '3' }] }],
      }),
  ),
  'warehouse-work.graphql': example(
    operations.WarehouseWorkDocument,
    async () => {
      const { id: orderId } = await takeOrder({ confirm: true });
      await ask(operations.ReleaseToWarehouseDocument, { input: { orderId } });
      return { filter: { status: ['OPEN' as const] } };
    },
    ({ fulfillmentOrders }) =>
      expect(fulfillmentOrders.nodes).toContainEqual(
        expect.objectContaining({
          status: 'OPEN',
          lines: [{ sku: 'BRG-6204', quantity: '3', remainingQuantity: '3' }],
        }),
      ),
  ),
  'add-note.graphql': example(
    operations.AddNoteDocument,
    async () => ({
      input: { idempotencyKey: newKey(), orderId: (await takeOrder()).id, text: 'Calls back on Monday' },
    }),
    ({ addNote }) => expect(addNote.note).toMatchObject({ text: 'Calls back on Monday', isInternal: true }),
  ),
  'hand-over-orders.graphql': example(
    operations.HandOverOrdersDocument,
    async () => ({ inputs: [{ orderId: (await takeOrder()).id, department: 'FINANCE' as const, reason: 'VAT id' }] }),
    ({ assignOrders }) => expect(assignOrders).toMatchObject([{ order: { department: 'FINANCE', assignee: null } }]),
  ),
  'work-queue.graphql': example(
    operations.WorkQueueDocument,
    async () => {
      await takeOrder();
      return { department: 'SALES' as const, kinds: ['CONFIRM_ORDER' as const], first: 1 };
    },
    ({ workQueue }) => {
      const [item] = workQueue.items.nodes;
      expect(item).toMatchObject({ kind: 'CONFIRM_ORDER', priority: 'NORMAL', order: { id: item!.recordId } });
      expect(workQueue.counts.find(({ kind }) => kind === 'CONFIRM_ORDER')!.count).toBe(workQueue.items.totalCount);
    },
  ),
  'work-queue-changes.graphql': stream(operations.WorkQueueChangesDocument, 'workQueueChanged', (message) =>
    expect(message).toMatchObject({ recordId: expect.stringMatching(/^ord_/), queue: {} }),
  ),
  'ship-order.graphql': example(
    operations.ShipOrderDocument,
    async () => ({ input: { idempotencyKey: newKey(), orderId: (await takeOrder({ confirm: true })).id } }),
    ({ createShipment }) => {
      expect(createShipment.shipment).toMatchObject({ status: 'PENDING', lines: [{ sku: 'BRG-6204', quantity: '3' }] });
      expect(createShipment.order).toMatchObject({ status: 'PROCESSING' });
    },
  ),
  'rate-shipment.graphql': example(
    operations.RateShipmentDocument,
    async () => ({
      input: {
        idempotencyKey: newKey(),
        shipmentId: await new Desk(hub).ownRated('BRG-6204'),
        parcel: { weightGrams: 1200 },
      },
    }),
    ({ rateShipment }) =>
      expect(rateShipment.shipment!.offers).toMatchObject([{ carrier: 'Own', isChosen: true, deliveryDays: null }]),
  ),
  'report-shipment.graphql': example(
    operations.ReportShipmentDocument,
    async () => {
      const { id: orderId } = await takeOrder({ confirm: true });
      const { createShipment } = await ask(operations.ShipOrderDocument, {
        input: { idempotencyKey: newKey(), orderId },
      });
      return {
        input: { shipmentId: createShipment.shipment!.id, status: 'SHIPPED' as const, trackingNumber: 'JD0146' },
      };
    },
    ({ updateShipment }) =>
      expect(updateShipment.order).toMatchObject({ status: 'SHIPPED', lines: [{ shippedQuantity: '3' }] }),
  ),
  'begin-payment.graphql': example(
    operations.BeginPaymentDocument,
    async () => ({ input: onAccount((await takeOrder({ confirm: true })).id) }),
    ({ authorizePayment }) => {
      expect(authorizePayment.payment).toMatchObject({ status: 'AUTHORIZED', dueAt: expect.any(String) });
      expect(authorizePayment.order).toMatchObject({ paymentStatus: 'AUTHORIZED' });
    },
  ),
  'capture-payment.graphql': example(
    operations.CapturePaymentDocument,
    async () => {
      const { authorizePayment } = await ask(operations.BeginPaymentDocument, {
        input: onAccount((await takeOrder({ confirm: true })).id),
      });
      return { input: { idempotencyKey: newKey(), paymentId: authorizePayment.payment!.id } };
    },
    ({ capturePayment }) =>
      expect(capturePayment).toMatchObject({ payment: { status: 'CAPTURED' }, order: { paymentStatus: 'PAID' } }),
  ),
  'issue-invoice.graphql': example(
    operations.IssueInvoiceDocument,
    async () => ({
      input: { idempotencyKey: newKey(), orderId: (await takeOrder({ confirm: true })).id, scope: 'ALL' as const },
    }),
    ({ issueInvoice }) =>
      expect(issueInvoice.invoice).toMatchObject({
        kind: 'INVOICE',
        pdfUrl: expect.stringContaining('/documents/invoice/'),
      }),
  ),
  'make-quote.graphql': example(
    operations.MakeQuoteDocument,
    () => {
      const lines = [{ sku: 'GRS-EP2', quantity: '10', discountRate: '0.1' }];
      const validUntil = '2026-04-01T00:00:00.000Z';
      return { input: { idempotencyKey: newKey(), customerId, currency: 'EUR', validUntil, lines } };
    },
    ({ createQuote }) =>
      expect(createQuote.quote).toMatchObject({ status: 'DRAFT', total: { amount: '109.80', currency: 'EUR' } }),
  ),
  'submit-quote.graphql': example(
    operations.SubmitQuoteDocument,
    async () => ({ input: { quoteId: (await makeQuote()).id } }),
    ({ submitQuote }) => expect(submitQuote.quote).toMatchObject({ status: 'APPROVED', version: 2, approvals: [] }),
  ),
  'approve-quote.graphql': example(
    operations.ApproveQuoteDocument,
    async () => ({ input: { quoteId: await awaitingQuote(), comment: 'Fine' } }),
    ({ approveQuote }) =>
      expect(approveQuote.quote).toMatchObject({ status: 'APPROVED', approvals: [{ comment: 'Fine' }] }),
  ),
  'reject-quote.graphql': example(
    operations.RejectQuoteDocument,
    async () => ({ input: { quoteId: await awaitingQuote() } }),
    ({ rejectQuote }) =>
      expect(rejectQuote.quote).toMatchObject({ status: 'REJECTED', approvals: [{ status: 'REJECTED' }] }),
  ),
  'approval-queue.graphql': example(
    operations.ApprovalQueueDocument,
    async () => {
      await awaitingQuote();
      return { first: 1 };
    },
    ({ approvalQueue }) =>
      expect(approvalQueue.nodes).toMatchObject([{ approvals: [{ rule: 'francs', status: 'PENDING' }] }]),
  ),
  'set-approval-rule.graphql': example(
    operations.SetApprovalRuleDocument,
    () => ({
      input: { idempotencyKey: newKey(), code: 'example', termMonthsOver: 1_000, approverRoles: ['FINANCE' as const] },
    }),
    ({ upsertApprovalRule }) =>
      expect(upsertApprovalRule.approvalRule).toMatchObject({ code: 'example', termMonthsOver: 1_000, version: 1 }),
  ),
  'set-automation-rule.graphql': example(
    operations.SetAutomationRuleDocument,
    () => {
      const condition = { field: 'total', operator: 'gte', value: '1000.00' };
      const actions = [{ action: 'HOLD_ORDER', arguments: { reason: 'FRAUD' } }];
      const rule = { code: 'example', triggers: [{ status: 'RECEIVED' as const }], condition, actions };
      return { input: { idempotencyKey: newKey(), ...rule } };
    },
    ({ upsertAutomationRule }) =>
      expect(upsertAutomationRule.automationRule).toMatchObject({ code: 'example', isActive: true, version: 1 }),
  ),
  'test-automation-rule.graphql': example(
    operations.TestAutomationRuleDocument,
    async () => {
      const condition = { field: 'status', operator: 'eq', value: 'RECEIVED' };
      const actions = [{ action: 'CONFIRM_ORDER' }];
      const rule = { code: 'rehearsed', triggers: [{ status: 'RECEIVED' as const }], condition, actions };
      await ask(operations.SetAutomationRuleDocument, { input: { idempotencyKey: newKey(), ...rule } });
      return { code: 'rehearsed', orderId: (await takeOrder()).id };
    },
    ({ testAutomationRule }) =>
      expect(testAutomationRule).toMatchObject({
        holds: true,
        checks: [{ field: 'status', actual: 'RECEIVED' }],
        steps: [{ action: 'CONFIRM_ORDER', userErrors: [] }],
      }),
  ),
  'automation-runs.graphql': example(
    operations.AutomationRunsDocument,
    () => ({ filter: { status: ['REFUSED' as const] }, first: 10 }),
    ({ automationRuns }) => expect(automationRuns).toMatchObject({ totalCount: 0, nodes: [] }),
  ),
  'revise-quote.graphql': example(
    operations.ReviseQuoteDocument,
    async () => {
      const lines = [{ sku: 'BRG-6204', quantity: '4', discountRate: '0.1' }];
      return { input: { idempotencyKey: newKey(), quoteId: (await makeQuote()).id, lines } };
    },
    ({ reviseQuote }) =>
      expect(reviseQuote.quote).toMatchObject({
        revision: 2,
        supersedes: { status: 'SUPERSEDED' },
        changesFrom: expect.arrayContaining([{ field: 'lines.0.quantity', from: '5', to: '4' }]) as object,
      }),
  ),
  'configure-product.graphql': example(
    operations.ConfigureProductDocument,
    () => {
      const options = [{ code: 'seal', choices: [{ code: 'viton' }] }];
      return { input: { idempotencyKey: newKey(), sku: 'PMP-CF40', name: 'Pump', options } };
    },
    ({ upsertProduct }) =>
      expect(upsertProduct.product).toMatchObject({ options: [{ name: 'seal', choices: [{ code: 'viton' }] }] }),
  ),
  'send-quote.graphql': example(
    operations.SendQuoteDocument,
    async () => ({ input: { quoteId: (await makeQuote()).id } }),
    ({ sendQuote }) => expect(sendQuote.quote).toMatchObject({ status: 'SENT', version: 2 }),
  ),
  'accept-quote.graphql': example(
    operations.AcceptQuoteDocument,
    async () => ({ input: { quoteId: (await makeQuote()).id, comment: 'By e-mail' } }),
    ({ acceptQuote }) => expect(acceptQuote.quote).toMatchObject({ status: 'ACCEPTED' }),
  ),
  'decline-quote.graphql': example(
    operations.DeclineQuoteDocument,
    async () => {
      const { id } = await makeQuote();
      await ask(operations.SendQuoteDocument, { input: { quoteId: id } });
      return { input: { quoteId: id, comment: 'Too dear' } };
    },
    ({ declineQuote }) => expect(declineQuote.quote).toMatchObject({ status: 'DECLINED' }),
  ),
  'stock-level-changes.graphql': stream(
    operations.StockLevelChangesDocument,
    'stockLevelChanged',
    (message) => expect(message).toMatchObject({ sku: 'BRG-6204', stockLevel: {} }),
    async () => {
      for (const quantity of ['1', '2']) {
        const order = { channel: 'api', currency: 'EUR', customerId, lines: [{ sku: 'BRG-6204', quantity }] };
        await ask(operations.PlaceOrderDocument, { input: { idempotencyKey: newKey(), ...order, confirm: true } });
      }
    },
  ),
  'quote-status-changes.graphql': stream(
    operations.QuoteStatusChangesDocument,
    'quoteStatusChanged',
    (message) => expect(message).toMatchObject({ from: null, to: 'DRAFT', version: 1, quote: { customer: {} } }),
    async () => {
      const { id } = await makeQuote();
      await ask(operations.SendQuoteDocument, { input: { quoteId: id } });
    },
  ),
  'convert-quote.graphql': example(
    operations.ConvertQuoteDocument,
    async () => {
      const quote = await makeAcceptedQuote(hub.graph, customerId, [{ sku: 'BRG-6204', quantity: '4' }]);
      const lines = [{ lineId: quote.lineIds[0]!, quantity: '1' }];
      return { input: { idempotencyKey: newKey(), quoteId: quote.quoteId, lines } };
    },
    ({ convertQuoteToOrder }) => {
      expect(convertQuoteToOrder.order).toMatchObject({ status: 'CONFIRMED' });
      expect(convertQuoteToOrder.quote).toMatchObject({ status: 'PARTIALLY_CONVERTED' });
    },
  ),
  'upsert-external-quote.graphql': example(
    operations.UpsertExternalQuoteDocument,
    async () => {
      const external = { integration: await new Desk(hub).integration(), externalId: 'deal-17' };
      const unitPrice = { amount: '9.00', currency: 'EUR' };
      const lines = [
        { lineId: '1', sku: 'BRG-6204', quantity: '4', unitPrice },
        { lineId: '2', sku: 'not-yet', quantity: '1', unitPrice },
      ];
      const stated = { sourceVersion: '3', status: 'SENT' as const, lines, validUntil: '2026-04-01T00:00:00.000Z' };
      return { input: { idempotencyKey: newKey(), external, customerId, currency: 'EUR', ...stated } };
    },
    ({ upsertExternalQuote: { effect, quote } }) => {
      expect(effect).toBe('CREATED');
      expect(quote).toMatchObject({
        status: 'SENT',
        lines: [{ externalLineId: '1' }],
        unmatchedLines: [{ externalLineId: '2', sku: 'not-yet' }],
        externalReferences: [{ sourceVersion: '3' }],
      });
    },
  ),
  'conversion.graphql': example(
    operations.ConversionDocument,
    async () => {
      const { quoteId } = await makeAcceptedQuote(hub.graph, customerId, [{ sku: 'BRG-6204', quantity: '1' }]);
      const idempotencyKey = newKey();
      await ask(operations.ConvertQuoteDocument, { input: { idempotencyKey, quoteId } });
      return { idempotencyKey };
    },
    ({ conversion }) =>
      expect(conversion).toMatchObject({ order: { status: 'CONFIRMED' }, quote: { status: 'CONVERTED' } }),
  ),
  'connect-shopify.graphql': example(
    operations.ConnectShopifyDocument,
    () => {
      const settings = { shopDomain: 'my-shop.myshopify.com' };
      const credentials = { clientSecret: 'a client secret' };
      const input = { idempotencyKey: newKey(), code: 'my-shop', connector: 'shopify', settings, credentials };
      return { input };
    },
    ({ connectIntegration }) =>
      expect(connectIntegration.integration).toMatchObject({
        status: 'HEALTHY',
        webhookUrl: `${hub.hub.url}/webhooks/my-shop`,
      }),
  ),
  'create-api-key.graphql': example(
    operations.CreateApiKeyDocument,
    () => ({ input: { idempotencyKey: newKey(), name: 'Warehouse', roles: ['WAREHOUSE' as const] } }),
    ({ createApiKey }) => expect(createApiKey.secret).toMatch(/^hub_\S{40,}$/),
  ),
};

describe('the example operations', () => {
  test('all stand in the table of this test', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(FILES);
  });

  test.each(FILES)('%s says what it is for, holds one operation, and its types are fresh', (file) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    expect(text).toMatch(/^# \S/);
    expect(parse(text).definitions.filter(({ kind }) => kind === 'OperationDefinition')).toHaveLength(1);
    expect(print(EXAMPLES[file]!.document)).toBe(print(parse(text)));
  });

  test.each(FILES)('%s comes with variables that the schema takes', (file) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const variables = JSON.parse(/^# variables: (.*)$/m.exec(text)?.[1] ?? '{}') as Record<string, unknown>;
    const definitions = getOperationAST(parse(text))!.variableDefinitions ?? [];
    expect(getVariableValues(hubSchema(), definitions, variables).errors).toBeUndefined();
  });

  test.each(FILES)('%s does what it says', async (file) => {
    await EXAMPLES[file]!.run();
  });
});
