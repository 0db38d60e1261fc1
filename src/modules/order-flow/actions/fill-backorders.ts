import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import type { UpkeepTask } from '../../../graph/upkeep.js';
import { SYSTEM } from '../../../shared/actor.js';
import { addDecimals, isPositive } from '../../../shared/decimal.js';
import { Refusals } from '../../../shared/failures.js';
import { coverFilled, selectProgress } from '../../fulfillment/index.js';
import {
  eventsOf,
  lockOrder,
  progressLines,
  progressOrder,
  selectConfirmProducts,
  selectLinesToChange,
  selectPartsOfOrders,
  type ConfirmProduct,
  type LinePartRow,
  type LockedLine,
  type LockedOrder,
} from '../../orders/index.js';
import {
  afterChanges,
  lockLevelsOfProducts,
  reserveStock,
  type LockedLevel,
  type StockNeed,
} from '../../stock/index.js';
import { lockOrdersWaitingFor, selectOrdersWaitingFor, selectProductsToFill } from '../backorder.queries.js';
import { stockNeeds } from '../verification.rules.js';

/** More wait for the next round. */
const AT_ONCE = 200;

interface Waiting {
  order: LockedOrder;
  lines: LockedLine[];
  needs: StockNeed[];
  hasWork: boolean;
}

/**
 * Gives what there is of a product to the orders that wait for it, the earliest promise first. The orders are locked
 * before the levels, as every step does; whoever began to wait meanwhile is looked for again behind that lock. `only`: what
 * came is meant for this order, which the caller has locked.
 */
export async function fillBackorders(scope: ActionScope, productId: string, only?: string): Promise<void> {
  const { tx } = scope;
  const waiting = await load(scope, only === undefined ? await waitingFor(scope, productId) : [only], productId);
  const pieces = waiting.flatMap(({ needs }) => needs.flatMap((need) => need.pieces));
  if (pieces.length === 0) return;
  let levels = (await tx.query(
    lockLevelsOfProducts([...new Set(pieces.map((piece) => piece.productId))]),
  )) as LockedLevel[];
  for (const { needs, ...one } of waiting) {
    const options = { now: scope.now, allowBackorder: true, refusals: new Refusals() };
    const reserved = reserveStock(needs, levels, options);
    if (reserved.levels.length === 0) continue;
    levels = afterChanges(levels, reserved.levels);
    tx.defer(...reserved.statements);
    await write(scope, one, reserved.lines, reserved.levels);
  }
}

async function waitingFor({ tx }: ActionScope, productId: string): Promise<string[]> {
  const [, rows] = await tx.batch([lockOrdersWaitingFor(null, productId), selectOrdersWaitingFor(productId, AT_ONCE)]);
  return (rows as { id: string }[]).map(({ id }) => id);
}

async function load({ tx }: ActionScope, orderIds: string[], productId: string): Promise<Waiting[]> {
  const results = await tx.batch(
    orderIds.flatMap((id) => [
      lockOrder(id),
      selectLinesToChange([id]),
      selectPartsOfOrders([id]),
      selectConfirmProducts([id]),
      selectProgress(id, null),
    ]),
  );
  return orderIds.map((_, index) => {
    const [orders, lineRows, partRows, products, progress] = results.slice(index * 5, index * 5 + 5);
    const lines = lineRows as LockedLine[];
    return {
      order: orders![0] as LockedOrder,
      lines,
      needs: needsOf(lines, partRows as LinePartRow[], products as ConfirmProduct[]).filter(({ pieces }) =>
        pieces.some((piece) => piece.productId === productId),
      ),
      hasWork: (progress![0] as { has_work: boolean }).has_work,
    };
  });
}

function needsOf(lines: LockedLine[], parts: LinePartRow[], products: ConfirmProduct[]): StockNeed[] {
  const counted = new Set(products.filter((product) => product.is_stocked).map((product) => product.id));
  const needy = lines
    .filter((line) => isPositive(line.backordered_quantity))
    .map((line) => ({
      id: line.id,
      productId: line.product_id,
      parts: parts
        .filter((part) => part.order_line_id === line.id)
        .map(({ product_id, sku, quantity }) => ({ productId: product_id, sku, quantity })),
      sku: line.sku,
      quantity: line.backordered_quantity,
      field: [],
    }));
  return stockNeeds(needy, counted);
}

async function write(
  scope: ActionScope,
  { order, lines, hasWork }: Omit<Waiting, 'needs'>,
  filled: Map<string, { reserved: string; backordered: string }>,
  levels: Parameters<ReturnType<typeof eventsOf>['stockReserved']>[0],
): Promise<void> {
  const changed = lines.filter((line) => filled.has(line.id));
  const events = eventsOf(order, scope).stockReserved(levels, 'Stock reserved for what was waiting');
  scope.tx.defer(
    progressLines(
      changed.map((line) => line.id),
      changed.map((line) => addDecimals(line.reserved_quantity, filled.get(line.id)!.reserved)),
      changed.map((line) => filled.get(line.id)!.backordered),
      changed.map((line) => line.shipped_quantity),
      changed.map((line) => line.delivered_quantity),
    ),
  );
  if (hasWork) {
    await scope.tx.flush();
    await coverFilled(scope, order, new Map([...filled].map(([id, { reserved }]) => [id, reserved])), events);
  }
  scope.tx.defer(
    progressOrder(order.id, order.status, order.fulfillment_status, scope.now.toISOString(), events.count),
  );
  await appendEvents(scope.tx, events.events);
}

/** Stock comes free in other ways than by a receipt: an order is canceled, a location opens, less is kept back. */
export const fillBackordersByTheClock: UpkeepTask = {
  name: 'fill-backorders',
  everyMs: 10_000,
  async run({ db, clock, services }) {
    for (const { id } of await db.read(selectProductsToFill())) {
      await db.transaction('fill-backorders', (tx) =>
        fillBackorders(
          { tx, now: clock.now(), actor: SYSTEM, customerId: null, service: (key) => services.get(key) },
          id,
        ),
      );
    }
  },
};
