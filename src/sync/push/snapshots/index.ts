import type { Database } from '../../../db/database.js';
import type { Statement } from '../../../db/statement.js';
import type { OutgoingKind, OutgoingRecords } from '../../../shared/outgoing/index.js';
import { customerOf, selectCustomer } from './customer.js';
import { orderOf, selectOrder } from './order.js';
import { productOf, selectProduct } from './product.js';
import { quoteOf, selectQuote } from './quote.js';
import { selectShipment, shipmentOf } from './shipment.js';
import { selectStock, stockOf } from './stock.js';

type Load<K extends OutgoingKind> = (
  db: Database,
  integrationId: string,
  ids: readonly string[],
) => Promise<Map<string, OutgoingRecords[K]>>;

/** One statement for all records, so that each is seen whole and in one state. */
function loader<K extends OutgoingKind, Row extends { id: string }>(
  select: (integrationId: string, ids: readonly string[]) => Statement<Row>,
  snapshotOf: (row: Row) => OutgoingRecords[K],
): Load<K> {
  return async (db, integrationId, ids) => {
    const rows = await db.read(select(integrationId, ids));
    return new Map(rows.map((row) => [row.id, snapshotOf(row)]));
  };
}

const LOADERS: { [K in OutgoingKind]: Load<K> } = {
  stock: loader(selectStock, stockOf),
  customer: loader(selectCustomer, customerOf),
  product: loader(selectProduct, productOf),
  order: loader(selectOrder, orderOf),
  shipment: loader(selectShipment, shipmentOf),
  quote: loader(selectQuote, quoteOf),
};

export type Snapshot = OutgoingRecords[OutgoingKind];

/** Records as they are now, as an integration is told them, by the hub's ids; none where there is no such record. */
export function loadSnapshots(
  db: Database,
  kind: OutgoingKind,
  integrationId: string,
  ids: readonly string[],
): Promise<Map<string, Snapshot>> {
  return LOADERS[kind](db, integrationId, ids);
}
