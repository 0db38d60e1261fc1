import { condition, rangeConditions, type Condition, type ListQuery } from '../../graph/list-query.js';
import { textPattern } from '../../graph/text-filter.js';
import { SortDirection } from '../../graph/values.type.js';
import { sql, sqlWithColumns } from '../../db/statement.js';
import { Columns, type SelectedFields } from '../../graph/columns.js';
import {
  CustomerSortField,
  type ContactRow,
  type CustomerFilter,
  type CustomerRow,
  type CustomerSort,
} from './customer.type.js';

/** Which columns a customer's fields are made of. */
export const CUSTOMER_COLUMNS = new Columns<CustomerRow>(
  'customer',
  [
    'id',
    'number',
    'kind',
    'name',
    'email',
    'phone',
    'tax_id',
    'is_active',
    'price_list_id',
    'credit_limit_minor',
    'credit_limit_currency',
    'billing_address',
    'shipping_addresses',
    'tags',
    'created_at',
    'updated_at',
    'version',
    'merged_into_id',
  ],
  ['id'],
  {
    id: [],
    number: ['number'],
    kind: ['kind'],
    name: ['name'],
    email: ['email'],
    phone: ['phone'],
    taxId: ['tax_id'],
    isActive: ['is_active'],
    creditLimit: ['credit_limit_minor', 'credit_limit_currency'],
    creditUsed: ['credit_limit_currency'],
    billingAddress: ['billing_address'],
    shippingAddresses: ['shipping_addresses'],
    tags: ['tags'],
    createdAt: ['created_at'],
    updatedAt: ['updated_at'],
    version: ['version'],
    contacts: [],
    history: [],
    externalReferences: [],
    provenance: [],
    freshness: [],
    mergedInto: ['merged_into_id'],
    priceList: ['price_list_id'],
    insights: [],
    notes: [],
    orders: [],
    quotes: [],
  },
);

export const selectCustomers = sqlWithColumns<CustomerRow>(
  'customers.by-id',
  CUSTOMER_COLUMNS.all,
  (columns) => `select ${columns} from customer where id = any($1::bigint[])`,
);
export const selectCustomerByNumber = sql<CustomerRow>(
  'customers.by-number',
  `select ${CUSTOMER_COLUMNS.all} from customer where number = any($1::text[])`,
);
export const selectContacts = sql<ContactRow>(
  'customers.contacts',
  `select id, customer_id, name, email, phone, role, is_primary
     from contact where customer_id = any($1::bigint[]) order by customer_id, position, id`,
);
export const selectContactsById = sql<ContactRow>(
  'customers.contacts-by-id',
  `select id, customer_id, name, email, phone, role, is_primary from contact where id = any($1::bigint[])`,
);
export const nextCustomerNumber = sql<{ number: string }>(
  'customers.next-number',
  `select 'C-' || nextval('customer_number') as number`,
);

const SORTS = {
  [CustomerSortField.NAME]: { column: 'name', type: 'text' },
  [CustomerSortField.NUMBER]: { column: 'number', type: 'text' },
  [CustomerSortField.CREATED_AT]: { column: 'created_at', type: 'timestamptz' },
  [CustomerSortField.UPDATED_AT]: { column: 'updated_at', type: 'timestamptz' },
} as const;

const KNOWN_TO = `id in (
  select r.record_id from external_reference r join integration i on i.id = r.integration_id
   where r.record_kind = 'customer' and i.code = $1)`;

/** By the expressions of the indexes; a union, since an OR over two tables would read both whole. */
const FOUND_BY_TEXT = `
  select c.id from customer c
   where chr(10) || lower(c.number || chr(10) || c.name || chr(10) || coalesce(c.email, '')) like lower($1::text)
  union all
  select t.customer_id from contact t where t.email is not null and chr(10) || lower(t.email) like lower($1::text)`;

export function customerList(
  filter: CustomerFilter | null | undefined,
  sort: CustomerSort | null | undefined,
  customerId: string | null,
  selected: SelectedFields,
): ListQuery {
  const where: Condition[] = [];
  if (customerId !== null) where.push(condition('id = $1::bigint', customerId));
  if (filter?.kind) where.push(condition('kind = $1', filter.kind));
  if (filter?.email) where.push(condition('lower(email) = lower($1)', filter.email));
  if (filter?.tag) where.push(condition('tags @> array[$1]::text[]', filter.tag));
  if (filter?.integration != null) where.push(condition(KNOWN_TO, filter.integration));
  const pattern = textPattern(filter?.text);
  if (pattern !== null)
    where.push(condition(`id in (with hit as materialized (${FOUND_BY_TEXT}) select id from hit)`, pattern));
  where.push(...rangeConditions('updated_at', filter?.updatedAt));
  return {
    select: CUSTOMER_COLUMNS.for(selected),
    from: 'customer',
    where,
    sort: SORTS[sort?.field ?? CustomerSortField.NUMBER],
    id: 'id',
    descending: sort?.direction === SortDirection.DESC,
    isPlannedByValue: pattern !== null,
  };
}

/** Price lists belong to the catalog, which stands beside customers: all that is needed here is that one exists. */
export const selectPriceListId = sql<{ id: string }>(
  'customers.price-list',
  `select id from price_list where code = $1`,
);
export const selectPriceListCode = sql<{ code: string }>(
  'customers.price-list-code',
  `select code from price_list where id = $1`,
);

export interface CustomerAlike {
  id: string;
  kind: string;
  tax_id: string | null;
  /** The system asked about knows this one by another id. */
  is_known: boolean;
}
/** Customers with that tax number, letters and digits alone, or that e-mail address. */
export const selectCustomersAlike = sql<CustomerAlike>(
  'customers.alike',
  `select c.id, c.kind, c.tax_id,
          exists (select from external_reference r
                   where r.record_kind = 'customer' and r.record_id = c.id and r.integration_id = $3
                     and r.gone_at is null) as is_known
     from customer c
    where c.merged_into_id is null
      and c.id in (select id from customer
                    where tax_id is not null and upper(regexp_replace(tax_id, '[^[:alnum:]]', '', 'g')) = $1
                   union all
                   select id from customer where lower(email) = $2)
    order by c.id for no key update of c`,
);
/** By number or by e-mail address, one of which is null; the merged are others by now. */
export const selectCustomersCalled = sql<{ id: string; number: string }>(
  'customers.called',
  `select id, number from customer
    where merged_into_id is null and (number = $1 or lower(email) = $2) order by id limit 5`,
);
