import { parseJsonExactly, type Change, type StatedOrder, type StatedQuote } from '#connect';
import salesforce from '../index.js';

const AT = '2026-11-02T09:15:03.000+0000';
const ADDRESS = ['Street', 'City', 'State', 'PostalCode', 'Country'];
type Values = Record<string, unknown>;

export const ACCOUNT_ID = '001A0000006Vm9rIAC';
export const QUOTE_ID = 'a0Q000000000001EAA';

export function record(Id: string, values: Values): Values {
  return { Id, IsDeleted: false, SystemModstamp: AT, LastModifiedDate: AT, ...values };
}

function noAddress(...kinds: string[]): Values {
  return Object.fromEntries(kinds.flatMap((kind) => ADDRESS.map((part) => [kind + part, null])));
}

export function account(values: Values = {}): Values {
  const none = { Phone: null, Hub_Number__c: null, MasterRecordId: null, ...noAddress('Billing', 'Shipping') };
  return record(ACCOUNT_ID, { ...none, Name: 'Cantina Aurora', ...values });
}

export function contact(values: Values = {}): Values {
  const none = { Phone: null, MobilePhone: null, Title: null, MasterRecordId: null };
  const known = { AccountId: ACCOUNT_ID, FirstName: 'Carla', LastName: 'De Rossi', Email: 'carla@example.com' };
  return record('003A0000001Abc2IAC', { ...none, ...known, ...values });
}

export function line(values: Values = {}, id = 'a0L000000000001EAA'): Values {
  return record(id, {
    SBQQ__Quote__c: QUOTE_ID,
    SBQQ__Product__c: '01t000000000001AAA',
    SBQQ__Product__r: { ProductCode: 'LAMP-1', Name: 'Lamp' },
    SBQQ__Number__c: 1,
    SBQQ__Quantity__c: 2,
    SBQQ__ListPrice__c: 24.4,
    SBQQ__NetPrice__c: 24.4,
    SBQQ__NetTotal__c: 48.8,
    SBQQ__RequiredBy__c: null,
    SBQQ__Optional__c: false,
    SBQQ__ChargeType__c: null,
    SBQQ__BillingFrequency__c: null,
    ...values,
  });
}

export function quote(values: Values = {}): Values {
  return record(QUOTE_ID, {
    Name: 'Q-00012',
    SBQQ__Account__c: ACCOUNT_ID,
    SBQQ__Status__c: 'Presented',
    SBQQ__Primary__c: true,
    SBQQ__Ordered__c: false,
    SBQQ__ExpirationDate__c: '2026-12-31',
    SBQQ__SubscriptionTerm__c: null,
    SBQQ__NetAmount__c: 48.8,
    SBQQ__Uncalculated__c: false,
    SBQQ__Opportunity2__c: null,
    SBQQ__Opportunity2__r: null,
    CurrencyIsoCode: 'EUR',
    ...values,
  });
}

export function opportunity(values: Values = {}): Values {
  return {
    SBQQ__Opportunity2__c: '006000000000001AAA',
    SBQQ__Opportunity2__r: { AccountId: ACCOUNT_ID, IsWon: false, IsClosed: false, SystemModstamp: AT, ...values },
  };
}

export function item(values: Values = {}): Values {
  return record('802000000000001AAA', {
    OrderId: '801000000000001AAA',
    Product2Id: '01t000000000001AAA',
    Product2: { ProductCode: 'LAMP-1', Name: 'Lamp' },
    Quantity: 2,
    UnitPrice: 24.4,
    TotalPrice: 48.8,
    ...values,
  });
}

export function order(values: Values = {}): Values {
  return record('801000000000001AAA', {
    OrderNumber: '00000100',
    AccountId: ACCOUNT_ID,
    Account: { Name: 'Cantina Aurora' },
    StatusCode: 'Activated',
    EffectiveDate: '2026-11-01',
    TotalAmount: 48.8,
    PoNumber: null,
    IsReductionOrder: false,
    Hub_Number__c: null,
    SBQQ__Quote__c: null,
    CurrencyIsoCode: 'EUR',
    ...noAddress('Billing', 'Shipping'),
    ...values,
  });
}

/** As the engine reads it: through the wire, numbers as their text. */
export function read(stream: string, raw: unknown, more: object = {}): Change[] {
  const { settings } = salesforce.check(more, {});
  return salesforce.pull.get(stream)!.read(parseJsonExactly(Buffer.from(JSON.stringify(raw))), { settings });
}

export function quoteIn(values: Values, lines: Values[] = [line()], more: object = {}): StatedQuote {
  const [change] = read('quotes', { quote: quote(values), lines }, more);
  if (change?.kind !== 'quote') throw new Error(`expected a quote, got ${change?.kind}`);
  return change.quote;
}

export function orderIn(values: Values = {}, items: Values[] = [item()]): StatedOrder {
  const [change] = read('orders', { order: order(values), items });
  if (change?.kind !== 'order') throw new Error(`expected an order, got ${change?.kind}`);
  return change.order;
}
