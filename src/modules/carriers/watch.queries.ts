import { sql } from '../../db/statement.js';
import type { ShipmentStatus } from '../fulfillment/index.js';

export interface WatchRow {
  shipment_id: string;
  provider: string;
  tracker: string | null;
  tries: number;
  created_at: string;
  order_id: string;
  number: string;
  status: ShipmentStatus;
  carrier: string | null;
  tracking_number: string | null;
}

export const selectWatch = sql<WatchRow>(
  'carriers.watch',
  `select w.shipment_id, w.provider, w.tracker, w.tries, w.created_at, s.order_id, s.number, s.status, s.carrier,
          s.tracking_number
     from shipment_watch w join shipment s on s.id = w.shipment_id where w.shipment_id = $1`,
);
/** A shipment that has another parcel label, or a number of another carrier, is followed anew. */
export const watchShipment = sql(
  'carriers.watch-shipment',
  `insert into shipment_watch (shipment_id, provider, tracker, next_look_at, created_at) values ($1, $2, $3, $4, $5)
   on conflict (shipment_id) do update
      set provider = excluded.provider, tracker = excluded.tracker, next_look_at = excluded.next_look_at, tries = 0,
          created_at = excluded.created_at`,
);
/** And follows it for as long again. */
export const lookNow = sql(
  'carriers.look-now',
  `update shipment_watch set next_look_at = $2, created_at = $2 where shipment_id = $1`,
);
export const endWatch = sql('carriers.end-watch', `delete from shipment_watch where shipment_id = $1`);
/** Unless another parcel is followed meanwhile. */
export const noteLook = sql(
  'carriers.note-look',
  `update shipment_watch set tracker = $3, looked_at = $4, next_look_at = $5, tries = 0
    where shipment_id = $1 and tracker is not distinct from $2`,
);
export const postponeLook = sql(
  'carriers.postpone-look',
  `update shipment_watch set next_look_at = $2, tries = tries + 1 where shipment_id = $1`,
);
/** Nobody else looks at them before the time that is given. */
export const claimWatches = sql<{ shipment_id: string }>(
  'carriers.claim-watches',
  `update shipment_watch set next_look_at = $2
    where shipment_id in (select shipment_id from shipment_watch where next_look_at <= $1
                           order by next_look_at, shipment_id limit $3 for update skip locked)
  returning shipment_id`,
);
/** Answers nothing where no shipment has the tracker, or the notice was the last that came. */
export const takeNotice = sql<{ shipment_id: string }>(
  'carriers.take-notice',
  `update shipment_watch set notice = $3, next_look_at = $4
    where provider = $1 and tracker = $2 and notice is distinct from $3
  returning shipment_id`,
);
export const selectReports = sql<{ status: ShipmentStatus; at: string }>(
  'carriers.reports',
  `select status, at from tracking_event where shipment_id = $1`,
);
