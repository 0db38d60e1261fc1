import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import hubspot from '../../connectors/hubspot/index.js';
import {
  census,
  faultsOf,
  NOW,
  openAccount,
  patiently,
  SECRET,
  walk,
  type Account,
} from '../../connectors/hubspot/test/account.js';
import { openapiContract, type Traffic } from '../support/openapi-contract.js';
import { recordingLine, type RecordingLine } from '../support/recording-line.js';

// The vendor's contract lies beside the working copy; it is not the project's to give away.
const folder = new URL('../../../../shared/contracts/hubspot/', import.meta.url);
const isThere = existsSync(folder);
const whenThere = (title: string, run: () => void | Promise<void>) =>
  isThere ? test(title, run) : test.skip(`${title} (skipped: no vendor contracts beside the working copy)`, run);
const jsonOf = <T>(file: string): T => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as T;

interface Vectors {
  cases: {
    secret: string;
    method: string;
    receivedUri: string;
    body: string;
    timestamp: string;
    now: number;
    header: string;
    valid: boolean;
  }[];
  v1cases: { secret: string; body: string; header: string }[];
  v2cases: { secret: string; method: string; uri: string; body: string; header: string }[];
}

describe('the vendor’s signature vectors', () => {
  const verify = (
    signature: string,
    given: { secret: string; method?: string; uri?: string; body: string; now?: number },
    headers: Record<string, string>,
  ) =>
    hubspot.webhooks!.verify({
      method: given.method ?? 'POST',
      url: given.uri ?? 'https://hub.example/webhooks/crm',
      receivedAt: new Date(given.now ?? NOW),
      headers,
      rawBody: Buffer.from(given.body),
      settings: { portalId: '1', signature },
      credentials: { clientSecret: given.secret, accessToken: 't' },
    });

  whenThere('all come out as stated', () => {
    const { cases, v1cases, v2cases } = jsonOf<Vectors>('webhook-signature-vectors.json');
    expect(cases.length).toBeGreaterThanOrEqual(4);
    const verdicts = cases.map(({ receivedUri: uri, header, timestamp, ...given }) =>
      verify('v3', { ...given, uri }, { 'x-hubspot-signature-v3': header, 'x-hubspot-request-timestamp': timestamp }),
    );
    expect(verdicts).toEqual(cases.map(({ valid }) => valid));
    for (const [version, given] of [
      ...v1cases.map((each) => ['v1', each] as const),
      ...v2cases.map((each) => ['v2', each] as const),
    ]) {
      const headers = { 'x-hubspot-signature-version': version, 'x-hubspot-signature': given.header };
      expect(verify(version, given, headers)).toBe(true);
      expect(verify(version, { ...given, body: `${given.body} ` }, headers)).toBe(false);
    }
  });
});

describe('what the connector and its sandbox say to each other', () => {
  let line: RecordingLine;
  beforeAll(async () => {
    line = await recordingLine();
    if (isThere) await talk(line);
  });
  afterAll(() => line.close());

  whenThere('is every request and answer as the contract has it', () => {
    const contract = openapiContract(jsonOf('crm-sync.openapi.json'));
    const faults = line.traffic.flatMap((each) => contract.faultsOf(each));
    expect([...new Set(faults)]).toEqual([]);
    expect([...new Set(line.traffic.map((each) => contract.operationOf(each)))].sort()).toEqual([
      'GET /crm/v3/objects/{objectType}',
      'GET /crm/v3/objects/{objectType}/{objectId}',
      'POST /crm/v3/objects/{objectType}/batch/read',
      'POST /crm/v3/objects/{objectType}/batch/update',
      'POST /crm/v3/objects/{objectType}/batch/upsert',
      'POST /crm/v3/objects/{objectType}/search',
      'POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/create',
      'POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/read',
      'POST /oauth/v1/token',
      'PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}',
    ]);
    expect([...new Set(line.traffic.map(({ status }) => status))].sort()).toEqual([200, 201, 207, 400, 404, 429, 500]);
  });

  whenThere('is every delivery as the contract has it, signed, and of a topic that is taken', () => {
    const contract = openapiContract(jsonOf('crm-sync.openapi.json'));
    expect(line.deliveries.length).toBeGreaterThan(20);
    for (const { url, headers, body } of line.deliveries) {
      expect(contract.faultsOfValue('WebhookBatch', JSON.parse(body.toString()))).toEqual([]);
      const request = {
        method: 'POST',
        url,
        headers,
        rawBody: body,
        receivedAt: NOW,
        settings: { portalId: '24680135' },
        credentials: { clientSecret: SECRET, accessToken: 't' },
      };
      expect(hubspot.webhooks!.verify(request)).toBe(true);
      for (const message of hubspot.webhooks!.identify(request)) {
        expect(hubspot.webhooks!.read(message.topic, message.body!, request.settings)).not.toEqual([]);
      }
    }
  });

  whenThere('would not pass in other words', () => {
    const contract = openapiContract(jsonOf('crm-sync.openapi.json'));
    const [search] = line.traffic.filter(({ path, status }) => path.endsWith('/search') && status === 200);
    const [listed] = line.traffic.filter(({ method, path }) => method === 'GET' && path.endsWith('/companies'));
    const asked = search!.request as Record<string, unknown>;
    const answered = search!.response as Record<string, unknown>;
    const wrong: Traffic[] = [
      { ...search!, request: { ...asked, limit: 201 } },
      { ...search!, request: { ...asked, pageSize: 10 } },
      { ...search!, response: { ...answered, results: [{ id: 7 }] } },
      { ...search!, path: search!.path.replace('companies', 'firms') },
      { ...listed!, query: new URLSearchParams({ limit: '101' }) },
      { ...listed!, query: new URLSearchParams({ page: '2' }) },
      { ...listed!, status: 302 },
    ];
    expect(wrong.map((each) => contract.faultsOf(each).length > 0)).toEqual(wrong.map(() => true));
  });
});

/** One of each thing that is said. */
async function talk(line: RecordingLine): Promise<void> {
  const account = await openAccount({
    through: (url) => line.leadTo(url),
    webhookUrl: line.hookUrl,
    faults: faultsOf(['429', '500'], 0.05),
  });
  try {
    account.sandbox.act(60);
    await account.sandbox.settled();
    const context = account.with({ dealsWithoutQuote: 'quotes' });
    for (const stream of hubspot.pull.keys()) await walk(context, stream);
    for (const stream of ['companies', 'contacts', 'quotes']) await census(context, stream);
    await patiently(() => hubspot.pull.get('companies')!.one!(context, '1'));
    await tellAll(account);
  } finally {
    await account.close();
  }
}

const ADDRESS = { line1: 'Via Brera 1', city: 'Milano', country: 'IT' };
const PERSON = { hubId: 'con_1', externalId: null, name: 'Maria Rossi', phone: null, role: 'Owner', isPrimary: true };
const CUSTOMER = {
  hubId: 'cus_1',
  externalId: null,
  version: 1,
  number: 'C-1',
  kind: 'COMPANY',
  name: 'Fontana',
  email: null,
  phone: '1',
  taxId: 'IT1',
  isActive: true,
  billingAddress: ADDRESS,
  shippingAddresses: [],
  contacts: [{ ...PERSON, email: 'm@example.com' }],
};
const ORDER = {
  hubId: 'ord_1',
  externalId: null,
  version: 1,
  number: 'O-1',
  status: 'SHIPPED',
  channel: 'WEB',
  currency: 'EUR',
  subtotal: '1.00',
  total: '1.22',
  shippingAddress: ADDRESS,
};
const NOBODYS_ID = '999';

async function tellAll({ sandbox, context }: Account): Promise<void> {
  const [quote] = sandbox.crm.live('quotes');
  const [company] = sandbox.crm.live('companies');
  await tell(context, 'customers', [
    CUSTOMER,
    { ...CUSTOMER, number: 'C-2', externalId: company!.id },
    { ...CUSTOMER, externalId: NOBODYS_ID },
  ]);
  const from = { hubId: 'quo_1', externalId: quote!.id, number: 'Q-1' };
  const customerOf = (externalId: string) => ({ hubId: 'cus_1', externalId, number: 'C-1', name: 'Fontana' });
  await tell(context, 'orders', [
    { ...ORDER, quote: from, customer: customerOf(company!.id) },
    { ...ORDER, number: 'O-2', quote: from, customer: customerOf(NOBODYS_ID) },
  ]);
  await tell(context, 'quoteOrders', [{ ...from, version: 1, orders: [{ number: 'O-1', status: 'SHIPPED' }] }]);
}

async function tell(context: Account['context'], stream: string, records: object[]) {
  const batch = records.map((record, index) => ({ record, idempotencyKey: String(index), mayHaveArrived: false }));
  await patiently(() => hubspot.push.get(stream)!.send(context, batch as never));
}
