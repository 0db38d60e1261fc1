import { z } from 'zod';
import { associated, readMany, type Associated, type Context } from './client.js';
import { modifiedBy, pick } from './pulling.js';
import { idShape, objectShape, type CrmObject } from './wire.js';

export const QUOTE_PROPERTIES = [
  'hs_title',
  'hs_status',
  'hs_quote_number',
  'hs_quote_amount',
  'hs_currency',
  'hs_expiration_date',
  'hs_esign_enabled',
  'hs_esign_num_signers_required',
  'hs_esign_num_signers_completed',
  'hs_payment_status',
  'hs_lastmodifieddate',
] as const;
export const DEAL_PROPERTIES = [
  'dealname',
  'dealstage',
  'hs_is_closed',
  'hs_is_closed_won',
  'closedate',
  'deal_currency_code',
  'hs_lastmodifieddate',
] as const;
export const LINE_PROPERTIES = [
  'name',
  'description',
  'hs_sku',
  'hs_product_id',
  'quantity',
  'price',
  'discount',
  'hs_discount_percentage',
  'recurringbillingfrequency',
  'hs_recurring_billing_period',
  'hs_tax_rate_group_id',
  'hs_position_on_quote',
  'hs_lastmodifieddate',
] as const;
/** Of the other quotes of a deal: whether they may be what was won. */
const SIBLING_PROPERTIES = ['hs_status', 'hs_lastmodifieddate'] as const;
/** HUBSPOT_DEFINED: a deal’s primary company. */
const PRIMARY_COMPANY = '5';

const ids = z.array(idShape);
export const dealShape = z.object({ deal: objectShape, companies: ids, contacts: ids, quotes: z.array(objectShape) });
export type DealBundle = z.infer<typeof dealShape>;
export const bundleShape = z.object({
  quote: objectShape,
  lines: z.array(objectShape),
  companies: ids,
  contacts: ids,
  deals: z.array(dealShape),
});
/** A quote with everything that it means. */
export type Bundle = z.infer<typeof bundleShape>;

/** One for each quote, in their order: nine calls for a page, however many there are on it. */
export async function bundlesOf(context: Context, quotes: readonly CrmObject[]): Promise<Bundle[]> {
  const quoteIds = quotes.map(({ id }) => id);
  const [lines, companies, contacts, deals] = await Promise.all([
    linesOf(context, 'quotes', quoteIds),
    associated(context, { from: 'quotes', to: 'companies' }, quoteIds),
    associated(context, { from: 'quotes', to: 'contacts' }, quoteIds),
    associated(context, { from: 'quotes', to: 'deals' }, quoteIds),
  ]);
  const dealIds = [...new Set([...deals.values()].flat().map(({ id }) => id))];
  const dealBundles = new Map((await dealsOf(context, dealIds)).map((bundle) => [bundle.deal.id, bundle]));
  return quotes.map((quote) => ({
    quote,
    lines: lines.get(quote.id)!,
    companies: companies.get(quote.id)!.map(({ id }) => id),
    contacts: contacts.get(quote.id)!.map(({ id }) => id),
    deals: deals.get(quote.id)!.flatMap(({ id }) => dealBundles.get(id) ?? []),
  }));
}

/** The line items of quotes or deals, in the order in which they are shown. */
export async function linesOf(
  context: Context,
  from: 'quotes' | 'deals',
  ownerIds: readonly string[],
): Promise<Map<string, CrmObject[]>> {
  const owned = await associated(context, { from, to: 'line_items' }, ownerIds);
  const lineIds = [...owned.values()].flat().map(({ id }) => id);
  const lines = await objectsById(context, 'line_items', lineIds, LINE_PROPERTIES);
  return new Map(
    [...owned].map(([id, items]) => [id, items.flatMap((item) => lines.get(item.id) ?? []).sort(byPosition)]),
  );
}

function byPosition(a: CrmObject, b: CrmObject): number {
  const at = ({ properties }: CrmObject) => Number(properties.hs_position_on_quote ?? Infinity);
  const [one, other] = [at(a), at(b)];
  return one === other || Number.isNaN(one - other) ? 0 : one - other;
}

async function dealsOf(context: Context, dealIds: readonly string[]): Promise<DealBundle[]> {
  if (dealIds.length === 0) return [];
  const deals = await objectsById(context, 'deals', dealIds, DEAL_PROPERTIES);
  return dealBundlesOf(context, [...deals.values()]);
}

/** Deals with whom they are for and which quotes they have. */
export async function dealBundlesOf(context: Context, deals: readonly CrmObject[]): Promise<DealBundle[]> {
  const dealIds = deals.map(({ id }) => id);
  const [companies, contacts, quotes] = await Promise.all([
    associated(context, { from: 'deals', to: 'companies' }, dealIds),
    associated(context, { from: 'deals', to: 'contacts' }, dealIds),
    associated(context, { from: 'deals', to: 'quotes' }, dealIds),
  ]);
  const quoteIds = [...quotes.values()].flat().map(({ id }) => id);
  const siblings = await objectsById(context, 'quotes', quoteIds, SIBLING_PROPERTIES);
  return deals.map((deal) => ({
    deal,
    companies: primaryOf(companies.get(deal.id)!),
    contacts: contacts.get(deal.id)!.map(({ id }) => id),
    quotes: quotes.get(deal.id)!.flatMap(({ id }) => siblings.get(id) ?? []),
  }));
}

function primaryOf(companies: readonly Associated[]): string[] {
  const primary = companies.filter(({ typeIds }) => typeIds.includes(PRIMARY_COMPANY));
  return (primary.length > 0 ? primary : companies).map(({ id }) => id);
}

export async function objectsById(
  context: Context,
  type: 'quotes' | 'deals' | 'line_items',
  objectIds: readonly string[],
  properties: readonly string[],
): Promise<Map<string, CrmObject>> {
  const found = await readMany(context, type, { ids: objectIds, properties });
  return new Map(found.map((object) => [object.id, pick(object, properties)]));
}

/** Whatever of it changes changes the quote: the time of its newest part is its version. */
export function partsOfBundle(bundle: Bundle): { modifiedAt: Date; isOwn: boolean; facts: unknown }[] {
  const { quote, lines, companies, contacts, deals } = bundle;
  const others = [...lines, ...deals.flatMap(({ deal, quotes }) => [deal, ...quotes])];
  return [
    { modifiedAt: modifiedBy(quote), isOwn: true, facts: [companies, contacts] },
    ...others.map((object) => {
      const modifiedAt = modifiedBy(object);
      return { modifiedAt, isOwn: false, facts: [object.id, modifiedAt.getTime()] };
    }),
  ];
}
