import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { compareDecimals, decimalText, exact, isPositive } from '../../../shared/decimal.js';
import { Refusal, Refusals } from '../../../shared/failures.js';
import { LEVEL, levelData } from '../stock.events.js';
import { updatePolicy } from '../stock.queries.js';
import type { SetReorderPolicyInput } from '../stock-policy.type.js';
import { lockedLevel, type Level } from './locked-level.js';

type Input = Omit<SetReorderPolicyInput, 'idempotencyKey'>;
type Policy = Pick<Level, 'safety_stock' | 'reorder_point' | 'reorder_quantity'>;

/** What is kept back of a product at a location, and when to order how much of it; the level is made where there is none. */
export async function setReorderPolicy(scope: ActionScope, input: Input): Promise<{ levelId: string }> {
  const { tx, now, actor } = scope;
  check(input);
  const level = await lockedLevel(scope, input);
  if (input.expectedVersion != null && input.expectedVersion !== level.version) {
    const record = `stock of ${input.sku} at ${input.location}`;
    throw new Refusal([versionConflict(record, input.expectedVersion, level.version)]);
  }
  const policy: Policy = {
    safety_stock: input.safetyStock ?? level.safety_stock,
    reorder_point: input.reorderPoint === undefined ? level.reorder_point : input.reorderPoint,
    reorder_quantity: input.reorderQuantity === undefined ? level.reorder_quantity : input.reorderQuantity,
  };
  const changes = changesBetween(level, policy);
  if (changes.length === 0) return { levelId: level.id };
  const version = level.version + 1;
  tx.defer(
    updatePolicy(level.id, policy.safety_stock, policy.reorder_point, policy.reorder_quantity, now.toISOString()),
  );
  await appendEvents(tx, [
    {
      subjectKind: LEVEL,
      subjectId: level.id,
      sequence: version,
      at: now,
      actor,
      type: 'POLICY_SET',
      message: `Reorder policy of ${input.sku} at ${input.location} set`,
      changes,
      data: levelData(level, { ...level, safety_stock: policy.safety_stock }),
    },
  ]);
  return { levelId: level.id };
}

function check(input: Input): void {
  const refusals = new Refusals();
  if (input.safetyStock === null)
    refusals.add('INVALID', 'safetyStock: cannot be emptied; 0 keeps nothing back', ['safetyStock']);
  for (const field of ['safetyStock', 'reorderPoint'] as const) {
    const value = input[field];
    if (value != null && exact(value).isNegative())
      refusals.add('INVALID', `${field}: expected zero or more, got ${value}`, [field]);
  }
  if (input.reorderQuantity != null && !isPositive(input.reorderQuantity))
    refusals.add('INVALID', `reorderQuantity: expected more than zero, got ${input.reorderQuantity}`, [
      'reorderQuantity',
    ]);
  refusals.throwIfAny();
}

function changesBetween(before: Policy, after: Policy): FieldChange[] {
  const fields = [
    ['safetyStock', before.safety_stock, after.safety_stock],
    ['reorderPoint', before.reorder_point, after.reorder_point],
    ['reorderQuantity', before.reorder_quantity, after.reorder_quantity],
  ] as const;
  const text = (value: string | null) => (value === null ? null : decimalText(value));
  return fields.flatMap(([field, from, to]) =>
    from === to || (from !== null && to !== null && compareDecimals(from, to) === 0)
      ? []
      : [{ field, from: text(from), to: text(to) }],
  );
}
