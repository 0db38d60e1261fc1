import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseJsonExactly, type FailureKind } from '#connect';
import salesforce from '../../connectors/salesforce/index.js';
import { instantOf, pageShape, savedShape, tokenShape } from '../../connectors/salesforce/wire.js';
import { census, faultsOf, openOrg, patiently, push, walk } from '../../connectors/salesforce/test/account.js';
import type { Traffic } from '../support/openapi-contract.js';
import { recordingLine, type RecordingLine } from '../support/recording-line.js';
import { salesforceContract, type SalesforceFields } from '../support/salesforce-contract.js';

// The vendor's contract lies beside the working copy; it is not the project's to give away.
const folder = new URL('../../../../shared/contracts/salesforce/', import.meta.url);
const isThere = existsSync(folder);
const whenThere = (title: string, run: () => void | Promise<void>) =>
  isThere ? test(title, run) : test.skip(`${title} (skipped: no vendor contracts beside the working copy)`, run);
const bytesOf = (file: string): Buffer => readFileSync(new URL(file, folder));
const contractThere = () =>
  salesforceContract(JSON.parse(bytesOf('sobject-fields.json').toString()) as SalesforceFields);
const fixture = (name: string): unknown => parseJsonExactly(bytesOf(`rest-fixtures/${name}_response.json`));

describe('the recorded answers', () => {
  whenThere('are read as what they are', () => {
    expect(tokenShape.parse(fixture('auth_success'))).toMatchObject({ instance_url: 'https://na1.salesforce.com' });
    expect(pageShape.parse(fixture('query_empty'))).toEqual({ totalSize: '0', done: true, records: [] });
    const [first, last] = ['first', 'last'].map((page) => fixture(`query_paginated_${page}_page`) as object);
    const heads = [first, last].map((page) => pageShape.parse({ ...page, records: [] }));
    expect(heads.map(({ done, nextRecordsUrl }) => [done, nextRecordsUrl])).toEqual([
      [false, '/services/data/v26.0/query/01gD'],
      [true, undefined],
    ]);
    const { deletedRecords } = fixture('get_deleted_success') as { deletedRecords: { deletedDate: string }[] };
    expect(instantOf(deletedRecords[0]!.deletedDate)).toEqual(new Date('2013-05-07T22:07:19Z'));
    expect(savedShape.safeParse([{ ...(fixture('create_success') as object), id: '001A0000006Vm9r' }]).success).toBe(
      true,
    );
  });

  whenThere('that are errors have the reaction that fits', () => {
    const kindOf = (name: string, operation: string): FailureKind | undefined =>
      salesforce.http!.failure!({ status: 400, headers: {}, body: fixture(name) }, { operation, method: 'GET' })?.kind;
    expect(['auth_error', 'refresh_error'].map((name) => kindOf(name, 'get a token'))).toEqual([
      'unauthorized',
      'unauthorized',
    ]);
    // Left to the kit, which reads 400 as rejected.
    const others = ['query_error', 'write_error', 'upsert_error', 'delete_error', 'upsert_multiple_error'];
    expect(others.map((name) => kindOf(name, 'query Account'))).toEqual(others.map(() => undefined));
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
    const contract = contractThere();
    expect([...new Set(line.traffic.flatMap((each) => contract.faultsOf(each)))]).toEqual([]);
    expect([...new Set(line.traffic.map((each) => contract.operationOf(each)))].sort()).toEqual(
      [
        'GET query Account',
        'GET query Contact',
        'GET query Order',
        'GET query OrderItem',
        'GET query SBQQ__QuoteLine__c',
        'GET query SBQQ__Quote__c',
        'GET queryAll Account',
        'GET queryAll Contact',
        'GET queryAll Opportunity',
        'GET queryAll Order',
        'GET queryAll SBQQ__Quote__c',
        'GET queryAll more',
        'GET query more',
        'PATCH composite/sobjects',
        'PATCH composite/sobjects/Account/Hub_Number__c',
        'PATCH composite/sobjects/Contact/Hub_Id__c',
        'PATCH composite/sobjects/Order/Hub_Number__c',
        'POST token',
      ].sort(),
    );
    expect([...new Set(line.traffic.map(({ status }) => status))].sort()).toEqual([200, 403, 500]);
  });

  whenThere('would not pass in other words', () => {
    const contract = contractThere();
    const one = (operation: string) =>
      line.traffic.find((each) => contract.operationOf(each) === operation && each.status === 200)!;
    const [asked, wrote, token] = [one('GET queryAll Account'), one('PATCH composite/sobjects'), one('POST token')];
    const soql = asked.query.get('q')!;
    const query = (q: string) => ({ ...asked, query: new URLSearchParams({ q }) });
    const records = (more: object) => ({ ...wrote, request: { allOrNone: false, records: [more] } });
    const account = { attributes: { type: 'Account' }, id: '001A0000006Vm9rIAC' };
    const page = asked.response as { records: object[] };
    const wrong: Traffic[] = [
      query(soql.replace('Phone', 'Telephone')),
      query(soql.replace('Account', 'Firm')),
      query(soql.replace('ORDER BY', 'SORT BY')),
      query(`${soql}${'A'.repeat(17_000)}`),
      records({ ...account, CreatedDate: '2026-01-01' }),
      records({ ...account, attributes: { type: 'Firm' } }),
      { ...wrote, request: { records: Array.from({ length: 201 }, () => account) } },
      { ...wrote, method: 'PUT' },
      { ...asked, response: { ...page, records: [{ ...page.records[0], SystemModstamp: '2026-03-01T09:00:00Z' }] } },
      { ...asked, response: { ...page, records: [{ ...page.records[0], Id: '7' }] } },
      { ...asked, response: { ...page, done: 'no' } },
      { ...asked, status: 403, response: { errorCode: 'REQUEST_LIMIT_EXCEEDED' } },
      { ...token, request: { ...(token.request as object), grant_type: 'password' } },
      { ...asked, path: asked.path.replace('data', 'date') },
    ];
    expect(wrong.map((each) => contract.faultsOf(each).length > 0)).toEqual(wrong.map(() => true));
  });
});

const CONTACT = { externalId: null, phone: '1', role: 'Owner', isPrimary: true, email: 'm@example.com' };
const ADDRESS = { line1: 'Via Brera 1', city: 'Milano', country: 'IT' };

/** One of each thing that is said. */
async function talk(line: RecordingLine): Promise<void> {
  const org = await openOrg({ through: (url) => line.leadTo(url), faults: faultsOf(['429', '500'], 0.05) });
  try {
    const { sandbox, context } = org;
    sandbox.act(120);
    for (const stream of salesforce.pull.keys()) await walk(context, stream);
    for (const stream of ['accounts', 'contacts', 'quotes', 'orders']) await census(context, stream);
    const { id } = sandbox.org.live('Account')[0]!;
    await patiently(() => salesforce.pull.get('accounts')!.one!(context, id));
    const customer = {
      ...{ hubId: 'cus_1', externalId: null, number: 'C-1', name: 'Fontana', phone: '1', taxId: 'IT1' },
      ...{
        billingAddress: ADDRESS,
        shippingAddresses: [ADDRESS],
        contacts: [{ ...CONTACT, hubId: 'con_1', name: 'A B' }],
      },
    };
    await push<'customer'>(org, 'customers', [customer, { ...customer, number: 'C-2', externalId: id }] as never);
    const order = {
      ...{ externalId: null, number: 'O-1', status: 'SHIPPED', currency: 'EUR', total: '1.22', placedAt: new Date(0) },
      ...{ isTheirs: false, billingAddress: ADDRESS, shippingAddress: ADDRESS, purchaseOrderNumber: 'P', customer },
    };
    const known = { ...order, number: 'O-2', customer: { ...customer, externalId: id } };
    await push<'order'>(org, 'orderSummaries', [order, known] as never);
    const quote = {
      externalId: sandbox.org.live('SBQQ__Quote__c')[0]!.id,
      orders: [{ number: 'O-1', status: 'SHIPPED' }],
    };
    await push<'quote'>(org, 'quoteOrders', [quote] as never);
  } finally {
    await org.close();
  }
}
