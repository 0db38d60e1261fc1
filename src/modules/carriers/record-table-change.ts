import { appendEvents, type FieldChange } from '../../events/append.js';
import { canonical } from '../../graph/canonical.js';
import type { ActionScope } from '../../graph/mutation.js';

type Values = Readonly<Record<string, unknown>>;

/** What differs between a record's values before and after, by the names of the graph. */
export function differences(before: Values, after: Values): FieldChange[] {
  return Object.entries(after)
    .map(([field, to]) => ({ field, from: before[field] ?? null, to }))
    .filter(({ from, to }) => canonical(from) !== canonical(to));
}

/** Writes the event of a price or rule that was made or changed. */
export async function recordTableChange(
  { tx, now: at, actor }: ActionScope,
  subjectKind: string,
  { id: subjectId, version: sequence }: { id: string; version: number },
  title: string,
  changes: FieldChange[],
): Promise<void> {
  const [type, verb] = sequence === 1 ? ['CREATED', 'created'] : ['EDITED', 'changed'];
  const message = `${title} ${verb}`;
  await appendEvents(tx, [{ subjectKind, subjectId, sequence, type, at, actor, message, changes }]);
}
