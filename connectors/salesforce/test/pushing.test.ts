import { afterEach, describe, expect, test } from '@jest/globals';
import { ConnectorFailure, type OutgoingCustomer, type OutgoingOrder, type OutgoingQuote, type Sent } from '#connect';
import salesforce from '../index.js';
import { census, faultsOf, openOrg, push, type OpenOrg } from './account.js';

const orgs: OpenOrg[] = [];
afterEach(async () => {
  for (const org of orgs.splice(0)) await org.close();
});
async function open(options: Parameters<typeof openOrg>[0] = {}): Promise<OpenOrg> {
  const org = await openOrg(options);
  orgs.push(org);
  return org;
}
const idOf = (sent: Sent | ConnectorFailure | undefined): string => {
  if (!sent || sent instanceof ConnectorFailure) throw new Error(`expected it was sent, got ${sent?.message}`);
  return sent.externalId!;
};

const customer = (more: Partial<OutgoingCustomer> = {}): OutgoingCustomer => ({
  ...{ hubId: 'cus_1', externalId: null, version: 1, number: 'C-1', kind: 'COMPANY', name: 'Studio Fontana' },
  ...{ email: null, phone: null, taxId: null, isActive: true },
  ...{ billingAddress: null, shippingAddresses: [], contacts: [] },
  ...more,
});
const person = (name: string, email: string | null, more: object = {}) => ({
  ...{ hubId: `con_${name}`, externalId: null, name, email, phone: null, role: null, isPrimary: false },
  ...more,
});
const order = (more: Partial<OutgoingOrder> = {}): OutgoingOrder => ({
  ...{
    hubId: 'ord_1',
    externalId: null,
    version: 1,
    number: 'O-1',
    status: 'CONFIRMED',
    channel: 'WEB',
    isTheirs: false,
  },
  ...{ currency: 'EUR', pricesIncludeTax: true, subtotal: '10.00', discountTotal: '0.00', shippingTotal: '0.00' },
  ...{ taxTotal: '2.20', total: '12.20', placedAt: new Date('2026-02-20T23:30:00Z'), purchaseOrderNumber: null },
  ...{ customer: { hubId: 'cus_1', externalId: null, number: 'C-1', name: 'Studio Fontana' }, email: null },
  ...{ billingAddress: null, shippingAddress: null, lines: [], hasLeftBefore: false, quote: null },
  ...more,
});

describe('customers', () => {
  test('become accounts with their people, and the same again makes nothing new', async () => {
    const org = await open();
    const given = customer({
      phone: '+39 1',
      taxId: 'IT1',
      billingAddress: { line1: 'Via Brera 1', line2: 'Scala B', city: 'Milano', country: 'IT' },
      contacts: [person('Maria De Rossi', 'maria@example.com', { role: 'Owner' }), person('Cher', null)],
    });
    const [sent] = await push(org, 'customers', [given]);
    const id = idOf(sent);
    const { org: there } = org.sandbox;
    expect(there.find('Account', id)!.values).toMatchObject({
      ...{ Name: 'Studio Fontana', Hub_Number__c: 'C-1', VAT__c: 'IT1', Phone: '+39 1' },
      ...{ BillingStreet: 'Via Brera 1\nScala B', BillingCountry: 'Italy' },
    });
    const contacts = there.live('Contact').map(({ values }) => values);
    expect(contacts).toHaveLength(2);
    expect(contacts).toContainEqual(
      expect.objectContaining({ AccountId: id, FirstName: 'Maria De', LastName: 'Rossi', Title: 'Owner' }),
    );
    expect(contacts).toContainEqual(expect.objectContaining({ FirstName: null, LastName: 'Cher' }));
    const state = org.sandbox.state();
    await push(org, 'customers', [given]);
    await push(org, 'customers', [{ ...given, externalId: id.slice(0, 15) }]);
    expect(org.sandbox.state()).toEqual(state);
  });

  test('are known again by the version that a pull tells, unless somebody else wrote meanwhile', async () => {
    const org = await open();
    const [sent] = await push(org, 'customers', [customer()]);
    const versions = await census(org.context, 'accounts');
    expect(sent).toEqual({ externalId: idOf(sent), version: versions.get(idOf(sent)), modifiedAt: expect.any(Date) });
    const there = org.sandbox.org.find('Account', idOf(sent))!;
    const change = org.sandbox.org.change.bind(org.sandbox.org);
    org.sandbox.org.change = (thing, values, by) => {
      change(thing, values, by);
      if (thing === there) thing.modifiedBy = 'sales@example.com';
    };
    expect(await push(org, 'customers', [customer()])).toEqual([{ externalId: there.id }]);
  });

  test('that are refused keep none of the others from being told', async () => {
    const org = await open();
    const outcomes = await push(org, 'customers', [
      customer({ contacts: [person('Maria Rossi', 'no address')] }),
      customer({ number: 'C-2', name: '' }),
      customer({ number: 'C-3' }),
      customer({ number: 'C-4', externalId: '001000000000009' }),
    ]);
    expect(outcomes[0]).toMatchObject({ kind: 'rejected', message: expect.stringContaining('INVALID_EMAIL_ADDRESS') });
    expect(outcomes[1]).toMatchObject({ kind: 'rejected', message: expect.stringContaining('REQUIRED_FIELD_MISSING') });
    expect(outcomes[3]).toMatchObject({ kind: 'rejected', message: expect.stringContaining('ENTITY_IS_DELETED') });
    expect(org.sandbox.org.find('Account', idOf(outcomes[2]))!.values.Hub_Number__c).toBe('C-3');
  });

  test('are told in calls of 200 records, and end the same whatever goes wrong', async () => {
    const many = Array.from({ length: 130 }, (_, n) => {
      const contacts = [1, 2].map((k) => person(`Person ${n}-${k}`, null));
      return customer({ number: `C-${n}`, name: `Firm ${n}`, contacts });
    });
    const friendly = await open();
    await push(friendly, 'customers', many);
    const faults = faultsOf(['429', '500', 'reset', 'html'], 0.2);
    const hostile = await open({ faults });
    for (let round = 0; round < 2; round += 1) await push(hostile, 'customers', many);
    expect(Object.keys(friendly.sandbox.state().Contact!)).toHaveLength(260);
    expect(hostile.sandbox.state()).toEqual(friendly.sandbox.state());
    for (const mode of ['429', '500', 'reset', 'html'] as const)
      expect([mode, faults.count(mode)]).not.toEqual([mode, 0]);
  });
});

describe('orders', () => {
  test('are summaries at their account, and once made keep what Salesforce made of them', async () => {
    const org = await open();
    const [account] = await push(org, 'customers', [customer()]);
    const given = order({
      purchaseOrderNumber: 'PO-1',
      shippingAddress: { line1: 'A 1', city: 'Trento', country: 'IT' },
    });
    const [sent] = await push(org, 'orderSummaries', [given]);
    const there = org.sandbox.org.find('Order', idOf(sent))!;
    expect(there.values).toMatchObject({
      ...{ AccountId: idOf(account), Hub_Number__c: 'O-1', Hub_Order_Status__c: 'CONFIRMED', Hub_Total__c: 12.2 },
      ...{
        Status: 'Draft',
        EffectiveDate: '2026-02-20',
        PoNumber: 'PO-1',
        ShippingCity: 'Trento',
        CurrencyIsoCode: 'EUR',
      },
    });
    there.values.Status = 'Activated';
    await push(org, 'orderSummaries', [{ ...given, externalId: idOf(sent), status: 'SHIPPED' }]);
    expect(there.values).toMatchObject({ Status: 'Activated', Hub_Order_Status__c: 'SHIPPED' });
  });

  test('wait for an account that is not there yet', async () => {
    const [outcome] = await push(await open(), 'orderSummaries', [order()]);
    expect(outcome).toMatchObject({ kind: 'transient', message: expect.stringContaining('Foreign key external ID') });
  });

  test('that began in Salesforce are told no more than their state here', async () => {
    const org = await open();
    org.sandbox.act(60);
    const theirs = org.sandbox.org.live('Order').find(({ values }) => values.StatusCode === 'Activated')!;
    const before = { ...theirs.values };
    await push(org, 'orderSummaries', [order({ externalId: theirs.id, isTheirs: true, status: 'SHIPPED' })]);
    expect(theirs.values).toEqual({ ...before, Hub_Order_Status__c: 'SHIPPED', Hub_Total__c: 12.2 });
  });
});

describe('quotes', () => {
  const became = (externalId: string | null): OutgoingQuote => ({
    ...{ hubId: 'quo_1', externalId, version: 1, number: 'Q-1', revision: 1, status: 'CONVERTED' },
    orders: [{ hubId: 'ord_1', externalId: null, number: 'O-1', status: 'SHIPPED', total: '1.00', currency: 'EUR' }],
  });

  test('are told the number and state of their order', async () => {
    const org = await open();
    org.sandbox.act(30);
    const [quote] = org.sandbox.org.live('SBQQ__Quote__c');
    const outcomes = await push(org, 'quoteOrders', [became(quote!.id), became('a0Q000000000009EAA')]);
    expect(outcomes[0]).toEqual({ externalId: quote!.id });
    expect(outcomes[1]).toMatchObject({ kind: 'rejected' });
    expect(quote!.values).toMatchObject({ Hub_Order_Number__c: 'O-1', Hub_Order_Status__c: 'SHIPPED' });
  });

  test('that did not come from here are none of its business', () => {
    const push = salesforce.push.get('quoteOrders')!;
    const { settings } = salesforce.check({}, {});
    expect([became('a0Q1'), became(null)].map((quote) => push.concerns!(quote as never, { settings }))).toEqual([
      true,
      false,
    ]);
  });
});

describe('failures', () => {
  const kindOf = (status: number, errorCode: string, message = 'no') =>
    salesforce.http!.failure!(
      { status, headers: {}, body: [{ errorCode, message }] },
      { operation: 'query Account', method: 'GET' },
    );

  test('are read by their code, whatever the status', () => {
    expect(kindOf(403, 'REQUEST_LIMIT_EXCEEDED')).toMatchObject({ kind: 'throttled', retryAfterMs: 900_000 });
    expect(kindOf(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests')).toMatchObject({ retryAfterMs: 30_000 });
    expect(kindOf(401, 'INVALID_SESSION_ID')).toMatchObject({ kind: 'unauthorized' });
    expect(kindOf(400, 'UNABLE_TO_LOCK_ROW')).toMatchObject({ kind: 'transient' });
    expect(kindOf(400, 'MALFORMED_QUERY')).toBeNull();
  });
});
