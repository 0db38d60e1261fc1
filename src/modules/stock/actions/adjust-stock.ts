import { appendEvents } from '../../../events/append.js';
import { exactlyOneError } from '../../../graph/lookup.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { addDecimals, exact, isZero, subtractDecimals } from '../../../shared/decimal.js';
import { refuse, Refusal, Refusals } from '../../../shared/failures.js';
import { LEVEL, levelData } from '../stock.events.js';
import { insertMovement } from '../stock.queries.js';
import { insufficientStock, StockMovementKind, type AdjustStockInput } from '../stock.type.js';

import { lockedLevel, type Level } from './locked-level.js';

export type StockAdjustment = Omit<AdjustStockInput, 'idempotencyKey'>;

const INWARD = new Set<string>([StockMovementKind.RECEIPT, StockMovementKind.RETURN, StockMovementKind.TRANSFER_IN]);
const OUTWARD = new Set<string>([StockMovementKind.DAMAGE, StockMovementKind.TRANSFER_OUT]);

/** Moves stock in or out, or to a counted figure; the level is made where there is none. */
export async function adjustStock(
  scope: ActionScope,
  input: StockAdjustment,
): Promise<{ levelId: string; productId: string; delta: string }> {
  check(input);
  const level = await lockedLevel(scope, input);
  if (input.expectedVersion != null && input.expectedVersion !== level.version) {
    throw new Refusal([
      versionConflict(`stock of ${input.sku} at ${input.location}`, input.expectedVersion, level.version),
    ]);
  }
  const delta = input.delta ?? subtractDecimals(input.setTo!, level.on_hand);
  const outcome = { levelId: level.id, productId: level.product_id, delta };
  if (isZero(delta)) return outcome;
  checkDirection(input, delta);
  if (exact(level.on_hand).plus(exact(delta)).isNegative()) {
    throw new Refusal([insufficientStock(input.sku, exact(delta).negated().toFixed(), level.on_hand, ['delta'])]);
  }
  await move(scope, input, level, delta);
  return outcome;
}

async function move(
  { tx, now, actor }: ActionScope,
  input: StockAdjustment,
  level: Level,
  delta: string,
): Promise<void> {
  const kind = input.kind ?? StockMovementKind.ADJUSTMENT;
  const { product_id, location_id, on_hand } = level;
  const by = [actor.kind, actor.id, actor.name] as const;
  tx.defer(
    insertMovement(
      await tx.ids.one(),
      product_id,
      location_id,
      kind,
      delta,
      null,
      input.reason,
      ...by,
      now.toISOString(),
    ),
  );
  const after = addDecimals(on_hand, delta);
  const version = level.version + 1;
  await appendEvents(tx, [
    {
      subjectKind: LEVEL,
      subjectId: level.id,
      sequence: version,
      at: now,
      actor,
      type: 'ADJUSTED',
      message: `${input.sku} at ${input.location}: ${on_hand} to ${after} (${kind})`,
      changes: [{ field: 'onHand', from: on_hand, to: after }],
      data: {
        ...levelData(level, { ...level, on_hand: after }),
        kind,
        quantity: delta,
        reason: input.reason,
      },
    },
  ]);
}

function check(input: StockAdjustment): void {
  const refusals = new Refusals();
  const ways = exactlyOneError({ delta: input.delta, setTo: input.setTo });
  if (ways) refusals.push(ways);
  if (input.setTo != null && exact(input.setTo).isNegative()) {
    refusals.add('INVALID', `setTo: expected zero or more, got ${input.setTo}`, ['setTo']);
  }
  if (input.kind === StockMovementKind.SHIPMENT)
    refusals.add('INVALID', 'kind: SHIPMENT is made by shipping alone', ['kind']);
  if (input.reason.trim() === '') refusals.add('REQUIRED', 'reason: expected some text, got ""', ['reason']);
  refusals.throwIfAny();
}

function checkDirection(input: StockAdjustment, delta: string): void {
  const kind = input.kind ?? StockMovementKind.ADJUSTMENT;
  const outward = exact(delta).isNegative();
  if ((INWARD.has(kind) && outward) || (OUTWARD.has(kind) && !outward)) {
    const expected = outward ? 'a positive' : 'a negative';
    throw refuse('INVALID', `delta: ${kind} needs ${expected} quantity, got ${delta}`, [
      input.delta != null ? 'delta' : 'setTo',
    ]);
  }
}
