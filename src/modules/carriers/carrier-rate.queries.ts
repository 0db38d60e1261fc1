import { sql } from '../../db/statement.js';

export interface CarrierRateRow {
  id: string;
  carrier: string;
  service: string;
  country: string;
  most_grams: number;
  currency: string;
  price_minor: string;
  delivery_days: number | null;
  is_active: boolean;
  version: number;
}

const RATE = 'id, carrier, service, country, most_grams, currency, price_minor, delivery_days, is_active, version';

export const selectCarrierRates = sql<CarrierRateRow>(
  'carriers.rates-by-id',
  `select ${RATE} from carrier_rate where id = any($1::bigint[])`,
);
export const selectAllCarrierRates = sql<CarrierRateRow>(
  'carriers.all-rates',
  `select ${RATE} from carrier_rate where $1::text is null or country = $1
    order by country, carrier, service, currency, most_grams`,
);
/** Of each service and currency the price of the smallest weight that takes the parcel. */
export const selectFittingRates = sql<CarrierRateRow>(
  'carriers.fitting-rates',
  `select distinct on (carrier, service, currency) ${RATE} from carrier_rate
    where country = $1 and most_grams >= $2 and is_active order by carrier, service, currency, most_grams`,
);
export const lockCarrierRate = sql<CarrierRateRow>(
  'carriers.lock-rate',
  `select ${RATE} from carrier_rate
    where carrier = $1 and service = $2 and country = $3 and most_grams = $4 and currency = $5 for update`,
);
/** Answers nothing where another call was faster. */
export const insertCarrierRate = sql<CarrierRateRow>(
  'carriers.insert-rate',
  `insert into carrier_rate (carrier, service, country, most_grams, currency, price_minor, delivery_days, is_active)
   values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict on constraint carrier_rate_slot do nothing returning ${RATE}`,
);
export const updateCarrierRate = sql(
  'carriers.update-rate',
  `update carrier_rate set price_minor = $2, delivery_days = $3, is_active = $4, version = version + 1 where id = $1`,
);
