import { sql } from '../../db/statement.js';
import type { TaxRateRow } from './tax-rate.type.js';

/** A rate that holds on a day, and what the customer's tax depends on besides. */
export interface KnownRateRow {
  country: string;
  category: string;
  name: string;
  rate: string;
  customer_kind: string | null;
  customer_tax_id: string | null;
}

/** `address`: where a customer's goods go when nobody says. */
const CUSTOMER = `
  select coalesce(nullif(c.shipping_addresses->0, 'null'), c.billing_address) as address, c.kind, c.tax_id from customer c`;
const KNOWN = 'rate.country, rate.category, rate.name, rate.rate, c.kind as customer_kind, c.tax_id as customer_tax_id';
const HOLDS = (day: string, region: string) =>
  `rate.valid_from <= ${day} and (rate.valid_until is null or rate.valid_until > ${day})
   and rate.region in ('', upper(coalesce(${region}, '')))`;

/**
 * Rates of a place on a day: of the address given, else of the customer's first shipping address or billing address,
 * else of the seller's country. Of each category one: the region's before the country's, then the one that began last.
 */
export const selectTaxRates = sql<KnownRateRow>(
  'tax.rates',
  `select distinct on (rate.category) ${KNOWN}
     from (select 1) one
     left join lateral (${CUSTOMER} where c.id = $3::bigint) c on true
     join tax_rate rate on rate.country = coalesce($1::text, c.address->>'country', $4)
      and ${HOLDS('$5::date', "case when $1::text is null then c.address->>'region' else $2::text end")}
    order by rate.category, rate.region desc, rate.valid_from desc`,
);

/** The same for several orders at once: of each its place, and the rates of its place and day. */
export const selectTaxRatesOfEach = sql<KnownRateRow & { ordinal: string }>(
  'tax.rates-of-each',
  `select distinct on (o.ordinal, rate.category) o.ordinal, ${KNOWN}
     from unnest($1::text[], $2::text[], $3::bigint[], $4::date[])
       with ordinality as o (country, region, customer_id, day, ordinal)
     left join lateral (${CUSTOMER} where c.id = o.customer_id) c on true
     join tax_rate rate on rate.country = coalesce(o.country, c.address->>'country', $5)
      and ${HOLDS('o.day', "case when o.country is null then c.address->>'region' else o.region end")}
    order by o.ordinal, rate.category, rate.region desc, rate.valid_from desc`,
);

const RATE = 'id, country, region, category, name, rate, valid_from::text, valid_until::text, version';
const SLOT = 'country = $1 and region = $2 and category = $3 and valid_from = $4::date';

export const selectRates = sql<TaxRateRow>(
  'tax.rates-by-id',
  `select ${RATE} from tax_rate where id = any($1::bigint[])`,
);
export const selectAllRates = sql<TaxRateRow>(
  'tax.all-rates',
  `select ${RATE} from tax_rate
    where ($1::text is null or country = $1)
      and ($2::date is null or (valid_from <= $2::date and (valid_until is null or valid_until > $2::date)))
    order by country, region, category, valid_from`,
);
export const lockRate = sql<TaxRateRow>('tax.lock-rate', `select ${RATE} from tax_rate where ${SLOT} for update`);
/** Answers nothing where another call was faster. */
export const insertRate = sql<TaxRateRow>(
  'tax.insert-rate',
  `insert into tax_rate (country, region, category, valid_from, valid_until, name, rate)
   values ($1, $2, $3, $4::date, $5::date, $6, $7::numeric)
   on conflict on constraint tax_rate_slot do nothing returning ${RATE}`,
);
export const updateRate = sql(
  'tax.update-rate',
  `update tax_rate set name = $2, rate = $3::numeric, valid_until = $4::date, version = version + 1 where id = $1`,
);
