import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ConnectorFailure, readWire, type Change, type PulledRecord, type PullDefinition } from '#connect';
import { getOrder, searchOrders, type Context, type Filter, type Window } from './client.js';
import { orderChanges } from './mapping/order.js';
import { shipmentChanges } from './mapping/shipments.js';
import type { Credentials, Settings } from './settings.js';
import { instant, orderShape, type KeptOrder, type Order } from './wire.js';

/** What changed in the last two minutes may not be asked for, and the hub’s clock may be ahead of Amazon’s. */
const NOT_BEFORE_MS = 3 * 60_000;
const OVERLAP_MS = 10 * 60_000;
/** No order that is older is shown, but in Japan, Australia and Singapore. */
const OLDEST_DAYS = 730;
const DAY_MS = 86_400_000;
/** As many searches as flow back, both streams together: one in 178 seconds. */
const ORDERS_EVERY_MS = 5 * 60_000;
const SHIPMENTS_EVERY_MS = 10 * 60_000;
const MOST_STALLS = 10;
const MOST_RESTARTS = 3;

const ORDER_DATA = ['BUYER', 'RECIPIENT', 'PROCEEDS', 'PROMOTION', 'CANCELLATION', 'FULFILLMENT', 'TAX'];
const SHIPMENT_DATA = ['FULFILLMENT', 'PACKAGES'];

/** Where a walk stands: its window stays what it was when it began, since the token belongs to it. */
const placeShape = z.strictObject({
  after: z.string(),
  before: z.string(),
  token: z.string().nullable(),
  /** Marks the page before: one that comes again and again leads nowhere. */
  mark: z.string().optional(),
  stalls: z.int().optional(),
  restarts: z.int().optional(),
});
type Place = z.infer<typeof placeShape>;

interface Source {
  of: 'order' | 'shipment';
  everyMs: number;
  filter: Filter;
  changes(order: Order, settings: Settings): Change[];
}

function pullOf({ of, everyMs, filter, changes }: Source): PullDefinition<Settings, Credentials> {
  const read = (raw: unknown, { settings }: { settings: Settings }) => changes(readWire(orderShape, raw), settings);
  const kept = (raw: KeptOrder, settings: Settings): PulledRecord => {
    const isGood = faultOf(() => read(raw, { settings })) === null;
    const { orderId, lastUpdatedTime } = raw;
    // One that cannot be read is read again where the same state comes whole the next time.
    const version = isGood ? lastUpdatedTime : `${lastUpdatedTime}~${markOf(raw)}`;
    return { externalId: orderId, version, modifiedAt: readWire(instant, lastUpdatedTime), raw };
  };
  return {
    of,
    everyMs,
    overlapMs: OVERLAP_MS,
    async page(context, { since, cursor }) {
      const place = cursor === null ? begin(since, context.now()) : placeShape.parse(JSON.parse(cursor));
      const found = await searchOrders(context, place, filter, place.token);
      if (!found) return { records: [], next: JSON.stringify(restarted(place)) };
      const records: PulledRecord[] = [];
      for (const order of found.orders) {
        const isOdd = isOutside(order, place) || faultOf(() => read(order, context)) !== null;
        // A list may be wrong where the order is not.
        const whole = isOdd ? await getOrder(context.http, order.orderId, filter.includedData) : null;
        records.push(kept(whole ?? order, context.settings));
      }
      const next = found.next === null ? null : behind(place, found.next, found.orders);
      return { records, next: next && JSON.stringify(next) };
    },
    async one({ http, settings }: Context, externalId) {
      const order = await getOrder(http, externalId, filter.includedData);
      return order && kept(order, settings);
    },
    read,
  };
}

export const orders = pullOf({
  of: 'order',
  everyMs: ORDERS_EVERY_MS,
  filter: { includedData: ORDER_DATA },
  changes: orderChanges,
});

/** What Amazon itself sends: its own searches, since an order that cannot be shipped yet must be taken all the same. */
export const shipments = pullOf({
  of: 'shipment',
  everyMs: SHIPMENTS_EVERY_MS,
  filter: {
    includedData: SHIPMENT_DATA,
    fulfilledBy: 'AMAZON',
    fulfillmentStatuses: ['PARTIALLY_SHIPPED', 'SHIPPED'],
  },
  changes: shipmentChanges,
});

function begin(since: Date | null, now: Date): Place {
  const before = new Date(now.getTime() - NOT_BEFORE_MS);
  const oldest = new Date(now.getTime() - OLDEST_DAYS * DAY_MS);
  const after = since && since > oldest ? since : oldest;
  // A window that ends before it begins is refused.
  return { after: (after < before ? after : before).toISOString(), before: before.toISOString(), token: null };
}

/** From the start of the window: what was read comes again and changes nothing. */
function restarted({ after, before, restarts = 0 }: Place): Place {
  if (restarts < MOST_RESTARTS) return { after, before, token: null, restarts: restarts + 1 };
  throw new ConnectorFailure('transient', 'searchOrders: the token of the next page is refused each time');
}

function behind(place: Place, token: string, found: readonly KeptOrder[]): Place {
  const { after, before, restarts } = place;
  const mark = markOf(found.map(({ orderId, lastUpdatedTime }) => [orderId, lastUpdatedTime]));
  const isStalled = found.length === 0 || mark === place.mark || token === place.token;
  const stalls = isStalled ? (place.stalls ?? 0) + 1 : 0;
  if (stalls > MOST_STALLS) throw new ConnectorFailure('transient', 'searchOrders: its pages lead back to themselves');
  return { after, before, token, mark, stalls, ...(restarts !== undefined && { restarts }) };
}

function isOutside({ lastUpdatedTime }: KeptOrder, { after, before }: Window): boolean {
  const at = instant.safeParse(lastUpdatedTime);
  return !at.success || at.data < new Date(after) || at.data > new Date(before);
}

function faultOf(read: () => unknown): ConnectorFailure | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof ConnectorFailure) return error;
    throw error;
  }
}

function markOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
