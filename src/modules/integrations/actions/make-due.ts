import type { ActionScope } from '../../../graph/mutation.js';
import {
  addPushJobs,
  lockUntoldLetters,
  makeRecordsDue,
  settleLetters,
  type UntoldLetter,
} from '../push-item.queries.js';

/**
 * Makes records due at an integration, as if they had changed: for a person who asks for it, and for a repair. The system
 * is told anew even where it was told this very state. Does nothing for a stream that is not pushed.
 */
export function makeDue(
  { tx, now }: ActionScope,
  { integrationId, stream, recordIds }: { integrationId: string; stream: string; recordIds: string[] },
): void {
  tx.defer(makeRecordsDue(integrationId, stream, recordIds, now.toISOString()), addPushJobs([integrationId], [stream]));
}

/**
 * Tries again what could not be told: the records are due again and the letters settled. Answers which of the letters
 * were of that kind and open; those that a system sent are left to who takes them in.
 */
export async function replayPushes(scope: ActionScope, letterIds: string[]): Promise<string[]> {
  const letters = await scope.tx.query(lockUntoldLetters(letterIds));
  const byStream = Map.groupBy(letters, (letter: UntoldLetter) => `${letter.integration_id} ${letter.stream}`);
  for (const group of byStream.values()) {
    const { integration_id: integrationId, stream } = group[0]!;
    makeDue(scope, { integrationId, stream, recordIds: [...new Set(group.map((letter) => letter.record_id))] });
  }
  const ids = letters.map(({ id }) => id);
  scope.tx.defer(settleLetters(ids, scope.now.toISOString(), `replayed by ${scope.actor.name}`));
  return ids;
}
