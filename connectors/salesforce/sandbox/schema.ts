export type Type =
  'Account' | 'Contact' | 'Opportunity' | 'Product2' | 'Order' | 'OrderItem' | 'SBQQ__Quote__c' | 'SBQQ__QuoteLine__c';

interface Shape {
  prefix: string;
  fields: readonly string[];
  /** Computed there; nobody writes them. */
  computed?: readonly string[];
  required: readonly string[];
  /** External ids with unique values. */
  unique: readonly string[];
  /** Relationship by name: over which field, to which type. */
  relations: Readonly<Record<string, [field: string, type: Type]>>;
}

const ADDRESS = ['Street', 'City', 'State', 'PostalCode', 'Country'];
const address = (kind: string): string[] => ADDRESS.map((part) => kind + part);
const CURRENCY = 'CurrencyIsoCode';

/** What an org has of what is kept in step, the fields that an administrator made for the hub among them. */
export const SCHEMA: Readonly<Record<Type, Shape>> = {
  Account: {
    prefix: '001',
    fields: [
      'Name',
      'Phone',
      ...address('Billing'),
      ...address('Shipping'),
      'Hub_Number__c',
      'VAT__c',
      'MasterRecordId',
      CURRENCY,
    ],
    computed: ['MasterRecordId'],
    required: ['Name'],
    unique: ['Hub_Number__c'],
    relations: {},
  },
  Contact: {
    prefix: '003',
    fields: [
      'AccountId',
      'FirstName',
      'LastName',
      'Email',
      'Phone',
      'MobilePhone',
      'Title',
      'Hub_Id__c',
      'MasterRecordId',
      CURRENCY,
    ],
    computed: ['MasterRecordId'],
    required: ['LastName'],
    unique: ['Hub_Id__c'],
    relations: { Account: ['AccountId', 'Account'] },
  },
  Opportunity: {
    prefix: '006',
    fields: ['AccountId', 'Name', 'StageName', 'CloseDate', 'Amount', 'IsWon', 'IsClosed', CURRENCY],
    computed: ['IsWon', 'IsClosed'],
    required: ['Name', 'StageName', 'CloseDate'],
    unique: [],
    relations: { Account: ['AccountId', 'Account'] },
  },
  Product2: {
    prefix: '01t',
    fields: ['Name', 'ProductCode', 'StockKeepingUnit', 'IsActive', CURRENCY],
    required: ['Name'],
    unique: [],
    relations: {},
  },
  Order: {
    prefix: '801',
    fields: [
      ...['OrderNumber', 'AccountId', 'Status', 'StatusCode', 'EffectiveDate', 'TotalAmount', 'PoNumber'],
      ...['IsReductionOrder', ...address('Billing'), ...address('Shipping')],
      ...['Hub_Number__c', 'Hub_Order_Status__c', 'Hub_Total__c', 'SBQQ__Quote__c', CURRENCY],
    ],
    computed: ['OrderNumber', 'StatusCode', 'TotalAmount'],
    required: ['AccountId', 'EffectiveDate', 'Status'],
    unique: ['Hub_Number__c'],
    relations: { Account: ['AccountId', 'Account'] },
  },
  OrderItem: {
    prefix: '802',
    fields: ['OrderId', 'OrderItemNumber', 'Product2Id', 'Quantity', 'UnitPrice', 'TotalPrice', CURRENCY],
    required: ['OrderId'],
    unique: [],
    relations: { Product2: ['Product2Id', 'Product2'], Order: ['OrderId', 'Order'] },
  },
  SBQQ__Quote__c: {
    prefix: 'a0Q',
    fields: [
      ...['Name', 'CreatedDate', 'SBQQ__Account__c', 'SBQQ__Opportunity2__c', 'SBQQ__Status__c', 'SBQQ__Primary__c'],
      ...['SBQQ__Ordered__c', 'SBQQ__ExpirationDate__c', 'SBQQ__SubscriptionTerm__c', 'SBQQ__NetAmount__c'],
      ...['SBQQ__Uncalculated__c', 'Hub_Order_Number__c', 'Hub_Order_Status__c', CURRENCY],
    ],
    computed: ['Name', 'CreatedDate', 'SBQQ__NetAmount__c', 'SBQQ__Uncalculated__c'],
    required: [],
    unique: [],
    relations: { SBQQ__Opportunity2__r: ['SBQQ__Opportunity2__c', 'Opportunity'] },
  },
  SBQQ__QuoteLine__c: {
    prefix: 'a0L',
    fields: [
      ...['Name', 'SBQQ__Quote__c', 'SBQQ__Product__c', 'SBQQ__Number__c', 'SBQQ__Quantity__c', 'SBQQ__ListPrice__c'],
      ...['SBQQ__NetPrice__c', 'SBQQ__NetTotal__c', 'SBQQ__RequiredBy__c', 'SBQQ__Bundle__c', 'SBQQ__Optional__c'],
      ...['SBQQ__ChargeType__c', 'SBQQ__BillingFrequency__c', CURRENCY],
    ],
    required: ['SBQQ__Quote__c'],
    unique: [],
    relations: { SBQQ__Product__r: ['SBQQ__Product__c', 'Product2'] },
  },
};
/** What every type has, and nobody writes. */
export const OWN_FIELDS = ['Id', 'IsDeleted', 'SystemModstamp', 'LastModifiedDate'];
export const TYPES = Object.keys(SCHEMA) as Type[];
