import type { Change, Connector } from '../../connect/index.js';
import type { Statement } from '../../db/statement.js';
import type { ReadRecord } from '../inbox/read-changes.js';
import { forgetSource, noteSource } from './source-record.queries.js';

/**
 * What is known of a system's records behind a message that was carried out: which of them the hub now has in which
 * version, and which are gone.
 */
export function learned(
  connector: Connector,
  integrationId: string,
  { changes, records }: { changes: readonly Change[]; records: readonly ReadRecord[] },
): Statement[] {
  const gone = changes.flatMap((change) => (change.kind === 'deleted' ? [change] : []));
  const statements: Statement[] = gone.map(({ record, externalId }) => forgetSource(integrationId, record, externalId));
  if (gone.length > 0) return statements;
  for (const { stream, externalId, version } of records) {
    const pull = connector.pull.get(stream);
    if (!pull?.census) continue;
    // What the hub tells and never takes over says nothing here; only a compare can tell whether it is the same.
    const isTold =
      changes.length === 0 && [...connector.push.values()].some((each) => each.of === pull.of && each.differs);
    statements.push(noteSource(pull.of, integrationId, stream, [externalId], [version], isTold));
  }
  return statements;
}
