import { sql } from '../../db/statement.js';
import type { Address } from '../../graph/values.type.js';
import type { ShipmentStatus } from '../fulfillment/index.js';
import type { Parcel } from './parcel.rules.js';

/** What carriers and rules are told of a shipment. */
export interface RatedShipmentRow {
  id: string;
  number: string;
  status: ShipmentStatus;
  order_id: string;
  from_address: Address | null;
  location: string;
  to_address: Address | null;
  channel: string;
  currency: string;
  total_minor: string;
  requested_delivery_at: string | null;
  /** Of its parcels, else of what is in it; null where a weight is not known. */
  content_grams: string | null;
  /** Of its only parcel, where all of them are known. */
  sides: Pick<Parcel, 'lengthMm' | 'widthMm' | 'heightMm'> | null;
}
export interface RatingRow {
  id: string;
  shipment_id: string;
  parcel: Parcel;
  silent: string[];
  rated_at: string | null;
}
export interface OfferRow {
  id: string;
  rating_id: string;
  shipment_id: string;
  provider: string;
  asked: string | null;
  rate: string | null;
  carrier: string;
  service: string;
  price_minor: string;
  currency: string;
  delivery_days: number | null;
  is_kept: boolean;
  is_chosen: boolean;
  reasons: string[];
}

export const selectRatedShipment = sql<RatedShipmentRow>(
  'carriers.rated-shipment',
  `select s.id, s.number, s.status, s.order_id, place.address as from_address, place.code as location,
          o.shipping_address as to_address, c.code as channel, o.currency, o.total_minor, o.requested_delivery_at,
          coalesce(packed.grams,
            (select case when bool_and(p.weight_grams is not null) then sum(p.weight_grams * l.quantity) end
               from shipment_line l left join product p on p.id = l.product_id where l.shipment_id = s.id)) as content_grams,
          packed.sides
     from shipment s join orders o on o.id = s.order_id join channel c on c.id = o.channel_id
     join stock_location place on place.id = s.location_id
     cross join lateral (
       select case when count(p.weight_grams) = count(*) then sum(p.weight_grams) end as grams,
              case when count(*) = 1 and count(p.length_mm + p.width_mm + p.height_mm) = 1 then
                jsonb_build_object('lengthMm', min(p.length_mm), 'widthMm', min(p.width_mm), 'heightMm', min(p.height_mm))
              end as sides
         from parcel p where p.shipment_id = s.id) packed
    where s.id = $1`,
);

export const insertRating = sql(
  'carriers.insert-rating',
  `insert into carrier_rating (id, shipment_id, parcel, created_at) values ($1, $2, $3, $4)`,
);
const RATING = 'r.id, r.shipment_id, r.parcel, r.silent, r.rated_at';
export const selectRating = sql<RatingRow>('carriers.rating', `select ${RATING} from carrier_rating r where r.id = $1`);
/** Those that whoever has asked for them has left, the latest first. */
export const selectLeftRatings = sql<{ id: string }>(
  'carriers.left-ratings',
  `select id from carrier_rating where rated_at is null and created_at <= $1 order by created_at desc limit $2`,
);
/** Answers nothing where another was faster. */
export const closeRating = sql<{ id: string }>(
  'carriers.close-rating',
  `update carrier_rating set rated_at = $2, silent = $3 where id = $1 and rated_at is null returning id`,
);
export const insertOffers = sql(
  'carriers.insert-offers',
  `insert into carrier_offer (id, rating_id, provider, asked, rate, carrier, service, price_minor, currency,
     delivery_days, is_kept, is_chosen, reasons)
   select o.id, $1, o.provider, o.asked, o.rate, o.carrier, o.service, o.price_minor, o.currency, o.delivery_days,
          o.is_kept, o.is_chosen, array(select jsonb_array_elements_text(o.reasons))
     from jsonb_to_recordset($2::jsonb) as o (id bigint, provider text, asked text, rate text, carrier text,
       service text, price_minor bigint, currency text, delivery_days integer, is_kept boolean, is_chosen boolean,
       reasons jsonb)`,
);

const OFFER =
  'f.id, f.rating_id, r.shipment_id, f.provider, f.asked, f.rate, f.carrier, f.service, f.price_minor, f.currency, ' +
  'f.delivery_days, f.is_kept, f.is_chosen, f.reasons';
export const selectOffers = sql<OfferRow>(
  'carriers.offers',
  `select ${OFFER} from carrier_offer f join carrier_rating r on r.id = f.rating_id where f.id = any($1::bigint[])`,
);
/** Those of each shipment’s last rating, in the order of the choice. */
export const selectOffersOfShipments = sql<OfferRow>(
  'carriers.offers-of-shipments',
  `select ${OFFER}
     from unnest($1::bigint[]) as s (id)
     join lateral (select id, shipment_id from carrier_rating
                    where shipment_id = s.id and rated_at is not null order by id desc limit 1) r on true
     join carrier_offer f on f.rating_id = r.id
    order by r.shipment_id, f.id`,
);
