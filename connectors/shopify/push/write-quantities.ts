import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { ConnectorFailure, rejected, type ConnectorHttp } from '#connect';
import { ask, refusalOf, userErrors, type UserErrors } from '../client.js';
import { setQuantities, stockItem } from '../documents/stock.js';
import { gid, gidOf, instant, list, nodes, record } from '../wire/parts.js';
import { levelSent, type Outcome, type StockSending } from './sent.js';

export interface Due {
  sending: StockSending;
  itemId: string;
  locationId: string;
  quantity: number;
  /** What the shop had when it was read: it sets nothing where it has something else by now. */
  from: number;
}

const place = record({ id: gid('Location') });
const changeShape = record({
  location: place.nullish(),
  item: record({
    id: gid('InventoryItem'),
    inventoryLevels: nodes(record({ updatedAt: instant, location: place })),
  }).nullish(),
});
const setShape = record({
  inventorySetQuantities: record({
    inventoryAdjustmentGroup: record({ changes: list(changeShape) }).nullish(),
    userErrors,
  }),
});
type Change = z.infer<typeof changeShape>;

/** What became of each; those that are to be read again are left out. A call does all or nothing. */
export async function writeQuantities(http: ConnectorHttp, due: readonly Due[]): Promise<Map<StockSending, Outcome>> {
  const outcomes = new Map<StockSending, Outcome>();
  let open = [...due];
  while (open.length > 0) {
    const { inventorySetQuantities: answer } = await ask(http, setQuantities, variablesOf(open), setShape);
    if (answer.userErrors.length === 0) {
      const changes = answer.inventoryAdjustmentGroup?.changes ?? [];
      for (const each of open)
        outcomes.set(each.sending, levelSent(each.itemId, each.locationId, timeOf(each, changes)));
      return outcomes;
    }
    const refused = new Map(answer.userErrors.flatMap((error) => pairsOf(open, error)));
    // Nothing says whose fault it is: the next round reads all of them again.
    if (refused.size === 0) return outcomes;
    for (const [each, outcome] of refused) if (outcome) outcomes.set(each.sending, outcome);
    open = open.filter((each) => !refused.has(each));
  }
  return outcomes;
}

/** Those whose figure changed meanwhile have no outcome yet. */
function pairsOf(open: readonly Due[], error: UserErrors[number]): [Due, Outcome | null][] {
  if (error.code === 'IDEMPOTENCY_CONCURRENT_REQUEST') {
    throw new ConnectorFailure('transient', `${setQuantities.name}: ${error.message}`);
  }
  const index = error.field?.find((part) => /^\d+$/.test(part));
  const each = index === undefined ? undefined : open[Number(index)];
  if (!each) {
    if (isStale(error)) return [];
    throw refusalOf(setQuantities, [error])!;
  }
  const said = `stock ${each.sending.record.sku}: ${error.message} (${error.code ?? 'no code'})`;
  return [[each, isStale(error) ? null : rejected(said)]];
}

function isStale({ code }: UserErrors[number]): boolean {
  return code === 'CHANGE_FROM_QUANTITY_STALE' || code === 'COMPARE_QUANTITY_STALE';
}

function variablesOf(due: readonly Due[]) {
  const quantities = due.map(({ itemId, locationId, quantity, from }) => ({
    inventoryItemId: gidOf('InventoryItem', itemId),
    locationId: gidOf('Location', locationId),
    quantity,
    changeFromQuantity: from,
  }));
  // The shop refuses a key under which it heard something else: the figures are part of it.
  const key = keyOf(
    due.map(({ sending }) => sending.idempotencyKey),
    quantities,
  );
  return { input: { name: 'available', reason: 'correction', quantities }, key };
}

function keyOf(...parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 48);
}

function timeOf({ itemId, locationId }: Due, changes: readonly Change[]): Date | undefined {
  const item = changes.find((change) => change.item?.id === itemId)?.item;
  return item?.inventoryLevels.nodes.find(({ location }) => location.id === locationId)?.updatedAt;
}

const stockShape = record({
  inventoryActivate: record({ inventoryLevel: record({ updatedAt: instant }).nullish(), userErrors }),
});

/** Makes the level of an article that the place did not stock so far. */
export async function beginStocking(
  http: ConnectorHttp,
  { sending, itemId, locationId, quantity }: Omit<Due, 'from'>,
): Promise<Outcome> {
  const { inventoryActivate: answer } = await ask(
    http,
    stockItem,
    {
      item: gidOf('InventoryItem', itemId),
      location: gidOf('Location', locationId),
      available: quantity,
      key: keyOf(sending.idempotencyKey, itemId, locationId, quantity),
    },
    stockShape,
  );
  return refusalOf(stockItem, answer.userErrors) ?? levelSent(itemId, locationId, answer.inventoryLevel?.updatedAt);
}
