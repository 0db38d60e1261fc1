import type { Statement } from '../../db/statement.js';
import { CLOSED, stateOf, type BreakerState } from './breaker.rules.js';
import { selectBreakers } from './pace.queries.js';

export interface BreakerReport {
  state: BreakerState;
  /** When it is asked again; null where it is asked. */
  openUntil: number | null;
  lastFailure: string | null;
}

/** How the breakers of integrations stand, in the order of their ids; closed where nothing is known. */
export async function breakersOf(
  db: { read<Row>(statement: Statement<Row>): Promise<Row[]> },
  integrationIds: readonly string[],
  now: Date,
): Promise<BreakerReport[]> {
  const rows = await db.read(selectBreakers(integrationIds));
  const byId = new Map(rows.map(({ integration_id: id, breaker }) => [id, breaker]));
  return integrationIds.map((id) => {
    const breaker = byId.get(id) ?? CLOSED;
    const { openUntil, lastFailure } = breaker;
    return { state: stateOf(breaker, now.getTime()), openUntil: openUntil === 0 ? null : openUntil, lastFailure };
  });
}
