import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ConnectorFailure,
  type AnyPush,
  type OutgoingCustomer,
  type OutgoingKind,
  type OutgoingOrder,
  type OutgoingQuote,
  type OutgoingRecords,
  type PushDefinition,
  type Sent,
} from '#connect';
import hubspot from '../index.js';
import { faultsOf, openAccount, patiently, readAll, type Account } from './account.js';

const accounts: Account[] = [];
afterEach(async () => {
  for (const account of accounts.splice(0)) await account.close();
});
async function open(options: Parameters<typeof openAccount>[0] = {}): Promise<Account> {
  const account = await openAccount(options);
  accounts.push(account);
  return account;
}

async function push<K extends OutgoingKind>(
  { context }: Account,
  stream: string,
  records: OutgoingRecords[K][],
): Promise<(Sent | ConnectorFailure)[]> {
  const definition = hubspot.push.get(stream) as AnyPush<unknown, unknown> as unknown as PushDefinition<
    unknown,
    unknown,
    K
  >;
  const batch = records.map((record, index) => ({ record, idempotencyKey: `k-${index}`, mayHaveArrived: false }));
  return patiently(() => definition.send(context, batch));
}
const idOf = (sent: Sent | ConnectorFailure | undefined): string => {
  if (!sent || sent instanceof ConnectorFailure) throw new Error(`expected it was sent, got ${sent?.message}`);
  return sent.externalId!;
};

const NOBODY = { billingAddress: null, shippingAddresses: [], contacts: [], taxId: null, phone: null, email: null };
const customer = (more: Partial<OutgoingCustomer> = {}): OutgoingCustomer => ({
  ...NOBODY,
  hubId: 'cus_1',
  externalId: null,
  version: 1,
  number: 'C-1',
  kind: 'COMPANY',
  name: 'Studio Fontana',
  isActive: true,
  ...more,
});
const person = (name: string, email: string | null, more: object = {}) => ({
  hubId: `con_${name}`,
  externalId: null,
  name,
  email,
  phone: null,
  role: null,
  isPrimary: false,
  ...more,
});

describe('customers', () => {
  test('become companies with their people, and the same again makes nothing new', async () => {
    const account = await open();
    const { crm } = account.sandbox;
    const given = customer({
      phone: '+39 1',
      taxId: 'IT1',
      billingAddress: { line1: 'Via Brera 1', city: 'Milano', country: 'IT' },
      contacts: [person('Maria De Rossi', 'maria@example.com', { role: 'Owner' }), person('Nobody', null)],
    });
    const [sent] = await push(account, 'customers', [given]);
    const id = idOf(sent);
    expect(crm.find('companies', id)!.properties).toMatchObject({
      name: 'Studio Fontana',
      hub_customer_number: 'C-1',
      vat_number: 'IT1',
      country: 'Italy',
      phone: '+39 1',
    });
    const [linked] = crm.linked({ type: 'companies', id }, 'contacts');
    expect(crm.find('contacts', linked!.id)!.properties).toMatchObject({
      firstname: 'Maria De',
      lastname: 'Rossi',
      email: 'maria@example.com',
      jobtitle: 'Owner',
    });
    const before = account.sandbox.state();
    const [again] = await push(account, 'customers', [given]);
    expect(idOf(again)).toBe(id);
    expect(account.sandbox.state()).toEqual(before);
    const record = await hubspot.pull.get('companies')!.one!(account.context, id);
    expect(again).toMatchObject({ version: record!.version, modifiedAt: record!.modifiedAt });
  });

  test('that HubSpot knows are changed by their id and keep what the hub does not know', async () => {
    const account = await open();
    const { crm } = account.sandbox;
    const company = crm.make('companies', '41000000001', {
      name: 'Old name',
      phone: '+39 2',
      address: 'Via X',
      city: 'Y',
    });
    const contact = crm.make('contacts', '41000000002', {
      firstname: 'Anna Maria',
      lastname: 'De Rossi',
      email: 'a@example.com',
    });
    const contacts = [person('Anna Maria De Rossi', 'a@example.com', { externalId: contact.id, phone: '+39 3' })];
    const [sent] = await push(account, 'customers', [customer({ externalId: company.id, contacts })]);
    expect(idOf(sent)).toBe(company.id);
    expect(company.properties).toMatchObject({
      name: 'Studio Fontana',
      hub_customer_number: 'C-1',
      phone: '+39 2',
      address: 'Via X',
    });
    expect(contact.properties).toMatchObject({ firstname: 'Anna Maria', lastname: 'De Rossi', phone: '+39 3' });
  });

  test('who are persons become contacts, one that is there by its e-mail address included', async () => {
    const account = await open();
    const { crm } = account.sandbox;
    const lead = crm.make('contacts', '41000000002', { firstname: 'Ivo', lastname: 'Longo', email: 'Ivo@Example.com' });
    const [known, fresh, bare] = await push(account, 'customers', [
      customer({ kind: 'PERSON', name: 'Ivo Longo', email: 'ivo@example.com', number: 'C-2' }),
      customer({ kind: 'PERSON', name: 'Lea Egger', email: 'lea@example.com', number: 'C-3' }),
      customer({ kind: 'PERSON', name: 'Kai Huber', number: 'C-4' }),
    ]);
    expect(idOf(known)).toBe(`contact-${lead.id}`);
    expect(lead.properties.hub_customer_number).toBe('C-2');
    for (const sent of [fresh, bare]) {
      const record = await hubspot.pull.get('contacts')!.one!(account.context, idOf(sent).replace('contact-', ''));
      expect(record!.version).toBe((sent as Sent).version);
      expect(readAll(account.context, 'contacts', [record!])).toMatchObject([
        { kind: 'customer', customer: { externalId: idOf(sent) } },
      ]);
    }
    const [changed] = await push(account, 'customers', [
      customer({ kind: 'PERSON', name: 'Ivo Lungo', number: 'C-2', externalId: idOf(known) }),
    ]);
    expect([idOf(changed), lead.properties.lastname]).toEqual([idOf(known), 'Lungo']);
  });

  test('that cannot be taken are told apart from those that can', async () => {
    const account = await open();
    const { crm } = account.sandbox;
    crm.make('companies', '41000000001', { name: 'Theirs', hub_customer_number: 'C-9' });
    const mine = crm.make('companies', '41000000002', { name: 'Mine' });
    const outcomes = await push(account, 'customers', [
      customer({ number: 'C-1' }),
      customer({ number: 'C-9', externalId: mine.id }),
      customer({ number: 'C-3', externalId: '999' }),
      customer({ number: 'C-4', contacts: [person('Bad', 'no address')] }),
      customer({ kind: 'PERSON', number: 'C-5', name: 'One', email: 'same@example.com' }),
      customer({ kind: 'PERSON', number: 'C-6', name: 'Two', email: 'SAME@example.com' }),
    ]);
    expect(
      outcomes.map((each) => (each instanceof ConnectorFailure ? `${each.kind}: ${each.message}` : 'sent')),
    ).toEqual([
      'sent',
      'rejected: companies update: CONFLICT: hub_customer_number is taken. Existing ID: 41000000001',
      'rejected: companies update: OBJECT_NOT_FOUND: Could not get some objects',
      'rejected: contacts upsert: VALIDATION_ERROR: Email address no address is invalid',
      'sent',
      expect.stringContaining('expected one customer of that e-mail address, got C-5 and C-6'),
    ]);
    expect(crm.byUnique('companies', 'hub_customer_number', 'C-4')).toBeUndefined();
  });

  test('are tried alone where one of them fails the whole batch', async () => {
    const account = await open();
    const { http } = account.context;
    const definition = hubspot.push.get('customers') as unknown as PushDefinition<unknown, unknown, 'customer'>;
    const strict: typeof http = {
      ...http,
      send(request) {
        const isBad = JSON.stringify(request.json ?? '').includes('"C-3"');
        return isBad && request.path?.endsWith('upsert')
          ? Promise.reject(new ConnectorFailure('rejected', 'the whole batch is refused'))
          : http.send(request);
      },
    };
    const batch = [1, 2, 3, 4, 5].map((n) => {
      return { record: customer({ number: `C-${n}` }), idempotencyKey: String(n), mayHaveArrived: false };
    });
    const outcomes = await definition.send({ ...account.context, http: strict }, batch);
    expect(outcomes.map((each) => each instanceof ConnectorFailure)).toEqual([false, false, true, false, false]);
  });

  test('end the same whatever happens to the calls', async () => {
    const records = Array.from({ length: 12 }, (_, index) =>
      customer({ number: `C-${index}`, contacts: [person(`P ${index}`, `p${index}@example.com`)] }),
    );
    const friendly = await open();
    await push(friendly, 'customers', records);
    const faults = faultsOf(['429', '500', 'reset', 'html']);
    const hostile = await open({ faults });
    for (const record of records) await push(hostile, 'customers', [record]);
    expect(hostile.sandbox.state()).toEqual(friendly.sandbox.state());
    for (const mode of ['429', '500', 'reset', 'html'] as const) expect(faults.count(mode)).toBeGreaterThan(0);
  });
});

const order = (more: Partial<OutgoingOrder> = {}): OutgoingOrder => ({
  hubId: 'ord_1',
  externalId: null,
  version: 1,
  number: 'O-1001',
  status: 'CONFIRMED',
  channel: 'HUBSPOT',
  isTheirs: false,
  currency: 'EUR',
  pricesIncludeTax: false,
  subtotal: '40.00',
  discountTotal: '0.00',
  shippingTotal: '0.00',
  taxTotal: '8.80',
  total: '48.80',
  placedAt: new Date('2026-03-01T09:00:00Z'),
  purchaseOrderNumber: null,
  customer: null,
  email: null,
  billingAddress: null,
  shippingAddress: { line1: 'Via Brera 1', line2: 'Scala B', city: 'Milano', country: 'IT' },
  lines: [],
  hasLeftBefore: false,
  quote: null,
  ...more,
});

describe('orders', () => {
  test('become order objects at their customer and deal, and follow their status', async () => {
    const account = await open();
    account.sandbox.act(40);
    const { crm } = account.sandbox;
    const [quote] = crm.live('quotes');
    const [company] = crm.linked(quote!, 'companies');
    const [deal] = crm.linked(quote!, 'deals');
    const [contact] = crm.live('contacts');
    const at = (externalId: string) => ({ hubId: 'cus_1', externalId, number: 'C-1', name: 'Studio' });
    const [sent, personal, unknown] = await push(account, 'orders', [
      order({ customer: at(company!.id), quote: { hubId: 'quo_1', externalId: quote!.id, number: 'Q-1' } }),
      order({ number: 'O-1002', customer: at(`contact-${contact!.id}`) }),
      order({ number: 'O-1003', customer: at('999') }),
    ]);
    const id = idOf(sent);
    expect(crm.find('orders', id)!.properties).toMatchObject({
      hub_order_number: 'O-1001',
      hub_order_status: 'CONFIRMED',
      hs_external_order_id: 'ord_1',
      hs_total_price: '48.80',
      hs_currency_code: 'EUR',
      hs_fulfillment_status: 'Unfulfilled',
      hs_shipping_address_street: 'Via Brera 1, Scala B',
      hs_shipping_address_country: 'Italy',
    });
    expect(crm.linked({ type: 'orders', id }, 'companies')).toEqual([{ id: company!.id, typeIds: [509] }]);
    expect(crm.linked({ type: 'orders', id }, 'deals')).toEqual([{ id: deal!.id, typeIds: [512] }]);
    expect(crm.linked({ type: 'orders', id: idOf(personal) }, 'contacts')).toEqual([
      { id: contact!.id, typeIds: [507] },
    ]);
    expect(unknown).toMatchObject({ kind: 'rejected', message: expect.stringContaining('no object') });
    await push(account, 'orders', [order({ externalId: id, status: 'SHIPPED' })]);
    expect(crm.find('orders', id)!.properties).toMatchObject({
      hub_order_status: 'SHIPPED',
      hs_fulfillment_status: 'Fulfilled',
    });
  });

  test('that are drafts are not told', () => {
    const { concerns } = hubspot.push.get('orders') as unknown as PushDefinition<unknown, unknown, 'order'>;
    const { settings } = hubspot.check({ portalId: '1' }, {});
    expect(
      [order({ status: 'DRAFT' }), order()].map((each) =>
        concerns!(each, { settings: { portalId: '1', ...settings } }),
      ),
    ).toEqual([false, true]);
  });
});

describe('what became of a quote', () => {
  const became = (externalId: string, orders: [number: string, status: string][]): OutgoingQuote => ({
    hubId: `quo_${externalId}`,
    externalId,
    version: 1,
    number: 'Q-1',
    revision: 1,
    status: 'CONVERTED',
    orders: orders.map(([number, status]) => ({
      hubId: 'o',
      externalId: null,
      number,
      status,
      total: '1.00',
      currency: 'EUR',
    })),
  });

  test('stands on its deal, since it is locked itself', async () => {
    const account = await open();
    account.sandbox.act(40);
    const { crm } = account.sandbox;
    const [quote] = crm.live('quotes').filter(({ properties }) => properties.hs_status === 'APPROVAL_NOT_NEEDED');
    const deal = crm.find('deals', crm.linked(quote!, 'deals')[0]!.id)!;
    const draft = crm.make('quotes', '42000000001', { hs_status: 'DRAFT' });
    const locked = crm.make('quotes', '42000000002', { hs_status: 'APPROVED' });
    const lone = crm.make('deals', '42000000003', { dealname: 'No quote' });
    const outcomes = await push(account, 'quoteOrders', [
      became(quote!.id, [
        ['O-1', 'SHIPPED'],
        ['O-2', 'CONFIRMED'],
      ]),
      became(draft.id, [['O-3', 'CONFIRMED']]),
      became(locked.id, [['O-4', 'CONFIRMED']]),
      became(`deal-${lone.id}`, [['O-5', 'CANCELED']]),
    ]);
    expect(outcomes.map((each) => (each instanceof ConnectorFailure ? each.kind : each.externalId))).toEqual([
      quote!.id,
      draft.id,
      'rejected',
      `deal-${lone.id}`,
    ]);
    const noted = [deal, draft, lone].map(({ properties }) => [
      properties.hub_order_number,
      properties.hub_order_status,
    ]);
    expect(noted).toEqual([
      ['O-1; O-2', 'SHIPPED; CONFIRMED'],
      ['O-3', 'CONFIRMED'],
      ['O-5', 'CANCELED'],
    ]);
  });
});
