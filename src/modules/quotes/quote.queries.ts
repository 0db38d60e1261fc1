import { sql } from '../../db/statement.js';
import { condition, rangeConditions, type Condition, type ListQuery } from '../../graph/list-query.js';
import { SortDirection } from '../../graph/values.type.js';
import { QuoteSortField, type QuoteFilter, type QuoteLineRow, type QuoteRow, type QuoteSort } from './quote.type.js';

export const QUOTE_COLUMNS =
  'q.id, q.number, q.revision, q.status, q.customer_id, q.contact_id, q.owner_kind, q.owner_id, q.owner_name, q.currency, ' +
  'q.valid_until, q.subtotal_minor, q.discount_minor, q.tax_minor, q.total_minor, q.billing_address, q.shipping_address, ' +
  'q.created_at, q.updated_at, q.version';
const LINE =
  'l.id, l.quote_id, l.product_id, l.sku, l.description, l.quantity, l.unit_price, l.list_price, l.discount_rate, l.tax_minor, ' +
  'l.total_minor, l.tax_lines, l.converted_quantity, q.currency';

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
  `select ${LINE} from quote_line l join quote q on q.id = l.quote_id
    where l.quote_id = any($1::bigint[]) order by l.quote_id, l.position`,
);
export const selectQuoteLines = sql<QuoteLineRow & { customer_id: string }>(
  'quotes.lines-by-id',
  `select ${LINE}, q.customer_id from quote_line l join quote q on q.id = l.quote_id where l.id = any($1::bigint[])`,
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

export const insertQuote = sql<{ number: string }>(
  'quotes.insert',
  `insert into quote (id, number, status, customer_id, contact_id, owner_kind, owner_id, owner_name, currency, valid_until,
     subtotal_minor, discount_minor, tax_minor, total_minor, billing_address, shipping_address, created_at, updated_at, event_count)
   values ($1, 'Q-' || nextval('quote_number'), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, 1)
   returning number`,
);
export const insertQuoteLines = sql(
  'quotes.insert-lines',
  `insert into quote_line (id, quote_id, position, product_id, sku, description, requires_shipping, quantity, unit_price,
     list_price, discount_rate, tax_minor, total_minor, tax_lines)
   select l.id, $1, l.position, l.product_id, l.sku, l.description, l.requires_shipping, l.quantity, l.unit_price,
          l.list_price, l.discount_rate, l.tax, l.total, l.taxes::jsonb
     from unnest($2::bigint[], $3::int[], $4::bigint[], $5::text[], $6::text[], $7::boolean[], $8::numeric[], $9::numeric[],
                 $10::numeric[], $11::numeric[], $12::bigint[], $13::bigint[], $14::text[])
       as l (id, position, product_id, sku, description, requires_shipping, quantity, unit_price, list_price, discount_rate,
             tax, total, taxes)`,
);
export const moveQuote = sql(
  'quotes.move',
  `update quote set status = $2, updated_at = $3, event_count = event_count + 1, version = version + 1 where id = $1`,
);
/** Adds to what of each line has become orders; the table refuses more than the line has. */
export const convertLines = sql(
  'quotes.convert-lines',
  `update quote_line l set converted_quantity = l.converted_quantity + c.quantity
     from unnest($1::bigint[], $2::numeric[]) as c (id, quantity) where l.id = c.id`,
);

const SORTS = {
  [QuoteSortField.CREATED_AT]: { column: 'q.created_at', type: 'timestamptz' },
  [QuoteSortField.UPDATED_AT]: { column: 'q.updated_at', type: 'timestamptz' },
  [QuoteSortField.VALID_UNTIL]: { column: 'q.valid_until', type: 'timestamptz' },
  [QuoteSortField.TOTAL]: { column: 'q.total_minor', type: 'bigint' },
  [QuoteSortField.NUMBER]: { column: 'q.number', type: 'text' },
} as const;

export function quoteList(
  filter: QuoteFilter | null | undefined,
  sort: QuoteSort | null | undefined,
  customerIds: string[],
): ListQuery {
  const where: Condition[] = customerIds.map((id) => condition('q.customer_id = $1::bigint', id));
  if (filter?.status) where.push(condition('q.status = any($1::text[])', filter.status));
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
  };
}
