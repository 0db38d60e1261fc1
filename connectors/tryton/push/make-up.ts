import { rejected, type OutgoingShipment } from '#connect';
import { create, find, press, type Context } from '../client.js';
import { companyOf } from '../settings.js';
import { id, text } from '../wire/parts.js';
import { floatOf, idOf } from '../wire/values.js';
import { movesOut, sharesOf, type Leaving } from './moves.js';

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
  const found = await placeOfFound(context, location);
  const leaving: Leaving[] = gone.map(({ lineExternalId: line, sku, quantity }) => ({ line, sku, quantity }));
  const out = await movesOut(context, which, DONE);
  for (const [move, quantity] of sharesOf(number, out, leaving)) {
    if (!quantity.isZero()) await balance(context, move, { found, quantity: quantity.toFixed() });
  }
}

async function placeOfFound({ settings, ...context }: Context, location: string): Promise<string> {
  const warehouse = settings.locations![location]!;
  const asked = { domain: [['id', '=', idOf(warehouse)]], fields: ['lost_found_location'] };
  const shape = { lost_found_location: id.nullable() };
  const [there] = await find({ settings, ...context }, 'stock.location', asked, shape);
  if (there?.lost_found_location) return there.lost_found_location;
  throw rejected(`location ${warehouse}: expected a warehouse in Tryton that has a place for lost and found`);
}

async function balance(context: Context, move: string, { found, quantity }: { found: string; quantity: string }) {
  const origin = `${MODEL},${move}`;
  const domain = [
    ['origin', '=', origin],
    ['from_location', '=', idOf(found)],
  ];
  const [known] = await find(context, MODEL, { domain, fields: ['state'] }, { state: text });
  if (known && known.state !== 'draft') return;
  await press(context, MODEL, 'do', known?.id ?? (await make(context, { move, origin, found, quantity })));
}

async function make(
  context: Context,
  { move, origin, found, quantity }: { move: string; origin: string; found: string; quantity: string },
): Promise<string> {
  const asked = { domain: [['id', '=', idOf(move)]], fields: ['product', 'uom', 'from_location'] };
  const [source] = await find(context, MODEL, asked, { product: id, uom: id, from_location: id });
  if (!source) throw rejected(`stock.move ${move}: it is no longer there`);
  return create(context, MODEL, {
    product: idOf(source.product),
    uom: idOf(source.uom),
    quantity: floatOf(quantity),
    from_location: idOf(found),
    to_location: idOf(source.from_location),
    company: companyOf(context.settings),
    origin,
  });
}
