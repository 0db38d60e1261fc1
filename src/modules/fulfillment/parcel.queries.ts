import { sql } from '../../db/statement.js';
import type { ParcelRow } from './parcel.type.js';

export const selectParcels = sql<ParcelRow>(
  'fulfillment.parcels',
  `select p.id, p.shipment_id, p.weight_grams, p.length_mm, p.width_mm, p.height_mm from parcel p
    where p.shipment_id = any($1::bigint[]) order by p.shipment_id, p.position`,
);
export const insertParcels = sql(
  'fulfillment.insert-parcels',
  `insert into parcel (id, shipment_id, position, weight_grams, length_mm, width_mm, height_mm)
   select p.id, $1, p.position, p.weight, p.length, p.width, p.height
     from unnest($2::bigint[], $3::int[], $4::int[], $5::int[], $6::int[])
       with ordinality as p (id, weight, length, width, height, position)`,
);
export const deleteParcels = sql('fulfillment.delete-parcels', `delete from parcel where shipment_id = $1`);

/** What shipments weigh: their parcels, or the products they hold; null where some of that is not known. */
export const selectWeights = sql<{ id: string; weight_grams: number | null }>(
  'fulfillment.weights',
  `select s.id, case when w.weight_grams < 2147483647 then w.weight_grams::int end as weight_grams
     from shipment s cross join lateral (select coalesce(
            (select sum(p.weight_grams) from parcel p where p.shipment_id = s.id having count(*) = count(p.weight_grams)),
            (select ceil(sum(l.quantity * product.weight_grams)) from shipment_line l
               left join product on product.id = l.product_id
              where l.shipment_id = s.id having count(*) = count(product.weight_grams))) as weight_grams) w
    where s.id = any($1::bigint[])`,
);
