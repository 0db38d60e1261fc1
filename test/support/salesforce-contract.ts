import type { Traffic } from './openapi-contract.js';

interface Field {
  name: string;
  type: string;
  createable: boolean;
  updateable: boolean;
  nillable: boolean;
  referenceTo?: string[];
}
export interface SalesforceFields {
  objects: Record<string, Field[]>;
}

const field = (name: string, type = 'string', more: Partial<Field> = {}): Field => {
  return { name, type, createable: true, updateable: true, nillable: true, ...more };
};
const READ_ONLY = { createable: false, updateable: false };
const LAST_MODIFIED = field('LastModifiedDate', 'datetime', READ_ONLY);
const CREATED = field('CreatedDate', 'datetime', READ_ONLY);
const CURRENCY = field('CurrencyIsoCode', 'picklist');
const MASTER = field('MasterRecordId', 'reference', { ...READ_ONLY });
const USER = field('LastModifiedById', 'reference', { ...READ_ONLY, referenceTo: ['User'] });
/** What the list leaves out though every org has it, what some orgs have, and what is made for the hub. */
const BEYOND: Record<string, Field[]> = {
  Account: [field('Hub_Number__c'), field('VAT__c'), MASTER],
  Contact: [field('Hub_Id__c'), MASTER],
  Order: [
    ...['BillingState', 'BillingPostalCode', 'ShippingState', 'Hub_Number__c', 'Hub_Order_Status__c'].map((name) =>
      field(name),
    ),
    field('Hub_Total__c', 'double'),
    field('SBQQ__Quote__c', 'reference', { referenceTo: ['SBQQ__Quote__c'] }),
  ],
  SBQQ__Quote__c: [field('Hub_Order_Number__c'), field('Hub_Order_Status__c')],
  User: [field('Username')],
};
const ID = /^[A-Za-z0-9]{18}$/;
const TYPES: Record<string, (value: unknown) => boolean> = {
  id: (value) => ID.test(String(value)),
  reference: (value) => ID.test(String(value)),
  boolean: (value) => typeof value === 'boolean',
  datetime: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/.test(String(value)),
  date: (value) => /^\d{4}-\d\d-\d\d$/.test(String(value)),
  ...Object.fromEntries(
    ['double', 'currency', 'percent', 'int'].map((type) => [type, (value: unknown) => typeof value === 'number']),
  ),
};
const SOQL = /^SELECT ([\w.,]+) FROM (\w+)(?: WHERE (.+?))? ORDER BY ([\w, ]+)$/;
const MOST_URL = 16_384;

type Row = Record<string, unknown>;
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Holds what is said against the list of fields and the shapes of the REST API. */
export function salesforceContract({ objects }: SalesforceFields) {
  const fieldsOf = (type: string): Field[] => {
    const known = [...(objects[type] ?? []), ...(BEYOND[type] ?? [])];
    return known.length === 0 ? [] : [...known, CREATED, LAST_MODIFIED, CURRENCY, USER];
  };
  const find = (type: string, name: string) => fieldsOf(type).find((each) => each.name === name);
  const related = (type: string, relation: string): string | undefined => {
    const name = relation.endsWith('__r') ? relation.replace(/__r$/, '__c') : `${relation}Id`;
    return find(type, name)?.referenceTo?.[0];
  };

  function faultsOfPath(type: string, path: string): string[] {
    const [head = '', ...rest] = path.split('.');
    if (rest.length === 0) return find(type, head) ? [] : [`${type} has no ${head}`];
    const to = related(type, head);
    return to === undefined ? [`${type} has no relationship ${head}`] : faultsOfPath(to, rest.join('.'));
  }

  function faultsOfRow(type: string, row: unknown): string[] {
    if (!isRow(row) || !isRow(row.attributes) || row.attributes.type !== type)
      return [`a ${type} without its attributes`];
    return Object.entries(row).flatMap(([name, value]) => {
      if (name === 'attributes') return [];
      if (isRow(value)) {
        const to = related(type, name);
        return to === 'User' ? [] : faultsOfRow(to ?? name, value);
      }
      const known = find(type, name);
      if (!known) return value === null && related(type, name) !== undefined ? [] : [`${type} has no ${name}`];
      const isFine =
        value === null ? known.nillable : (TYPES[known.type] ?? ((text) => typeof text === 'string'))(value);
      return isFine ? [] : [`${type}.${name}: no ${known.type}: ${JSON.stringify(value)}`];
    });
  }

  function faultsOfQuery({ query, path }: Traffic): string[] {
    const text = query.get('q') ?? '';
    const [, fields = '', type = '', condition = '', order = ''] = SOQL.exec(text) ?? [];
    if (type === '') return [`no query: ${text}`];
    const named = condition.replace(/'[^']*'/g, '').match(/[A-Za-z_]\w*(?= *(?:=|>|IN))/g) ?? [];
    const paths = [...fields.split(','), ...named, ...order.split(', ')];
    const length = path.length + query.toString().length;
    return [
      ...paths.flatMap((each) => faultsOfPath(type, each)),
      ...(length > MOST_URL ? ['an address too long'] : []),
    ];
  }

  function faultsOfRecord(record: unknown, isUpdate: boolean): string[] {
    if (!isRow(record) || !isRow(record.attributes)) return ['a record without its attributes'];
    const type = String(record.attributes.type);
    if (fieldsOf(type).length === 0) return [`there is no ${type}`];
    return Object.entries(record).flatMap(([name, value]) => {
      if (name === 'attributes') return [];
      if (name === 'id') return isUpdate && ID.test(String(value)) ? [] : [`${type}: an id where none belongs`];
      if (isRow(value)) {
        const to = related(type, name);
        const keys = Object.keys(value).filter((key) => key !== 'attributes');
        return to === undefined
          ? [`${type} has no relationship ${name}`]
          : keys.flatMap((key) => faultsOfPath(to, key));
      }
      const known = find(type, name);
      return known && (isUpdate ? known.updateable : known.createable) ? [] : [`${type}.${name} cannot be written`];
    });
  }

  function faultsOfWrite({ request, response }: Traffic, isUpdate: boolean): string[] {
    const records = isRow(request) && Array.isArray(request.records) ? (request.records as unknown[]) : [];
    const answers = Array.isArray(response) ? (response as unknown[]) : [];
    const isAnswer = (each: unknown) =>
      isRow(each) &&
      Array.isArray(each.errors) &&
      (each.success === true ? ID.test(String(each.id)) : each.errors.length > 0);
    return [
      ...(records.length === 0 || records.length > 200 ? [`${records.length} records`] : []),
      ...records.flatMap((record) => faultsOfRecord(record, isUpdate)),
      ...(answers.length === records.length && answers.every(isAnswer) ? [] : ['not an outcome for each record']),
    ];
  }

  function faultsOfPage({ response }: Traffic): string[] {
    if (!isRow(response) || typeof response.done !== 'boolean' || typeof response.totalSize !== 'number')
      return ['no page'];
    if (!Array.isArray(response.records)) return ['a page without records'];
    if (response.done === 'nextRecordsUrl' in response) return ['done, and yet a next page, or neither'];
    return (response.records as Row[]).flatMap((row) =>
      faultsOfRow(String((row.attributes as Row | undefined)?.type), row),
    );
  }

  function faultsOfToken({ request, response }: Traffic): string[] {
    const { grant_type: grant, assertion } = request as Record<string, string>;
    const isGrant = grant === 'urn:ietf:params:oauth:grant-type:jwt-bearer' && assertion?.split('.').length === 3;
    const isToken =
      isRow(response) && typeof response.access_token === 'string' && typeof response.instance_url === 'string';
    return [...(isGrant ? [] : ['no JWT bearer grant']), ...(isToken ? [] : ['no token'])];
  }

  function operationOf({ method, path, query }: Traffic): string {
    if (path === '/services/oauth2/token') return `${method} token`;
    const [, resource = ''] = /^\/services\/data\/v62\.0\/(.+)$/.exec(path) ?? [];
    if (/^query(All)?$/.test(resource)) return `${method} ${resource} ${SOQL.exec(query.get('q') ?? '')?.[2] ?? '?'}`;
    return `${method} ${resource.replace(/^(query(?:All)?)\/.+$/, '$1 more')}`;
  }

  function faultsOf(traffic: Traffic): string[] {
    const operation = operationOf(traffic);
    const { status, response } = traffic;
    const isQuery = /^GET query(All)? (?!more)/.test(operation);
    const asked = isQuery ? faultsOfQuery(traffic) : [];
    if (status >= 400) {
      const isErrors =
        Array.isArray(response) && response.every((each) => isRow(each) && 'errorCode' in each && 'message' in each);
      return [...asked, ...(isErrors ? [] : ['an error that is no list of errors'])];
    }
    if (operation === 'POST token') return faultsOfToken(traffic);
    if (isQuery || /^GET query(All)? more$/.test(operation)) return [...asked, ...faultsOfPage(traffic)];
    if (operation === 'PATCH composite/sobjects') return faultsOfWrite(traffic, true);
    if (/^PATCH composite\/sobjects\/\w+\/\w+$/.test(operation)) return faultsOfWrite(traffic, false);
    return [`${operation} is no operation`];
  }

  return { operationOf, faultsOf };
}
