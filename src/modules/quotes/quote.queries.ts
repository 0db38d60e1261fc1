import { sql } from '../../db/statement.js';
import { condition, rangeConditions, type Condition, type ListQuery } from '../../graph/list-query.js';
import type { Viewer } from '../../graph/access.js';
import { SortDirection } from '../../graph/values.type.js';
import { textPattern } from '../../graph/text-filter.js';
import { awaiting } from './approval.queries.js';
import type { QuoteLineRow } from './quote-line.type.js';
import type { QuoteStatus } from './quote.states.js';
import { QuoteSortField, type QuoteFilter, type QuoteRow, type QuoteSort } from './quote.type.js';

export const QUOTE_COLUMNS =
  'q.id, q.number, q.revision, q.status, q.customer_id, q.contact_id, q.owner_kind, q.owner_id, q.owner_name, q.currency, ' +
  'q.valid_until, q.subtotal_minor, q.discount_minor, q.shipping_method, q.shipping_minor, q.tax_minor, q.total_minor, ' +
  'q.billing_address, q.shipping_address, q.submitted_at, q.created_at, q.updated_at, q.version';
/** A line whose product was unknown when it was stated has the one that has its SKU by now. */
const LINE =
  'l.id, l.quote_id, coalesce(l.product_id, p.id) as product_id, l.external_line_id, l.sku, l.description, l.quantity, ' +
  'l.unit_price, l.list_price, l.discount_rate, l.tax_minor, l.total_minor, l.tax_lines, l.converted_quantity, ' +
  'l.recurrence_interval, l.recurrence_terms, l.configuration, q.currency';
const FROM_LINES =
  'quote_line l join quote q on q.id = l.quote_id left join product p on l.product_id is null and p.sku = l.sku';

export const selectQuotes = sql<QuoteRow>(
  'quotes.by-id',
  `select ${QUOTE_COLUMNS} from quote q where q.id = any($1::bigint[])`,
);
export const selectQuoteByNumber = sql<QuoteRow>(
  'quotes.by-number',
  `select ${QUOTE_COLUMNS} from quote q where q.number = $1 and ($2::int is null or q.revision = $2) order by q.revision desc limit 1`,
);
export const selectLinesOfQuotes = sql<QuoteLineRow>(
  'quotes.lines',
  `select ${LINE} from ${FROM_LINES}
    where l.quote_id = any($1::bigint[]) order by l.quote_id, l.position`,
);
export const selectQuoteLines = sql<QuoteLineRow & { customer_id: string }>(
  'quotes.lines-by-id',
  `select ${LINE}, q.customer_id from ${FROM_LINES} where l.id = any($1::bigint[])`,
);

export interface LockedQuote extends QuoteRow {
  event_count: number;
}
/** Locks the quote: conversions of one quote come one after the other. */
export const lockQuote = sql<LockedQuote>(
  'quotes.lock',
  `select ${QUOTE_COLUMNS}, q.event_count from quote q where q.id = $1 for no key update of q`,
);

/** Quotes in one of the statuses whose validity has passed, oldest first; those that somebody works on are left out. */
export const lockExpiredQuotes = sql<LockedQuote>(
  'quotes.lock-expired',
  `select ${QUOTE_COLUMNS}, q.event_count from quote q
    where q.valid_until <= $2 and q.status = any($1::text[])
      and q.status in ('DRAFT', 'PENDING_APPROVAL', 'APPROVED', 'SENT', 'ACCEPTED', 'PARTIALLY_CONVERTED')
    order by q.valid_until limit $3 for no key update of q skip locked`,
);

/** Without a number, the next of the hub's own; with as many events as lead to its status. */
export const insertQuote = sql<{ number: string }>(
  'quotes.insert',
  `insert into quote (id, number, revision, status, customer_id, contact_id, owner_kind, owner_id, owner_name, currency,
     valid_until, subtotal_minor, discount_minor, tax_minor, total_minor, billing_address, shipping_address, created_at,
     updated_at, event_count, version, shipping_method, shipping_minor, shipping_tax_lines)
   values ($1, coalesce($2::text, next_quote_number()), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
     $18, $18, $19, $19, $20, $21, $22)
   returning number`,
);
export const insertQuoteLines = sql(
  'quotes.insert-lines',
  `insert into quote_line (id, quote_id, position, product_id, external_line_id, sku, description, requires_shipping, quantity,
     unit_price, list_price, discount_rate, tax_minor, total_minor, tax_lines, recurrence_interval, recurrence_terms, configuration)
   select l.id, $1, l.position, l.product_id, l.external_line_id, l.sku, l.description, l.requires_shipping, l.quantity,
          l.unit_price, l.list_price, l.discount_rate, l.tax, l.total, l.taxes::jsonb, l.recurrence_interval, l.recurrence_terms,
          l.configuration::jsonb
     from unnest($2::bigint[], $3::int[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::numeric[],
                 $10::numeric[], $11::numeric[], $12::numeric[], $13::bigint[], $14::bigint[], $15::text[], $16::text[],
                 $17::int[], $18::text[])
       as l (id, position, product_id, external_line_id, sku, description, requires_shipping, quantity, unit_price,
             list_price, discount_rate, tax, total, taxes, recurrence_interval, recurrence_terms, configuration)`,
);
export const moveQuote = sql(
  'quotes.move',
  `update quote set status = $2, updated_at = $3, event_count = event_count + 1, version = version + 1 where id = $1`,
);
/** Writes what another tool states of it, behind the lines where those are new; `$14` events lead there. */
export const updateQuote = sql(
  'quotes.update',
  `update quote set revision = $2, status = $3, contact_id = $4, currency = $5, valid_until = $6, subtotal_minor = $7,
          discount_minor = $8, tax_minor = $9, total_minor = $10, billing_address = $11, shipping_address = $12,
          updated_at = $13, event_count = event_count + $14::int, version = version + $14::int
    where id = $1`,
);
export const setQuoteShipping = sql(
  'quotes.set-shipping',
  `update quote set shipping_method = $2, shipping_minor = $3, shipping_tax_lines = $4 where id = $1`,
);
export const deleteQuoteLines = sql('quotes.delete-lines', `delete from quote_line where quote_id = $1`);

/** Two statements of one foreign quote, or of revisions of one number, come one after the other. */
export const lockForeignName = sql('quotes.lock-foreign', `select pg_advisory_xact_lock(hashtextextended($1, 0))`);

/** The other quotes with this number, locked; `is_own`: the same tool knows them. */
export const lockOtherRevisions = sql<LockedQuote & { is_own: boolean }>(
  'quotes.lock-revisions',
  `select ${QUOTE_COLUMNS}, q.event_count,
          exists (select from external_reference r
                   where r.record_kind = 'quote' and r.record_id = q.id and r.integration_id = $3::bigint) as is_own
     from quote q where q.number = $1 and q.id <> $2 order by q.revision for no key update of q`,
);

export interface LockedRevision extends LockedQuote {
  /** The code of the tool that states it; null for a quote of the hub's own. */
  stated_by: string | null;
}
/** All revisions with a number, locked, the oldest first. */
export const lockRevisions = sql<LockedRevision>(
  'quotes.lock-all-revisions',
  `select ${QUOTE_COLUMNS}, q.event_count,
          (select i.code from external_reference r join integration i on i.id = r.integration_id
            where r.record_kind = 'quote' and r.record_id = q.id and r.stated_version is not null
            order by i.code limit 1) as stated_by
     from quote q where q.number = $1 order by q.revision for no key update of q`,
);
export const selectNewestRevision = sql<QuoteRow>(
  'quotes.newest-revision',
  `select ${QUOTE_COLUMNS} from quote q where q.number = $1 order by q.revision desc limit 1`,
);
/** All revisions of the numbers of quotes, each with whose number it is; the oldest first. */
export const selectRevisions = sql<QuoteRow & { of: string }>(
  'quotes.revisions',
  `select ${QUOTE_COLUMNS}, o.id as of from quote o join quote q on q.number = o.number
    where o.id = any($1::bigint[]) order by o.id, q.revision`,
);

/** Adds to what of each line has become orders; the table refuses more than the line has. */
export const convertLines = sql(
  'quotes.convert-lines',
  `update quote_line l set converted_quantity = l.converted_quantity + c.quantity,
          product_id = coalesce(l.product_id, (select p.id from product p where p.sku = l.sku))
     from unnest($1::bigint[], $2::numeric[]) as c (id, quantity) where l.id = c.id`,
);

const SORTS = {
  [QuoteSortField.CREATED_AT]: { column: 'q.created_at', type: 'timestamptz' },
  [QuoteSortField.UPDATED_AT]: { column: 'q.updated_at', type: 'timestamptz' },
  [QuoteSortField.VALID_UNTIL]: { column: 'q.valid_until', type: 'timestamptz' },
  [QuoteSortField.TOTAL]: { column: 'q.total_minor', type: 'bigint' },
  [QuoteSortField.NUMBER]: { column: 'q.number', type: 'text' },
} as const;

const NO_NEWER_REVISION =
  'not exists (select from quote newer where newer.number = q.number and newer.revision > q.revision)';
/** By the expressions of the indexes; a union, since an OR over two tables would read both whole. */
const FOUND_BY_TEXT = `
  select n.id from quote n where chr(10) || lower(n.number) like lower($1::text)
  union all
  select n.id from quote n join customer c on c.id = n.customer_id
   where chr(10) || lower(c.number || chr(10) || c.name || chr(10) || coalesce(c.email, '')) like lower($1::text)`;

export function quoteList(
  filter: QuoteFilter | null | undefined,
  sort: QuoteSort | null | undefined,
  customerIds: string[],
  viewer: Viewer,
): ListQuery {
  const where: Condition[] = customerIds.map((id) => condition('q.customer_id = $1::bigint', id));
  if (filter?.status) where.push(condition('q.status = any($1::text[])', filter.status));
  if (filter?.newestRevisionOnly !== false) where.push(condition(NO_NEWER_REVISION));
  if (filter?.awaitingMyApproval != null) {
    const { text, values } = awaiting(viewer);
    where.push(condition(filter.awaitingMyApproval ? text : `not (${text})`, ...values));
  }
  const pattern = textPattern(filter?.text);
  if (pattern !== null) where.push(condition(`q.id in (${FOUND_BY_TEXT})`, pattern));
  where.push(
    ...rangeConditions('q.valid_until', filter?.validUntil),
    ...rangeConditions('q.updated_at', filter?.updatedAt),
  );
  return {
    select: QUOTE_COLUMNS,
    from: 'quote q',
    where,
    sort: SORTS[sort?.field ?? QuoteSortField.CREATED_AT],
    id: 'q.id',
    descending: (sort?.direction ?? SortDirection.DESC) === SortDirection.DESC,
    isPlannedByValue: pattern !== null,
  };
}

/** Quotes that wait for a decision that the viewer may make, what has waited longest first. */
export function approvalQueueList(viewer: Viewer): ListQuery {
  return {
    select: QUOTE_COLUMNS,
    from: 'quote q',
    where: [awaiting(viewer)],
    sort: { column: 'q.submitted_at', type: 'timestamptz' },
    id: 'q.id',
    descending: false,
  };
}
/** Of a customer that became one with another. */
export const moveQuotesToCustomer = sql<{
  id: string;
  number: string;
  status: QuoteStatus;
  event_count: number;
  customer_id: string;
}>(
  'quotes.move-to-customer',
  `update quote
      set customer_id = $2, updated_at = $3, event_count = event_count + 1, version = version + 1
    where customer_id = $1 returning id, number, status, event_count, customer_id`,
);
export const moveQuotesToContact = sql(
  'quotes.move-to-contact',
  `update quote set contact_id = $2 where contact_id = $1`,
);
