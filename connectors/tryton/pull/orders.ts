import type { PulledRecord } from '#connect';
import { search, type Context } from '../client.js';
import { orderChanges } from '../mapping/order.js';
import { companyOf, type Settings } from '../settings.js';
import { idOf } from '../wire/values.js';
import { ADDRESS } from './customers.js';
import { groupBy, OVERLAP_MS, pulled, secondLook, TIMES, type Pull, type Row } from './records.js';
import { belonging, censusOf, itself, step, type Walked } from './walk.js';

/** Before that a sale is an offer, and one that is called off was never more. */
const SOLD = ['confirmed', 'processing', 'done'];

const SALE = [
  'number',
  'reference',
  'description',
  'comment',
  'state',
  'party',
  'party.name',
  'currency.code',
  'untaxed_amount',
  'tax_amount',
  'total_amount',
  'invoice_address',
  'shipment_address',
  ...TIMES,
];
const LINE = [
  'sale',
  'type',
  'sequence',
  'product',
  'product.code',
  'product.name',
  'product.type',
  'description',
  'quantity',
  'unit_price',
  'amount',
  'taxes',
  ...TIMES,
];

/** Sales with their lines: writing a line does not touch its sale. */
export const orders: Pull = {
  of: 'order',
  everyMs: 2 * 60_000,
  overlapMs: OVERLAP_MS,

  page: (context, from) => step(context, walked(context.settings), from),
  one: async (context, externalId) => (await documents(context, [externalId]))[0] ?? null,
  census: (context, cursor) => censusOf(context, walked(context.settings), cursor),
  read: orderChanges,
};

function walked(settings: Settings): Walked {
  const company = companyOf(settings);
  return {
    size: 25,
    sources: [
      itself('sale.sale', [['state', 'in', SOLD], ['company', '=', company]]), // prettier-ignore
      belonging('sale.line', 'sale', [['sale.state', 'in', SOLD], ['sale.company', '=', company]]), // prettier-ignore
    ],
    documents,
  };
}

async function documents(context: Context, ids: readonly string[]): Promise<PulledRecord[]> {
  const found = await read(context, ids);
  return secondLook(context, found, { read: orderChanges, again: (id) => read(context, [id]) });
}

async function read(context: Context, ids: readonly string[]): Promise<PulledRecord[]> {
  if (ids.length === 0) return [];
  const domain = [['id', 'in', ids.map(idOf)], ['state', 'in', SOLD]]; // prettier-ignore
  const sales = await search(context, 'sale.sale', { domain, fields: SALE });
  const lines = await search(context, 'sale.line', { domain: [['sale', 'in', ids.map(idOf)]], fields: LINE });
  const taxes = await byIds(context, 'account.tax', ['name', 'rate', 'type'], idsIn(lines, 'taxes'));
  const places = [...idsIn(sales, 'invoice_address'), ...idsIn(sales, 'shipment_address')];
  const addresses = await byIds(context, 'party.address', ADDRESS, places);
  const linesOf = groupBy(lines, 'sale');
  return sales.map((sale) => {
    const own = linesOf.get(sale.id) ?? [];
    const raw = {
      sale,
      lines: own,
      taxes: taxes.filter((tax) => idsIn(own, 'taxes').includes(tax.id)),
      addresses: addresses.filter(({ id }) => id === sale.invoice_address || id === sale.shipment_address),
    };
    return pulled(sale.id, raw, [sale, ...own]);
  });
}

function idsIn(rows: readonly Row[], field: string): string[] {
  const found = rows.flatMap((row) => (row[field] ?? []) as string | string[]);
  return [...new Set(found)];
}

export async function byIds(
  context: Context,
  model: string,
  fields: readonly string[],
  ids: readonly string[],
): Promise<Row[]> {
  return ids.length === 0 ? [] : search(context, model, { domain: [['id', 'in', ids.map(idOf)]], fields });
}
