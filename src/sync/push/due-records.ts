import { SHIPMENT_PREFIX } from '../../modules/fulfillment/index.js';
import { idOf } from '../../shared/ids.js';
import type { OutgoingKind } from '../../shared/outgoing/index.js';
import type { FollowedRow } from './push.queries.js';

/** A record that a change makes due. */
export interface DueRecord {
  kind: OutgoingKind;
  id: string;
  /** When the first of its changes happened. */
  at: string;
  /** The one integration that told all of these changes; null where there was another reason. */
  teller: string | null;
}
export interface Due {
  records: DueRecord[];
  /** Orders whose quotes are due, and products whose levels are: what is told of those names these. */
  orders: Map<string, string>;
  products: Map<string, string>;
}

const OWN_KINDS: Record<string, OutgoingKind> = {
  stock_level: 'stock',
  customer: 'customer',
  product: 'product',
  order: 'order',
  quote: 'quote',
};
/** What a system can say of a level; what else happens to one follows from orders, whoever told those. */
const STATED_OF_LEVELS = new Set(['ADJUSTED', 'POLICY_SET']);
/** What a system or a person was told is no news to any, nor is who deals with an order here; none is told of invoices. */
const INSIDE = new Set(['SYNCED', 'NOTE_ADDED', 'ASSIGNED', 'INVOICE_ISSUED', 'NOTIFICATION_SENT']);
const CONVERTED = new Set<string | null>(['CONVERTED', 'PARTIALLY_CONVERTED']);

/** Which records the events make due, each once. Pure. */
export function dueRecords(events: readonly FollowedRow[]): Due {
  const records = new Map<string, DueRecord>();
  const due: Due = { records: [], orders: new Map(), products: new Map() };
  const add = (kind: OutgoingKind, id: string, at: string, teller: string | null) => {
    const known = records.get(`${kind} ${id}`);
    if (!known) records.set(`${kind} ${id}`, { kind, id, at, teller });
    else if (known.teller !== teller) known.teller = null;
  };
  for (const event of events) {
    const kind = OWN_KINDS[event.subject_kind];
    if (!kind || INSIDE.has(event.type)) continue;
    const { subject_id: id, at } = event;
    const teller = tellerOf(kind, event);
    add(kind, id, at, teller);
    if (kind === 'order') due.orders.set(id, due.orders.get(id) ?? at);
    if (kind === 'product' && event.is_linked) due.products.set(id, due.products.get(id) ?? at);
    const shipmentId = event.shipment === null ? null : idOf(SHIPMENT_PREFIX, event.shipment);
    if (kind === 'order' && shipmentId !== null) add('shipment', shipmentId, at, teller);
  }
  due.records = [...records.values()];
  return due;
}

/**
 * The integration that said what the event says. Of a level it can say how much there is; that its order reserved some of
 * it is the hub's doing. Of a quote it can say all but that the hub has made an order of it.
 */
function tellerOf(kind: OutgoingKind, event: FollowedRow): string | null {
  if (event.actor_kind !== 'INTEGRATION') return null;
  if (kind === 'stock' && !STATED_OF_LEVELS.has(event.type)) return null;
  if (kind === 'quote' && (event.type === 'CONVERTED' || CONVERTED.has(event.status_to))) return null;
  return event.actor_id;
}
