import { exact, readWire, type Change, type StatedShipment } from '#connect';
import type { z } from 'zod';
import { hubLocation, recordUrl, type Settings } from '../settings.js';
import { id, ids, idIn, latest, list, quantity, record, stampOf, text, textOf, times, word } from '../wire/parts.js';
import { skuOf } from './goods.js';
import { hubOrderIn } from './marks.js';

const moveShape = record({
  id,
  product: id,
  'product.': record({ code: text.nullish() }).nullish(),
  quantity,
  state: text,
  origin: text.nullable(),
  ...times,
});
type Move = z.infer<typeof moveShape>;
const shipmentShape = record({
  shipment: record({
    id,
    number: text.nullish(),
    reference: text.nullish(),
    state: word('draft', 'waiting', 'assigned', 'picked', 'packed', 'done', 'cancelled'),
    warehouse: id,
    outgoing_moves: ids,
    ...times,
  }),
  moves: list(moveShape),
  lines: list(record({ id, sale: id, 'sale.': record({ description: text.nullish() }).nullish() })),
});

/** Before it is picked a shipment is a plan, which the ERP makes by itself of each sale: no goods are in it yet. */
const BY_STATE: Readonly<Record<string, StatedShipment['status'] | undefined>> = {
  picked: 'PICKING',
  packed: 'PACKED',
  done: 'SHIPPED',
  cancelled: 'CANCELED',
};

/** A parcel of several sales is one of each. */
export function shipmentChanges(raw: unknown, { settings }: { settings: Settings }): Change[] {
  const { shipment, moves, lines } = readWire(shipmentShape, raw);
  const status = BY_STATE[shipment.state];
  if (status === undefined) return [];
  const saleOf = (move: Move) => lines.find((line) => line.id === idIn(move.origin, 'sale.line'));
  const leaving = moves.filter((move) => saleOf(move) !== undefined && exact(move.quantity).greaterThan(0));
  const sales = Map.groupBy(leaving, (move) => saleOf(move)!.sale);
  const location = hubLocation(settings, shipment.warehouse);
  return [...sales].map(([sale, own]): Change => ({
    kind: 'shipment',
    shipment: {
      externalId: sales.size === 1 ? shipment.id : `${shipment.id}:${sale}`,
      ...recordUrl(settings, 'stock.shipment.out', shipment.id),
      sourceVersion: new Date(stampOf(shipment)),
      orderExternalId: sale,
      status,
      ...(location !== undefined && { location }),
      at: new Date(stampOf(shipment)),
      // A shipment may be written again later; a level has the time of the moves.
      stockLeftAt: new Date(latest(own.map(stampOf))),
      lines: own.map((move) => {
        const line = saleOf(move)!;
        // An order of the hub has no lines of Tryton’s.
        const isOurs = hubOrderIn(line['sale.']?.description) !== undefined;
        const sku = skuOf(move.product, move['product.']?.code);
        return { ...(isOurs ? {} : { lineExternalId: line.id }), ...(textOf(sku) && { sku }), quantity: move.quantity };
      }),
    },
  }));
}
