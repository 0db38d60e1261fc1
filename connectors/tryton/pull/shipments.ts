import type { PulledRecord } from '#connect';
import { search, type Context } from '../client.js';
import { shipmentChanges } from '../mapping/shipments.js';
import { companyOf, type Settings } from '../settings.js';
import { idIn, textOf } from '../wire/parts.js';
import { idOf } from '../wire/values.js';
import { byIds } from './orders.js';
import { groupBy, OVERLAP_MS, pulled, secondLook, TIMES, type Pull } from './records.js';
import { censusOf, itself, step, type Walked } from './walk.js';

export const MODEL = 'stock.shipment.out';
const SHIPMENT = ['number', 'reference', 'state', 'warehouse', 'outgoing_moves', ...TIMES];
const MOVE = ['shipment', 'product', 'product.code', 'quantity', 'state', 'origin', ...TIMES];

/** Shipments to customers with what leaves in them. */
export const shipments: Pull = {
  of: 'shipment',
  everyMs: 2 * 60_000,
  overlapMs: OVERLAP_MS,

  page: (context, from) => step(context, walked(context.settings), from),
  one: async (context, externalId) => (await documents(context, [externalId]))[0] ?? null,
  census: (context, cursor) => censusOf(context, walked(context.settings), cursor),
  read: shipmentChanges,
};

/** Each step of a shipment writes it, and its moves with it; a move that is written alone is one of a plan. */
function walked(settings: Settings): Walked {
  return { size: 25, sources: [itself(MODEL, [['company', '=', companyOf(settings)]])], documents };
}

async function documents(context: Context, ids: readonly string[]): Promise<PulledRecord[]> {
  const found = await read(context, ids);
  return secondLook(context, found, { read: shipmentChanges, again: (id) => read(context, [id]) });
}

async function read(context: Context, ids: readonly string[]): Promise<PulledRecord[]> {
  if (ids.length === 0) return [];
  const shipped = await search(context, MODEL, { domain: [['id', 'in', ids.map(idOf)]], fields: SHIPMENT });
  const domain = [['shipment', 'in', ids.map((id) => `${MODEL},${id}`)]];
  const moves = groupBy(await search(context, 'stock.move', { domain, fields: MOVE }), 'shipment');
  const origins = [...moves.values()]
    .flat()
    .flatMap((move) => idIn(textOf(move.origin as string | null), 'sale.line') ?? []);
  const lines = await byIds(context, 'sale.line', ['sale', 'sale.description'], [...new Set(origins)]);
  return shipped.map((shipment) => {
    const leaving = shipment.outgoing_moves as string[];
    const own = (moves.get(`${MODEL},${shipment.id}`) ?? []).filter(({ id }) => leaving.includes(id));
    const sold = lines.filter(({ id }) => own.some(({ origin }) => origin === `sale.line,${id}`));
    return pulled(shipment.id, { shipment, moves: own, lines: sold }, [shipment, ...own]);
  });
}
