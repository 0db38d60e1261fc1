import { z } from 'zod';
import { readWire, type ConnectorHttp, type PulledRecord } from '#connect';
import { ask, behind, changedSince, inAffordablePages } from '../client.js';
import {
  fulfillmentLines,
  FULFILLMENTS_IN_BULK,
  FULFILLMENTS_LISTED,
  fulfillmentsOfOrder,
  fulfillmentsPage,
  oneFulfillment,
} from '../documents/fulfillments.js';
import { shipmentChanges } from '../mapping/shipments.js';
import { canAsk, refuseUnlessCanAsk } from '../settings.js';
import { gidOf, record } from '../wire/parts.js';
import { fulfillmentAsDelivered, graphFulfillment } from '../wire/shipments.js';
import { bulkPage } from './bulk.js';
import {
  allOf,
  changing,
  connection,
  digitsOf,
  laterText,
  NOTHING,
  OVERLAP_MS,
  pulled,
  type Context,
  type Pull,
} from './records.js';

const SIZES = [15, 4, 1];
const TREE = {
  FulfillmentOrder: { Fulfillment: 'fulfillments' },
  Fulfillment: { FulfillmentLineItem: 'fulfillmentLineItems' },
};

const fulfillment = changing.extend({ fulfillmentLineItems: connection(z.unknown()) });
type Fulfillment = z.infer<typeof fulfillment>;
const order = changing.extend({ fulfillments: z.array(fulfillment) });
const fulfillmentOrder = z.looseObject({ fulfillments: z.looseObject({ nodes: z.array(changing) }) });

/** What was sent, by whomever. The shop lists it only below what it belongs to. */
export const shipments: Pull = {
  of: 'shipment',
  everyMs: 2 * 60_000,
  overlapMs: OVERLAP_MS,

  async page({ http, settings, credentials }, { since, cursor }) {
    if (!canAsk(credentials)) return NOTHING;
    if (since === null) {
      const { rows, ...rest } = await bulkPage(http, { query: FULFILLMENTS_IN_BULK, tree: TREE }, cursor);
      const found = rows.flatMap((row) => readWire(fulfillmentOrder, row).fulfillments.nodes);
      return { records: onceEach(found.map((each) => recordOf(each, each.updatedAt, settings))), ...rest };
    }
    const shape = record({ orders: connection(order) });
    const { orders: found } = await inAffordablePages(SIZES, (first) =>
      ask(http, fulfillmentsPage, { first, after: cursor, query: changedSince(since) }, shape),
    );
    const records: PulledRecord[] = [];
    for (const each of found.nodes) {
      for (const parcel of await parcelsOf(http, each)) {
        // How far the walk is, is told by the orders.
        records.push(recordOf(await completed(http, parcel), laterText(parcel.updatedAt, each.updatedAt), settings));
      }
    }
    return { records, next: behind(found.pageInfo) };
  },

  async one({ http, settings, credentials }, externalId) {
    refuseUnlessCanAsk(credentials);
    const shape = record({ fulfillment: fulfillment.nullish() });
    const { fulfillment: found } = await ask(http, oneFulfillment, { id: gidOf('Fulfillment', externalId) }, shape);
    return found ? recordOf(await completed(http, found), found.updatedAt, settings) : null;
  },

  read: (raw, { settings }) => shipmentChanges(fulfillmentAsDelivered(readWire(graphFulfillment, raw)), settings),
};

function recordOf(raw: z.infer<typeof changing>, reachedAt: string, settings: Context['settings']): PulledRecord {
  const known = { externalId: digitsOf(raw.id), updatedAt: raw.updatedAt, read: shipments.read, settings };
  return { ...pulled(raw, known), modifiedAt: new Date(reachedAt) };
}

/** A parcel of several fulfillment orders stands below each of them. */
function onceEach(records: readonly PulledRecord[]): PulledRecord[] {
  return [...new Map(records.map((each) => [each.externalId, each])).values()];
}

async function parcelsOf(http: ConnectorHttp, { id, fulfillments }: z.infer<typeof order>): Promise<Fulfillment[]> {
  if (fulfillments.length < FULFILLMENTS_LISTED) return fulfillments;
  const shape = record({ order: record({ fulfillments: z.array(fulfillment) }).nullish() });
  const { order: found } = await ask(http, fulfillmentsOfOrder, { id }, shape);
  return found?.fulfillments ?? [];
}

async function completed(http: ConnectorHttp, given: Fulfillment): Promise<Fulfillment> {
  const shape = record({ fulfillment: fulfillment.pick({ fulfillmentLineItems: true }).nullish() });
  const nodes = await allOf(given.fulfillmentLineItems, async (after) => {
    const { fulfillment: found } = await ask(http, fulfillmentLines, { id: given.id, after }, shape);
    return found?.fulfillmentLineItems;
  });
  return { ...given, fulfillmentLineItems: { nodes, pageInfo: { hasNextPage: false } } };
}
