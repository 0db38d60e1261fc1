import { sql } from '../../db/statement.js';

export const LABEL_STATUSES = ['REQUESTED', 'BOUGHT', 'FAILED', 'CANCELING', 'CANCELED'] as const;
export type LabelStatus = (typeof LABEL_STATUSES)[number];

/** A label with the offer it was bought by. */
export interface LabelRow {
  id: string;
  shipment_id: string;
  order_id: string;
  status: LabelStatus;
  url: string | null;
  tracking_number: string | null;
  tracking_url: string | null;
  reason: string | null;
  tries: number;
  provider: string;
  asked: string | null;
  rate: string | null;
  carrier: string;
  service: string;
  price_minor: string;
  currency: string;
}

const LABEL = `
  select l.id, l.shipment_id, s.order_id, l.status, l.url, l.tracking_number, l.tracking_url, l.reason, l.tries,
         f.provider, f.asked, f.rate, f.carrier, f.service, f.price_minor, f.currency
    from shipping_label l join carrier_offer f on f.id = l.offer_id join shipment s on s.id = l.shipment_id`;

export const selectLabel = sql<LabelRow>('carriers.label', `${LABEL} where l.id = $1`);
/** The last label of each shipment. */
export const selectLabelsOfShipments = sql<LabelRow>(
  'carriers.labels-of-shipments',
  `${LABEL} where l.id = any(array(select max(id) from shipping_label where shipment_id = any($1::bigint[])
                                    group by shipment_id))`,
);
export const insertLabel = sql(
  'carriers.insert-label',
  `insert into shipping_label (id, shipment_id, offer_id, status, next_try_at, created_at, settled_at)
   values ($1, $2, $3, $4, $5, $6, $7)`,
);
export const settleLabelRow = sql(
  'carriers.settle-label',
  `update shipping_label
      set status = $2, reason = $3, url = $4, tracking_number = $5, tracking_url = $6, settled_at = $7, tries = 0
    where id = $1`,
);
export const cancelLabelRow = sql(
  'carriers.cancel-label',
  `update shipping_label set status = 'CANCELING', next_try_at = $2, tries = 0, reason = null where id = $1`,
);
export const postponeLabel = sql(
  'carriers.postpone-label',
  `update shipping_label set next_try_at = $2, tries = tries + 1
    where id = $1 and status in ('REQUESTED', 'CANCELING')`,
);
/** Nobody else takes them up before the time that is given. */
export const claimLabels = sql<{ id: string }>(
  'carriers.claim-labels',
  `update shipping_label set next_try_at = $2
    where id in (select id from shipping_label where status in ('REQUESTED', 'CANCELING') and next_try_at <= $1
                  order by next_try_at, id limit $3 for update skip locked)
  returning id`,
);
