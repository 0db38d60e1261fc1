import { rejected, type OutgoingShipment } from '#connect';
import { create, find, press, type Context } from '../client.js';
import { companyOf } from '../settings.js';
import { id, text } from '../wire/parts.js';
import { floatOf, idOf } from '../wire/values.js';
import { movesOut, sharesOf, type Leaving, type Move } from './moves.js';

const MODEL = 'stock.move';
const DONE: ReadonlySet<string> = new Set(['done']);

/**
 * Makes up for what a shipment takes off Tryton's stock that was gone when it was counted: the same comes from where
 * lost goods are found. Behind the shipment, so that nothing is there too much in between. The move names the one that
 * it makes up for, and is never made twice; one that people called off stays so.
 */
export async function makeUpFor(context: Context, shipment: OutgoingShipment, which: string): Promise<void> {
  const { number, location, lines } = shipment;
  const gone = lines.filter(({ leftBefore }) => leftBefore);
  if (gone.length === 0) return;
  const lost = await lostAndFound(context, location);
  const leaving: Leaving[] = gone.map(({ lineExternalId: line, sku, quantity }) => ({ line, sku, quantity }));
  const out = await movesOut(context, which, DONE);
  const shares = sharesOf(number, out, leaving);
  for (const move of out) {
    const quantity = shares.get(move.id);
    if (quantity && !quantity.isZero()) await balance(context, move, { lost, quantity: quantity.toFixed() });
  }
}

async function lostAndFound(context: Context, location: string): Promise<string> {
  const warehouse = context.settings.locations![location]!;
  const asked = { domain: [['id', '=', idOf(warehouse)]], fields: ['lost_found_location'] };
  const [there] = await find(context, 'stock.location', asked, { lost_found_location: id.nullable() });
  if (there?.lost_found_location) return there.lost_found_location;
  throw rejected(`location ${warehouse}: expected a warehouse in Tryton that has a place for lost and found`);
}

async function balance(context: Context, move: Move, { lost, quantity }: { lost: string; quantity: string }) {
  const origin = `${MODEL},${move.id}`;
  const from = idOf(lost);
  const domain = [['origin', '=', origin], ['from_location', '=', from]]; // prettier-ignore
  const [known] = await find(context, MODEL, { domain, fields: ['state'] }, { state: text });
  if (known && known.state !== 'draft') return;
  const values = {
    product: idOf(move.product),
    uom: idOf(move.uom),
    quantity: floatOf(quantity),
    from_location: from,
    to_location: idOf(move.from_location),
    company: companyOf(context.settings),
    origin,
  };
  await press(context, MODEL, 'do', known?.id ?? (await create(context, MODEL, values)));
}
