import { exact, rejected } from '#connect';
import type { z } from 'zod';
import { find, remove, write, type Context } from '../client.js';
import { MODEL } from '../pull/shipments.js';
import { id, ids, idIn, quantity, record, text } from '../wire/parts.js';
import { floatOf, idOf } from '../wire/values.js';

/** What leaves of a line: by the sale’s line where the order is Tryton’s own, else by the article’s code. */
export interface Leaving {
  line: string | null;
  sku: string;
  quantity: string;
}

const moveShape = {
  quantity,
  state: text,
  origin: text.nullable(),
  from_location: id,
  uom: id,
  product: id,
  'product.': record({ code: text.nullish() }).nullish(),
};
export type Move = z.infer<ReturnType<typeof record<typeof moveShape>>> & { id: string };
const FIELDS = ['quantity', 'state', 'origin', 'from_location', 'uom', 'product', 'product.code'];
const OPEN: ReadonlySet<string> = new Set(['draft', 'staging', 'assigned']);

interface Parcel {
  shipment: string;
  number: string;
  leaving: readonly Leaving[];
}

/**
 * Lowers what is to be picked to what leaves. The picking decides what is packed there, and what is not picked is planned
 * anew; where the warehouse packs straight from its shelves there is no picking, and what leaves is written itself.
 */
export async function pickOnly(context: Context, { shipment, number, leaving }: Parcel): Promise<void> {
  const asked = { domain: [['id', '=', idOf(shipment)]], fields: ['inventory_moves', 'outgoing_moves'] };
  const [found] = await find(context, MODEL, asked, { inventory_moves: ids, outgoing_moves: ids });
  const outgoing = await movesOf(context, found?.outgoing_moves ?? []);
  const inventory = await movesOf(context, found?.inventory_moves ?? []);
  const wanted = sharesOf(number, outgoing, leaving);
  const picked = inventory.length > 0 ? inventory : outgoing;
  for (const move of picked) {
    const source = outgoing.find(({ id: own }) => own === move.id || own === idIn(move.origin, 'stock.move'));
    const share = wanted.get(source?.id ?? '') ?? exact(0);
    if (share.isZero()) await remove(context, 'stock.move', [move.id]);
    else if (!share.equals(exact(move.quantity))) {
      await write(context, 'stock.move', [move.id], { quantity: floatOf(share.toFixed()) });
    }
  }
}

/** How much of each move leaves; an article of several moves is taken from them in turn. */
export function sharesOf(number: string, outgoing: readonly Move[], leaving: readonly Leaving[]) {
  const shares = new Map<string, ReturnType<typeof exact>>();
  for (const { line, sku, quantity: some } of leaving) {
    let left = exact(some);
    for (const move of outgoing) {
      const isMeant = line === null ? move['product.']?.code === sku : idIn(move.origin, 'sale.line') === line;
      if (!isMeant) continue;
      const taken = shares.get(move.id) ?? exact(0);
      const room = exact(move.quantity).minus(taken);
      const share = room.lessThan(left) ? room : left;
      shares.set(move.id, taken.plus(share));
      left = left.minus(share);
    }
    if (left.greaterThan(0)) {
      throw rejected(
        `shipment ${number}: ${left.toFixed()} of ${sku} are more than Tryton has left to send of the sale`,
      );
    }
  }
  return shares;
}

/** The moves of a shipment by which goods leave it. */
export async function movesOut(context: Context, shipment: string, states: ReadonlySet<string>): Promise<Move[]> {
  const asked = { domain: [['id', '=', idOf(shipment)]], fields: ['outgoing_moves'] };
  const [found] = await find(context, MODEL, asked, { outgoing_moves: ids });
  return movesOf(context, found?.outgoing_moves ?? [], states);
}

async function movesOf(context: Context, which: readonly string[], states = OPEN): Promise<Move[]> {
  if (which.length === 0) return [];
  const asked = { domain: [['id', 'in', which.map(idOf)]], fields: FIELDS };
  const moves: Move[] = await find(context, 'stock.move', asked, moveShape);
  return moves.filter(({ state }) => states.has(state));
}

/** The planned shipment is to leave another warehouse: a draft, whose moves are drafts too. */
export async function moveTo(context: Context, shipment: string, warehouse: string): Promise<void> {
  const place = { domain: [['id', '=', idOf(warehouse)]], fields: ['output_location'] };
  const [there] = await find(context, 'stock.location', place, { output_location: id.nullable() });
  if (!there?.output_location) throw rejected(`location ${warehouse}: expected a warehouse in Tryton`);
  const asked = { domain: [['id', '=', idOf(shipment)]], fields: ['moves', 'outgoing_moves'] };
  const [found] = await find(context, MODEL, asked, { moves: ids, outgoing_moves: ids });
  const { moves = [], outgoing_moves: outgoing = [] } = found ?? {};
  // Picking is planned anew when it waits again.
  await remove(context, 'stock.move', moves.filter((move) => !outgoing.includes(move))); // prettier-ignore
  const from = { from_location: idOf(there.output_location) };
  await write(context, MODEL, [shipment], {
    warehouse: idOf(warehouse),
    moves: [['write', outgoing.map(idOf), from]],
  });
}
