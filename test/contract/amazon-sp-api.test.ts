import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ConnectorFailure, parseJsonExactly } from '#connect';
import amazon from '../../connectors/amazon-sp-api/index.js';
import { faultsOf, openAccount, patiently, walk, type Account } from '../../connectors/amazon-sp-api/test/account.js';
import { openapiContract, type OpenapiContract, type Traffic } from '../support/openapi-contract.js';
import { recordingLine, type RecordingLine } from '../support/recording-line.js';
import { swaggerAsOpenapi } from '../support/swagger-as-openapi.js';

// The vendor's contract lies beside the working copy; it is not the project's to give away.
const folder = new URL('../../../../shared/contracts/amazon-sp-api/', import.meta.url);
const isThere = existsSync(folder);
const whenThere = (title: string, run: () => void | Promise<void>) =>
  isThere ? test(title, run) : test.skip(`${title} (skipped: no vendor contracts beside the working copy)`, run);
const jsonOf = <T>(file: string): T => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as T;

const MODELS: [start: string, file: string][] = [
  ['/orders/2026-01-01/', 'orders_2026-01-01.json'],
  ['/orders/v0/', 'ordersV0.json'],
  ['/listings/', 'listingsItems_2021-08-01.json'],
];
const contracts = new Map<string, OpenapiContract>();
function contractOf({ path }: Pick<Traffic, 'path'>): OpenapiContract {
  const file = MODELS.find(([start]) => path.startsWith(start))?.[1];
  if (file === undefined) throw new Error(`${path}: no model has it`);
  const contract = contracts.get(file) ?? openapiContract(swaggerAsOpenapi(jsonOf(file)));
  contracts.set(file, contract);
  return contract;
}

interface Example {
  response: { orders?: object[]; order?: object };
}
interface Model {
  paths: Record<string, { get: { responses: Record<string, { 'x-amzn-api-sandbox'?: { static: Example[] } }> } }>;
}

describe('what the connector and its sandbox say to each other', () => {
  let line: RecordingLine;
  /** Login with Amazon has no model. */
  const calls = () => line.traffic.filter(({ path }) => path !== '/auth/o2/token');
  beforeAll(async () => {
    line = await recordingLine();
    if (isThere) await talk(line);
  });
  afterAll(() => line.close());

  whenThere('is every request and answer as the models have it', () => {
    const faults = calls().flatMap((each) => contractOf(each).faultsOf(each));
    expect([...new Set(faults)]).toEqual([]);
    expect([...new Set(calls().map((each) => contractOf(each).operationOf(each)))].sort()).toEqual([
      'GET /listings/2021-08-01/items/{sellerId}/{sku}',
      'GET /orders/2026-01-01/orders',
      'GET /orders/2026-01-01/orders/{orderId}',
      'PATCH /listings/2021-08-01/items/{sellerId}/{sku}',
      'POST /orders/v0/orders/{orderId}/shipmentConfirmation',
    ]);
    expect([...new Set(calls().map(({ status }) => status))].sort()).toEqual([200, 204, 400, 403, 404, 429, 500]);
  });

  whenThere('is every notification as its schema has it', () => {
    const schema = jsonOf<Parameters<typeof z.fromJSONSchema>[0]>('schemas/notifications/OrderChangeNotification.json');
    const check = z.fromJSONSchema(schema);
    expect(line.deliveries.length).toBeGreaterThan(20);
    for (const { body } of line.deliveries) {
      const said = JSON.parse(body.toString()) as { detail?: object };
      expect(check.safeParse(said.detail ?? said).error?.issues ?? []).toEqual([]);
    }
    const { body } = line.deliveries[0]!;
    const wrong = JSON.parse(body.toString().replaceAll('OrderStatusChange', 'Whim')) as { detail?: object };
    expect(check.safeParse(wrong.detail ?? wrong).success).toBe(false);
  });

  whenThere('would not pass in other words', () => {
    const of = (verb: string, start: string, status: number) =>
      calls().find(({ method, path, status: own }) => method === verb && path.startsWith(start) && own === status)!;
    const search = of('GET', '/orders/2026-01-01/orders', 200);
    const patch = of('PATCH', '/listings', 200);
    const confirmation = of('POST', '/orders/v0', 204);
    const { orders } = search.response as { orders: object[] };
    const more = (name: string, value: string) => new URLSearchParams([...search.query, [name, value]]);
    const wrong: Traffic[] = [
      { ...search, query: more('nextToken', 'x') },
      { ...search, query: new URLSearchParams({ includedData: 'BUYER,GOSSIP' }) },
      { ...search, query: new URLSearchParams({ lastUpdatedAfter: 'yesterday' }) },
      { ...search, response: { orders: [{ ...orders[0], total: 1 }] } },
      { ...search, response: { orders: [{ ...orders[0], orderItems: undefined }] } },
      { ...patch, query: new URLSearchParams() },
      { ...patch, request: { ...(patch.request as object), patches: [] } },
      { ...patch, response: { ...(patch.response as object), status: 'FINE' } },
      { ...confirmation, request: { ...(confirmation.request as object), carrier: 'GLS' } },
      { ...confirmation, status: 202 },
    ];
    expect(wrong.map((each) => contractOf(each).faultsOf(each).length > 0)).toEqual(wrong.map(() => true));
  });
});

whenThere('every order among the models’ examples is read at the total that it has', () => {
  const { paths } = jsonOf<Model>('orders_2026-01-01.json');
  const examples = Object.values(paths)
    .flatMap(({ get }) => get.responses['200']?.['x-amzn-api-sandbox']?.static ?? [])
    .flatMap(({ response }) => response.orders ?? response.order ?? []);
  const settings = { sellerId: 'A3TH9S8BH6GOGM', region: 'EU', marketplaceIds: ['APJ6JRA9NG5V4'] };
  const totals = examples.map((example) => {
    const raw = parseJsonExactly(Buffer.from(JSON.stringify(example)));
    const [change] = amazon.pull.get('orders')!.read(raw, { settings });
    return change?.kind === 'order' ? `${change.order.stated.total} ${change.order.currency}` : change;
  });
  expect(totals).toEqual(['19940 JPY', '34.99 GBP', '1599.90 BRL', '299.90 BRL', '125.00 TRY', '49.99 USD']);
});

/** One of each thing that is said. */
async function talk(line: RecordingLine): Promise<void> {
  const account = await openAccount({
    through: (url) => line.leadTo(url),
    webhookUrl: line.hookUrl,
    faults: faultsOf(['429', '500'], 0.1),
  });
  const { sandbox, context } = account;
  try {
    sandbox.act(40);
    await sandbox.settled();
    for (const stream of ['orders', 'shipments']) await walk(context, stream);
    sandbox.tokens.revokeAll();
    const { one, page } = amazon.pull.get('orders')!;
    for (const id of [sandbox.made[0]!.id, '405-9999999-9999999']) await patiently(() => one!(context, id));
    const at = { after: '2026-01-01T00:00:00.000Z', before: '2026-02-01T00:00:00.000Z', token: 'ended' };
    await patiently(() => page(context, { since: null, cursor: JSON.stringify(at) }));
    await tellAll(account);
  } finally {
    await account.close();
  }
}

async function tellAll({ sandbox, context }: Account): Promise<void> {
  const stock = { sku: 'LAMP-1', location: 'BOLOGNA', available: '3' };
  await tell(context, 'stock', [stock, { ...stock, available: '-1' }, { ...stock, sku: 'A/B 1' }]);
  const orders = [...sandbox.account.orders.values()];
  const [order, next] = orders.filter(({ isAmazons, status }) => !isAmazons && status === 'UNSHIPPED');
  const shipment = {
    hubId: 'shp_1',
    externalId: null,
    number: 'S-1',
    status: 'SHIPPED',
    carrier: 'GLS',
    service: 'Express',
    trackingNumber: 'T-1',
    shippedAt: new Date('2026-03-01T09:30:00Z'),
    order: { externalId: order!.id },
    lines: [{ lineExternalId: order!.items[0]!.id, sku: 'LAMP-1', quantity: '1' }],
  };
  const unknown = { ...shipment, carrier: null, service: null, order: { externalId: next!.id } };
  await tell(context, 'shipments', [shipment, unknown]);
}

async function tell(context: Account['context'], stream: string, records: object[]): Promise<void> {
  for (const record of records) {
    await patiently(async () => {
      const batch = [{ record, idempotencyKey: '1', mayHaveArrived: false }];
      const [outcome] = await amazon.push.get(stream)!.send(context, batch as never);
      if (outcome instanceof ConnectorFailure && outcome.kind !== 'rejected') throw outcome;
    });
  }
}
