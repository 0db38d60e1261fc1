import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { GraphQLSchema } from 'graphql';
import { servedSchema } from '../../src/app.js';
import { LiveClient } from '../support/live-client.js';
import { startTestHub, type TestHub } from '../support/hub.js';
import { Desk } from './support/desk.js';

const STAFF = ['ADMIN', 'SALES', 'WAREHOUSE', 'FINANCE', 'LOGISTICS', 'SUPPORT'];
const INSIDE = [...STAFF, 'INTEGRATION', 'VIEWER'];
const EVERYONE = [...INSIDE, 'CUSTOMER'];
const SELLERS = ['ADMIN', 'SALES', 'INTEGRATION'];
const SHIPPERS = ['ADMIN', 'WAREHOUSE', 'LOGISTICS', 'INTEGRATION'];
const CASHIERS = ['ADMIN', 'FINANCE'];
const KEEPERS = ['ADMIN', 'WAREHOUSE', 'INTEGRATION'];

/** A call that is answered without effect by whoever may make it: by null, an error of the input or a user error. */
const READ = (field: string, roles: string[]) => ({ document: `{ ${field} }`, roles });
const WRITE = (name: string, input: string, roles: string[]) => ({
  document: `mutation { ${name}(input: { ${input} }) { userErrors { code } } }`,
  roles,
});
const STREAM = (field: string, roles: string[]) => ({ document: `subscription { ${field} }`, roles });

const ROOTS: Record<string, { document: string; roles: string[] }> = {
  'Query.node': READ('node(id: "x") { id }', EVERYONE),
  'Query._entities': READ('_entities(representations: []) { __typename }', EVERYONE),
  'Query._service': READ('_service { sdl }', EVERYONE),
  'Query.nodes': READ('nodes(ids: []) { id }', EVERYONE),
  'Query.viewer': READ('viewer { roles }', EVERYONE),
  'Query.order': READ('order(id: "x") { id }', EVERYONE),
  'Query.orders': READ('orders(first: 0) { totalCount }', EVERYONE),
  'Query.customer': READ('customer(id: "x") { id }', EVERYONE),
  'Query.customers': READ('customers(first: 0) { totalCount }', EVERYONE),
  'Query.quote': READ('quote(id: "x") { id }', EVERYONE),
  'Query.quotes': READ('quotes(first: 0) { totalCount }', EVERYONE),
  'Query.previewOrder': READ(
    'previewOrder(input: { channel: "x", currency: "EUR", lines: [] }) { userErrors { code } }',
    [...SELLERS, 'SUPPORT', 'CUSTOMER'],
  ),
  'Query.workQueue': READ('workQueue(department: SALES) { department }', INSIDE),
  'Query.assignees': READ('assignees(department: SALES) { id }', INSIDE),
  'Query.taxRates': READ('taxRates(country: "IT") { id }', INSIDE),
  'Query.automationRules': READ('automationRules { code }', INSIDE),
  'Query.automationRule': READ('automationRule(code: "x") { code }', INSIDE),
  'Query.automationFacts': READ('automationFacts { name }', INSIDE),
  'Query.automationActions': READ('automationActions { code }', INSIDE),
  'Query.automationRuns': READ('automationRuns(first: 0) { totalCount }', INSIDE),
  'Query.testAutomationRule': READ('testAutomationRule(code: "x", orderId: "x") { holds }', INSIDE),
  'Query.approvalRules': READ('approvalRules { code }', INSIDE),
  'Query.approvalQueue': READ('approvalQueue(first: 0) { totalCount }', INSIDE),
  'Query.conversion': READ('conversion(idempotencyKey: "x") { at }', EVERYONE),
  'Query.product': READ('product(id: "x") { id }', EVERYONE),
  'Query.products': READ('products(first: 0) { totalCount }', EVERYONE),
  'Query.fulfillmentOrders': READ('fulfillmentOrders(first: 0) { totalCount }', INSIDE),
  'Query.carrierRates': READ('carrierRates { id }', INSIDE),
  'Query.carrierRules': READ('carrierRules { id }', INSIDE),
  'Query.channels': READ('channels { code }', EVERYONE),
  'Query.stockLevel': READ('stockLevel(sku: "x", location: "x") { id }', INSIDE),
  'Query.stockLevels': READ('stockLevels(first: 0) { totalCount }', INSIDE),
  'Query.priceLists': READ('priceLists { code }', INSIDE),
  'Query.stockLocations': READ('stockLocations { code }', INSIDE),
  'Query.connectors': READ('connectors { code }', INSIDE),
  'Query.integrations': READ('integrations { code }', INSIDE),
  'Query.integration': READ('integration(code: "x") { code }', INSIDE),
  'Query.fieldConflicts': READ('fieldConflicts(first: 0) { totalCount }', INSIDE),
  'Query.driftItems': READ('driftItems(first: 0) { totalCount }', INSIDE),
  'Query.inboundMails': READ('inboundMails(first: 0) { totalCount }', ['ADMIN', 'SALES']),
  'Query.notifications': READ('notifications(first: 0) { totalCount }', INSIDE),
  'Query.notificationSettings': READ('notificationSettings { isOn }', INSIDE),
  'Query.notificationOptOuts': READ('notificationOptOuts(address: "x") { address }', STAFF),
  'Query.apiKeys': READ('apiKeys { id }', ['ADMIN']),
  'Query.unknownKeyUses': READ('unknownKeyUses { count }', ['ADMIN']),
  'Query.auditLog': READ('auditLog(first: 0) { nodes { id } }', ['ADMIN']),
  'Mutation.upsertCustomer': WRITE('upsertCustomer', 'idempotencyKey: "", name: "x"', SELLERS),
  'Mutation.upsertCustomers': {
    document: 'mutation { upsertCustomers(inputs: []) { replayed } }',
    roles: SELLERS,
  },
  'Mutation.upsertProducts': { document: 'mutation { upsertProducts(inputs: []) { replayed } }', roles: SELLERS },
  'Mutation.setPrices': { document: 'mutation { setPrices(inputs: []) { replayed } }', roles: [...SELLERS, 'FINANCE'] },
  'Mutation.upsertStockLocations': {
    document: 'mutation { upsertStockLocations(inputs: []) { replayed } }',
    roles: KEEPERS,
  },
  'Mutation.upsertProduct': WRITE('upsertProduct', 'idempotencyKey: "", sku: "x"', SELLERS),
  'Mutation.setPrice': WRITE('setPrice', 'idempotencyKey: "", sku: "x", unitPrice: { amount: "1", currency: "EUR" }', [
    ...SELLERS,
    'FINANCE',
  ]),
  'Mutation.upsertStockLocation': WRITE('upsertStockLocation', 'idempotencyKey: "", code: "x"', KEEPERS),
  'Mutation.adjustStock': WRITE('adjustStock', 'idempotencyKey: "", sku: "x", location: "x", reason: "x"', KEEPERS),
  'Mutation.setReorderPolicy': WRITE('setReorderPolicy', 'idempotencyKey: "", sku: "x", location: "x"', KEEPERS),
  'Mutation.createOrder': WRITE('createOrder', 'idempotencyKey: "", channel: "x", currency: "EUR", lines: []', [
    ...SELLERS,
    'SUPPORT',
    'CUSTOMER',
  ]),
  'Mutation.updateDraftOrder': WRITE('updateDraftOrder', 'orderId: "x"', [...SELLERS, 'SUPPORT']),
  'Mutation.importOrders': WRITE('importOrders', 'idempotencyKey: "", csv: "", channel: "x"', [...SELLERS, 'SUPPORT']),
  'Mutation.placeOrder': WRITE('placeOrder', 'orderId: "x"', [...SELLERS, 'SUPPORT', 'CUSTOMER']),
  'Mutation.confirmOrder': WRITE('confirmOrder', 'orderId: "x"', [...SELLERS, 'SUPPORT', 'WAREHOUSE']),
  'Mutation.holdOrder': WRITE('holdOrder', 'orderId: "x", reason: MANUAL', [...STAFF, 'INTEGRATION']),
  'Mutation.releaseOrder': WRITE('releaseOrder', 'orderId: "x"', [...STAFF, 'INTEGRATION']),
  'Mutation.confirmOrders': {
    document: 'mutation { confirmOrders(inputs: []) { replayed } }',
    roles: [...SELLERS, 'SUPPORT', 'WAREHOUSE'],
  },
  'Mutation.holdOrders': {
    document: 'mutation { holdOrders(inputs: []) { replayed } }',
    roles: [...STAFF, 'INTEGRATION'],
  },
  'Mutation.releaseOrdersToWarehouse': {
    document: 'mutation { releaseOrdersToWarehouse(inputs: []) { replayed } }',
    roles: [...SHIPPERS, 'SALES', 'SUPPORT'],
  },
  'Mutation.releaseOrders': {
    document: 'mutation { releaseOrders(inputs: []) { replayed } }',
    roles: [...STAFF, 'INTEGRATION'],
  },
  'Mutation.addNote': WRITE('addNote', 'idempotencyKey: "", text: "x"', [...STAFF, 'INTEGRATION']),
  'Mutation.assignOrder': WRITE('assignOrder', 'orderId: "x"', STAFF),
  'Mutation.assignOrders': { document: 'mutation { assignOrders(inputs: []) { replayed } }', roles: STAFF },
  'Mutation.openWorkItem': WRITE('openWorkItem', 'idempotencyKey: "", department: SALES, title: "x"', [
    ...STAFF,
    'INTEGRATION',
  ]),
  'Mutation.resolveWorkItem': WRITE('resolveWorkItem', 'workItemId: "x"', [...STAFF, 'INTEGRATION']),
  'Mutation.completeOrder': WRITE('completeOrder', 'orderId: "x"', [...SELLERS, 'SUPPORT', 'FINANCE']),
  'Mutation.cancelOrder': WRITE('cancelOrder', 'orderId: "x"', [...SELLERS, 'SUPPORT', 'WAREHOUSE', 'CUSTOMER']),
  'Mutation.createShipment': WRITE('createShipment', 'idempotencyKey: "", orderId: "x"', SHIPPERS),
  'Mutation.releaseToWarehouse': WRITE('releaseToWarehouse', 'orderId: "x"', [...SHIPPERS, 'SALES', 'SUPPORT']),
  'Mutation.splitFulfillmentOrder': WRITE(
    'splitFulfillmentOrder',
    'idempotencyKey: "", fulfillmentOrderId: "x", lines: []',
    SHIPPERS,
  ),
  'Mutation.mergeFulfillmentOrders': WRITE('mergeFulfillmentOrders', 'fulfillmentOrderId: "x", otherIds: []', SHIPPERS),
  'Mutation.moveFulfillmentOrder': WRITE('moveFulfillmentOrder', 'fulfillmentOrderId: "x", location: "x"', SHIPPERS),
  'Mutation.holdFulfillmentOrder': WRITE('holdFulfillmentOrder', 'fulfillmentOrderId: "x", reason: MANUAL', SHIPPERS),
  'Mutation.releaseFulfillmentOrder': WRITE('releaseFulfillmentOrder', 'fulfillmentOrderId: "x"', SHIPPERS),
  'Mutation.cancelFulfillmentOrder': WRITE('cancelFulfillmentOrder', 'fulfillmentOrderId: "x"', SHIPPERS),
  'Mutation.updateShipment': WRITE('updateShipment', 'shipmentId: "x"', SHIPPERS),
  'Mutation.authorizePayment': WRITE('authorizePayment', 'idempotencyKey: "", orderId: "x", provider: "x"', [
    ...SELLERS,
    'FINANCE',
  ]),
  'Mutation.recordPayment': WRITE(
    'recordPayment',
    'idempotencyKey: "", orderId: "x", method: CASH, amount: { amount: "1", currency: "EUR" }',
    CASHIERS,
  ),
  'Mutation.rateShipment': WRITE('rateShipment', 'idempotencyKey: "", shipmentId: "x"', SHIPPERS),
  'Mutation.buyLabel': WRITE('buyLabel', 'idempotencyKey: "", shipmentId: "x"', SHIPPERS),
  'Mutation.cancelLabel': WRITE('cancelLabel', 'idempotencyKey: "", shipmentId: "x"', SHIPPERS),
  'Mutation.trackShipment': WRITE('trackShipment', 'idempotencyKey: "", shipmentId: "x"', SHIPPERS),
  'Mutation.upsertCarrierRate': WRITE(
    'upsertCarrierRate',
    'idempotencyKey: "", carrier: "x", service: "x", country: "IT", upToGrams: 1, price: { amount: "1", currency: "EUR" }',
    ['ADMIN', 'LOGISTICS'],
  ),
  'Mutation.upsertCarrierRule': WRITE('upsertCarrierRule', 'idempotencyKey: "", code: "x"', ['ADMIN', 'LOGISTICS']),
  'Mutation.capturePayment': WRITE('capturePayment', 'idempotencyKey: "", paymentId: "x"', CASHIERS),
  'Mutation.voidPayment': WRITE('voidPayment', 'idempotencyKey: "", paymentId: "x"', CASHIERS),
  'Mutation.refundPayment': WRITE('refundPayment', 'idempotencyKey: "", paymentId: "x"', CASHIERS),
  'Mutation.issueInvoice': WRITE('issueInvoice', 'idempotencyKey: "", orderId: "x"', CASHIERS),
  'Mutation.issueCreditNote': WRITE('issueCreditNote', 'idempotencyKey: "", invoiceId: "x", reason: "x"', CASHIERS),
  'Mutation.createQuote': WRITE(
    'createQuote',
    'idempotencyKey: "", customerId: "x", currency: "EUR", validUntil: "2030-01-01T00:00:00Z", lines: []',
    SELLERS,
  ),
  'Mutation.upsertExternalQuote': WRITE(
    'upsertExternalQuote',
    'idempotencyKey: "", external: { integration: "x", externalId: "x" }, sourceVersion: "1", status: DRAFT, ' +
      'customerId: "x", currency: "EUR", validUntil: "2030-01-01T00:00:00Z", lines: []',
    SELLERS,
  ),
  'Mutation.submitQuote': WRITE('submitQuote', 'quoteId: "x"', SELLERS),
  'Mutation.approveQuote': WRITE('approveQuote', 'quoteId: "x"', STAFF),
  'Mutation.rejectQuote': WRITE('rejectQuote', 'quoteId: "x"', STAFF),
  'Mutation.reviseQuote': WRITE('reviseQuote', 'idempotencyKey: "", quoteId: "x"', SELLERS),
  'Mutation.upsertTaxRate': WRITE(
    'upsertTaxRate',
    'idempotencyKey: "", country: "IT", category: "x", validFrom: "2030-01-01"',
    ['ADMIN', 'FINANCE'],
  ),
  'Mutation.upsertAutomationRule': WRITE('upsertAutomationRule', 'idempotencyKey: "", code: "x"', ['ADMIN']),
  'Mutation.upsertApprovalRule': WRITE('upsertApprovalRule', 'idempotencyKey: "", code: "x"', ['ADMIN']),
  'Mutation.sendQuote': WRITE('sendQuote', 'quoteId: "x"', SELLERS),
  'Mutation.declineQuote': WRITE('declineQuote', 'quoteId: "x"', [...SELLERS, 'CUSTOMER']),
  'Mutation.cancelQuote': WRITE('cancelQuote', 'quoteId: "x"', SELLERS),
  'Mutation.acceptQuote': WRITE('acceptQuote', 'quoteId: "x"', [...SELLERS, 'CUSTOMER']),
  'Mutation.convertQuoteToOrder': WRITE('convertQuoteToOrder', 'idempotencyKey: "", quoteId: "x"', SELLERS),
  'Mutation.connectIntegration': WRITE(
    'connectIntegration',
    'idempotencyKey: "", code: "x", connector: "x", settings: {}',
    ['ADMIN'],
  ),
  'Mutation.disconnectIntegration': WRITE('disconnectIntegration', 'code: "x"', ['ADMIN']),
  'Mutation.updateIntegration': WRITE('updateIntegration', 'idempotencyKey: "", code: "x"', ['ADMIN']),
  'Mutation.syncIntegration': WRITE('syncIntegration', 'code: "x"', ['ADMIN', 'INTEGRATION']),
  'Mutation.reconcileIntegration': WRITE('reconcileIntegration', 'code: "x"', ['ADMIN', 'INTEGRATION']),
  'Mutation.repairDrift': WRITE('repairDrift', 'idempotencyKey: "", id: "x"', ['ADMIN', 'INTEGRATION']),
  'Mutation.repairDrifts': WRITE('repairDrifts', 'idempotencyKey: "", code: "x"', ['ADMIN', 'INTEGRATION']),
  'Mutation.pauseIntegration': WRITE('pauseIntegration', 'code: "x"', ['ADMIN']),
  'Mutation.resumeIntegration': WRITE('resumeIntegration', 'code: "x"', ['ADMIN']),
  'Mutation.replayDeadLetter': {
    document: 'mutation { replayDeadLetter(id: "x") { userErrors { code } } }',
    roles: ['ADMIN', 'INTEGRATION'],
  },
  'Mutation.replayDeadLetters': WRITE('replayDeadLetters', 'idempotencyKey: "", code: "x"', ['ADMIN', 'INTEGRATION']),
  'Mutation.setFieldPolicy': WRITE(
    'setFieldPolicy',
    'idempotencyKey: "", integration: "x", record: CUSTOMER, field: "x"',
    ['ADMIN'],
  ),
  'Mutation.resolveFieldConflict': WRITE('resolveFieldConflict', 'idempotencyKey: "", id: "x"', SELLERS),
  'Mutation.rereadMail': WRITE('rereadMail', 'idempotencyKey: "", mailId: "x"', ['ADMIN', 'SALES']),
  'Mutation.resendNotification': WRITE('resendNotification', 'idempotencyKey: "", notificationId: "x"', STAFF),
  'Mutation.setNotificationOptOut': WRITE(
    'setNotificationOptOut',
    'idempotencyKey: "", address: "x", isOptedOut: true',
    STAFF,
  ),
  'Mutation.setNotificationSetting': WRITE(
    'setNotificationSetting',
    'idempotencyKey: "", template: SHIPPED, channelKind: API, isOn: true',
    ['ADMIN', 'SALES'],
  ),
  'Mutation.createApiKey': WRITE('createApiKey', 'idempotencyKey: "", name: "x", roles: []', ['ADMIN']),
  'Mutation.revokeApiKey': { document: 'mutation { revokeApiKey(id: "x") { userErrors { code } } }', roles: ['ADMIN'] },
  // A cursor that no log has: whoever passes the guard is told so.
  'Subscription.orderStatusChanged': STREAM('orderStatusChanged(after: "x") { cursor }', EVERYONE),
  'Subscription.stockLevelChanged': STREAM('stockLevelChanged(after: "x") { cursor }', INSIDE),
  'Subscription.quoteStatusChanged': STREAM('quoteStatusChanged(after: "x") { cursor }', EVERYONE),
  'Subscription.workQueueChanged': STREAM('workQueueChanged(department: SALES, after: "x") { cursor }', INSIDE),
  'Subscription.integrationChanged': STREAM('integrationChanged(after: "x") { cursor }', INSIDE),
  'Subscription.orderEvents': STREAM('orderEvents(after: "x") { cursor }', EVERYONE),
};

let hub: TestHub;
let schema: GraphQLSchema;
const desks = new Map<string, Desk>();
const sockets = new Map<string, LiveClient>();

beforeAll(async () => {
  hub = await startTestHub();
  schema = servedSchema();
  const admin = new Desk(hub);
  const customer = await admin.customer();
  for (const role of EVERYONE) {
    const desk = role === 'CUSTOMER' ? await admin.customerDesk(customer.id) : await admin.colleague([role]);
    desks.set(role, desk);
    sockets.set(role, await LiveClient.connect(`${hub.hub.url.replace('http', 'ws')}/graphql`, desk.key));
  }
});
afterAll(async () => {
  for (const socket of sockets.values()) socket.close();
  await hub.stop();
});

test('every root field and every role of the schema stands in the table', () => {
  const roots = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!];
  const names = roots.flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
  expect(names.toSorted()).toEqual(Object.keys(ROOTS).toSorted());
  const { role } = { role: schema.getType('Role') as unknown as { getValues(): { name: string }[] } };
  expect(role.getValues().map(({ name }) => name)).toEqual(EVERYONE);
});

async function codesOverHttp(role: string, document: string): Promise<string[]> {
  const { errors } = await desks.get(role)!.answer(document);
  return (errors ?? []).map(({ extensions }) => extensions.code);
}

let operations = 0;
/** What a socket answers to the same document: its errors' codes, whether they end the operation or stand in a result. */
async function codesOverSocket(role: string, document: string): Promise<string[]> {
  const id = `op${(operations += 1)}`;
  const socket = sockets.get(role)!;
  socket.subscribe(id, document);
  await socket.until(`the answer to ${document}`, () => socket.of(id).length > 0);
  const { type, payload } = socket.of(id)[0]!;
  const errors = type === 'error' ? payload : (payload as { errors?: unknown }).errors;
  return ((errors ?? []) as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);
}

describe.each(Object.keys(ROOTS))('%s', (name) => {
  const { document, roles } = ROOTS[name]!;
  const isStream = name.startsWith('Subscription');

  test(`is for ${roles.join(', ')} alone, over both transports`, async () => {
    const answers: Record<string, boolean> = {};
    for (const role of EVERYONE) {
      const answer = await codesOverSocket(role, document);
      if (!isStream) expect(await codesOverHttp(role, document)).toEqual(answer);
      else if (roles.includes(role)) expect(answer).toEqual(['BAD_USER_INPUT']);
      answers[role] = !answer.includes('FORBIDDEN');
    }
    expect(answers).toEqual(Object.fromEntries(EVERYONE.map((role) => [role, roles.includes(role)])));
  });
});

test('a refused root field does not hide what stands beside it in a query', async () => {
  const { data, errors } = await desks
    .get('VIEWER')!
    .answer('{ viewer { roles } stockLevel(sku: "x", location: "x") { id } }');
  expect([data, errors]).toEqual([{ viewer: { roles: ['VIEWER'] }, stockLevel: null }, undefined]);
  const { errors: refused } = await desks.get('CUSTOMER')!.answer('{ stockLevel(sku: "x", location: "x") { id } }');
  expect(refused).toMatchObject([{ path: ['stockLevel'], extensions: { code: 'FORBIDDEN', field: 'stockLevel' } }]);
});

test('a key with several roles may do what any of them may', async () => {
  const both = await new Desk(hub).colleague(['WAREHOUSE', 'FINANCE']);
  expect((await both.answer(ROOTS['Mutation.setPrice']!.document)).errors).toBeUndefined();
  expect((await both.answer(ROOTS['Mutation.adjustStock']!.document)).errors).toBeUndefined();
  expect((await both.answer(ROOTS['Mutation.upsertCustomer']!.document)).errors![0]!.extensions.code).toBe('FORBIDDEN');
});

describe('without a key', () => {
  const url = (path: string) => `${hub.hub.url}${path}`;

  test.each([
    ['POST', '/graphql', '{"query":"{ __typename }"}'],
    ['POST', '/graphql', '{"query":"{ __schema { types { name } } }"}'],
    ['POST', '/graphql', 'no json'],
    ['POST', '/graphql', 'x'.repeat(2_000_000)],
    ['GET', '/graphql?query={__typename}', undefined],
    ['GET', '/graphql', undefined],
    ['PUT', '/graphql', 'x'],
    ['DELETE', '/graphql', undefined],
    ['OPTIONS', '/graphql', undefined],
  ])('%s %s answers 401 and nothing else', async (method, path, body) => {
    const response = await fetch(url(path), {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body }),
    });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="commerce-hub"']);
    expect(await response.json()).toEqual({
      errors: [{ message: 'Send an API key: "Authorization: Bearer <key>"', extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('a socket is closed with 4403, whatever it says first', async () => {
    for (const payload of [undefined, {}, { authorization: 'Bearer none' }, { authorization: 5 }]) {
      const client = await LiveClient.open(`${hub.hub.url.replace('http', 'ws')}/graphql`);
      client.send({ type: 'connection_init', ...(payload && { payload }) });
      expect((await client.untilClosed()).code).toBe(4403);
      expect(client.messages).toEqual([]);
    }
    const eager = await LiveClient.open(`${hub.hub.url.replace('http', 'ws')}/graphql`);
    eager.subscribe('x', '{ __typename }');
    expect((await eager.untilClosed()).code).toBe(4401);
    expect(eager.messages).toEqual([]);
  });

  test.each([
    ['/healthz', 200],
    ['/readyz', 200],
    ['/', 200],
    ['/metrics', 200],
  ])('%s answers %i', async (path, status) => {
    expect((await fetch(url(path))).status).toBe(status);
  });

  test('metrics are for the host itself, and say nothing of anyone', async () => {
    const text = await (await fetch(url('/metrics'))).text();
    expect(text).toContain('hub_http_request_seconds');
    expect(text).not.toMatch(/cus_|ord_|hub_adm/);
    expect((await fetch(url('/metrics'), { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(403);
  });

  test.each(['/nothing', '/graphql/', '/graphqlx', '/admin', '/.env', '/healthz/x', '//graphql', '/graphql%2f'])(
    '%s is not there',
    async (path) => {
      expect((await fetch(url(path), { redirect: 'manual' })).status).toBe(404);
    },
  );

  test.each(['POST', 'DELETE'])('%s of a page answers 405 with what it takes', async (method) => {
    const response = await fetch(url('/healthz'), { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });
});
