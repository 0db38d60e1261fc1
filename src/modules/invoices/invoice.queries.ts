import { sql } from '../../db/statement.js';
import type { Address } from '../../graph/values.type.js';
import type { InvoiceKind, InvoiceLineRow, InvoiceRow } from './invoice.type.js';

const INVOICE =
  'i.id, i.kind, i.number, i.order_id, i.shipment_id, i.credits_id, i.is_reopening, i.reason, i.language, i.currency, ' +
  'i.prices_include_tax, i.tax_minor, i.total_minor, i.issued_at, i.due_date::text, i.particulars';
const LINE =
  'l.id, l.invoice_id, l.position, l.source, l.source_id, l.credits_id, l.sku, l.description, l.quantity, l.unit_price, ' +
  'l.discount_minor, l.tax_minor, l.total_minor, l.tax_lines, i.currency';

export const selectInvoices = sql<InvoiceRow & { customer_id: string | null }>(
  'invoices.by-id',
  `select ${INVOICE}, o.customer_id from invoice i join orders o on o.id = i.order_id where i.id = any($1::bigint[])`,
);
export const selectInvoicesOfOrders = sql<InvoiceRow>(
  'invoices.of-orders',
  `select ${INVOICE} from invoice i where i.order_id = any($1::bigint[]) order by i.order_id, i.issued_at, i.id`,
);
export const selectCreditNotes = sql<InvoiceRow>(
  'invoices.credit-notes',
  `select ${INVOICE} from invoice i where i.credits_id = any($1::bigint[]) order by i.credits_id, i.issued_at, i.id`,
);
export const selectLinesOfInvoices = sql<InvoiceLineRow>(
  'invoices.lines',
  `select ${LINE} from invoice_line l join invoice i on i.id = l.invoice_id
    where l.invoice_id = any($1::bigint[]) order by l.invoice_id, l.position`,
);

/** All that an order's invoices and credit notes have. */
export type IssuedLine = InvoiceLineRow & { kind: InvoiceKind; is_reopening: boolean };
export const selectIssuedLines = sql<IssuedLine>(
  'invoices.issued-lines',
  `select ${LINE}, i.kind, i.is_reopening from invoice_line l join invoice i on i.id = l.invoice_id
    where i.order_id = $1 order by i.id, l.position`,
);

/** Whom an order is invoiced to, and until when it is trusted with the money. */
export interface BuyerRow {
  name: string | null;
  number: string | null;
  tax_id: string | null;
  billing_address: Address | null;
  due_at: string | null;
}
export const selectBuyer = sql<BuyerRow>(
  'invoices.buyer',
  `select c.name, c.number, c.tax_id, c.billing_address,
          (select max(p.due_at) from payment p
            where p.order_id = o.id and p.status in ('AUTHORIZED', 'PARTIALLY_CAPTURED')) as due_at
     from orders o left join customer c on c.id = o.customer_id where o.id = $1`,
);

/** A shipment's lines, in units of the order's lines. */
export interface ShippedRow {
  id: string;
  number: string;
  order_id: string;
  status: string;
  shipped_at: string | null;
  order_line_id: string;
  quantity: string;
}
export const selectShipped = sql<ShippedRow>(
  'invoices.shipped',
  `select s.id, s.number, s.order_id, s.status, s.shipped_at, l.order_line_id, max(l.line_quantity) as quantity
     from shipment s join shipment_line l on l.shipment_id = s.id
    where s.id = $1 group by s.id, l.order_line_id`,
);

export const selectOrderOfInvoice = sql<{ order_id: string }>(
  'invoices.order-of-invoice',
  `select order_id from invoice where id = $1`,
);

/** Takes the next number and gives it to the invoice: the last lock that is taken, held until the commit alone. */
export const insertInvoice = sql<{ number: string; issued_at: string }>(
  'invoices.insert',
  `with taken as (
     insert into invoice_counter as c (kind, year, last_number, last_issued_at)
     values ($2, $3::int, 1, $4::timestamptz)
     on conflict (kind, year) do update
       set last_number = c.last_number + 1, last_issued_at = greatest(c.last_issued_at, excluded.last_issued_at)
     returning last_number, last_issued_at)
   insert into invoice (id, kind, year, sequence, number, issued_at, order_id, shipment_id, credits_id, is_reopening,
     reason, language, currency, prices_include_tax, tax_minor, total_minor, due_date, particulars)
   select $1, $2, $3::int, t.last_number,
          $5::text || lpad(t.last_number::text, greatest($6::int, length(t.last_number::text)), '0') || $7::text,
          t.last_issued_at, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18::date, $19::jsonb
     from taken t returning number, issued_at`,
);
export const insertInvoiceLines = sql(
  'invoices.insert-lines',
  `insert into invoice_line (id, invoice_id, position, source, source_id, credits_id, sku, description, quantity,
     unit_price, discount_minor, tax_minor, total_minor, tax_lines)
   select l.id, $1, l.position, l.source, l.source_id, l.credits_id, l.sku, l.description, l.quantity, l.unit_price,
          l.discount, l.tax, l.total, l.taxes::jsonb
     from unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::numeric[],
                 $9::numeric[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[])
       with ordinality
       as l (id, source, source_id, credits_id, sku, description, quantity, unit_price, discount, tax, total, taxes,
             position)`,
);

export const keepPolicy = sql(
  'invoices.keep-policy',
  `update invoice_policy set issue_at = $1, is_for_stated = $2 where (issue_at, is_for_stated) <> ($1, $2)`,
);
export interface DueRow {
  id: string;
  order_id: string;
  /** Null: the whole order. */
  shipment_id: string | null;
}
/** One that is due and that nobody else is at. */
export const claimDue = sql<DueRow>(
  'invoices.claim-due',
  `select id, order_id, shipment_id from invoice_due where next_try_at <= $1 and id > $2
    order by id limit 1 for update skip locked`,
);
export const settleDue = sql('invoices.settle-due', `delete from invoice_due where id = $1`);
export const postponeDue = sql('invoices.postpone-due', `update invoice_due set next_try_at = $2 where id = $1`);
export const selectIsDue = sql<{ is_due: boolean }>(
  'invoices.is-due',
  `select exists (select from invoice_due where next_try_at <= $1) as is_due`,
);
