import { z } from 'zod';
import { readWire, rejected, type PulledRecord } from '#connect';
import { ask, behind, changedSince } from '../client.js';
import { ITEMS_IN_BULK, levelsPage, oneLevel } from '../documents/stock.js';
import { levelChanges } from '../mapping/stock.js';
import { canAsk, hubLocation, refuseUnlessCanAsk } from '../settings.js';
import { gidOf, record } from '../wire/parts.js';
import { levelId } from '../wire/stock.js';
import { bulkPage } from './bulk.js';
import { changing, connection, digitsOf, NOTHING, OVERLAP_MS, pulled, type Context, type Pull } from './records.js';

const LEVELS_A_PAGE = 100;

const place = z.looseObject({ id: z.string() });
const level = changing.extend({ location: place });
const levelWithItem = level.extend({ item: place });
const itemInBulk = z.looseObject({ id: z.string(), inventoryLevels: record({ nodes: z.array(level) }) });

/** The levels of the locations that the settings name, one location behind the other. */
export const stock: Pull = {
  of: 'stock',
  everyMs: 2 * 60_000,
  overlapMs: OVERLAP_MS,

  async page(context, { since, cursor }) {
    const { http, settings, credentials } = context;
    const ids = Object.values(settings.locations ?? {});
    if (!canAsk(credentials) || ids.length === 0) return NOTHING;
    if (since === null) {
      const tree = { InventoryItem: { InventoryLevel: 'inventoryLevels' } };
      const { rows, ...rest } = await bulkPage(http, { query: ITEMS_IN_BULK, tree }, cursor);
      return { records: rows.flatMap((row) => levelsOfItem(row, context)), ...rest };
    }
    return levelsBehind(context, since, cursor);
  },

  async one({ http, settings, credentials }, externalId) {
    refuseUnlessCanAsk(credentials);
    const [item, location] = externalId.split('@');
    if (!item || !location) throw rejected(`stock: expected an id such as "1@2", got "${externalId}"`);
    const shape = record({
      inventoryItem: z.looseObject({ id: z.string(), inventoryLevel: level.nullish() }).nullish(),
    });
    const ids = { item: gidOf('InventoryItem', item), location: gidOf('Location', location) };
    const { inventoryItem: found } = await ask(http, oneLevel, ids, shape);
    if (!found?.inventoryLevel) return null;
    const { inventoryLevel, ...rest } = found;
    return recordOf({ ...inventoryLevel, item: rest }, settings);
  },

  async census(context, cursor) {
    const ids = Object.values(context.settings.locations ?? {});
    refuseUnlessCanAsk(context.credentials);
    if (ids.length === 0) return NOTHING;
    const { records, next } = await levelsBehind(context, null, cursor);
    return { records: records.map(({ externalId, version }) => ({ externalId, version })), next };
  },

  read: levelChanges,
};

const cursorShape = z.object({ location: z.string(), after: z.string().nullable() });

async function levelsBehind(
  { http, settings }: Context,
  since: Date | null,
  cursor: string | null,
): Promise<{ records: PulledRecord[]; next: string | null }> {
  const ids = Object.values(settings.locations ?? {});
  const at = cursor === null ? { location: ids[0]!, after: null } : cursorShape.parse(JSON.parse(cursor));
  const shape = record({ location: record({ inventoryLevels: connection(levelWithItem) }).nullish() });
  const { location } = await ask(
    http,
    levelsPage,
    { location: gidOf('Location', at.location), first: LEVELS_A_PAGE, after: at.after, query: changedSince(since) },
    shape,
  );
  if (!location) throw rejected(`settings.locations: the shop has no location ${at.location}`);
  const { nodes, pageInfo } = location.inventoryLevels;
  const after = behind(pageInfo);
  // A location that the settings no longer name ends the walk.
  const following = after === null ? ids[ids.indexOf(at.location) + 1] : at.location;
  const isLast = following === undefined || !ids.includes(at.location);
  return {
    records: nodes.map((each) => recordOf(each, settings)),
    next: isLast ? null : JSON.stringify({ location: following, after }),
  };
}

function levelsOfItem(row: Record<string, unknown>, { settings }: Context): PulledRecord[] {
  const { inventoryLevels, ...item } = readWire(itemInBulk, row);
  return inventoryLevels.nodes
    .filter(({ location }) => hubLocation(settings, digitsOf(location.id)) !== undefined)
    .map((each) => recordOf({ ...each, item }, settings));
}

function recordOf(raw: z.infer<typeof levelWithItem>, settings: Context['settings']): PulledRecord {
  const externalId = levelId(digitsOf(raw.item.id), digitsOf(raw.location.id));
  return pulled(raw, { externalId, updatedAt: raw.updatedAt, read: stock.read, settings });
}
