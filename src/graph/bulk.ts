import { badInput } from '../shared/failures.js';
import type { MutationResult, Outcome } from './mutation.js';

/** The most rows that one call may have. */
export const MOST_ROWS = 500;
/** Describes the argument of a bulk form. */
export const ROWS =
  'At most 500, each with a key of its own; rows that name the same record take effect in their order.';

const LANES = 4;

/**
 * Carries out a mutation for each row by itself: a row that is refused changes nothing of the others. Rows of the same
 * record run one after the other, in order. Throws what a row has thrown after all have ended: those that took effect
 * are replayed when the same call is sent again.
 */
export async function mutateEach<Row, O extends Outcome>(
  rows: readonly Row[],
  recordOf: (row: Row) => string,
  mutateOne: (row: Row) => Promise<MutationResult<O>>,
): Promise<MutationResult<O>[]> {
  if (rows.length > MOST_ROWS) throw badInput('inputs', `at most ${MOST_ROWS}`, rows.length);
  const results = new Array<MutationResult<O>>(rows.length);
  const faults: unknown[] = [];
  const waiting = [...Map.groupBy(rows.keys(), (index) => recordOf(rows[index]!)).values()].values();
  const lane = async () => {
    for (const indexes of waiting) {
      for (const index of indexes) {
        try {
          results[index] = await mutateOne(rows[index]!);
        } catch (fault) {
          faults.push(fault);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (faults.length > 0) throw faults[0];
  return results;
}
