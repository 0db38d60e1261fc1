import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { DEAD_LETTER_PREFIX } from '../dead-letter.type.js';
import { engineCommands } from '../engine.js';
import type { ReplayDeadLettersInput } from '../integration-input.type.js';
import { lockLetter, lockIntegrationByCode, selectLettersToReplay, type LetterRow } from '../integrations.queries.js';
import { settleLetters } from '../push-item.queries.js';
import { replayPushes } from './make-due.js';
import { noteRecovery } from './note-trouble.js';

const MOST_AT_ONCE = 1_000;

/** Tries one dead letter again. Where it fails again it is a new one. */
export async function replayDeadLetter(scope: ActionScope, givenId: string): Promise<{ integrationId: string }> {
  const id = idOf(DEAD_LETTER_PREFIX, givenId);
  const letter = id === null ? undefined : await scope.tx.one(lockLetter(id));
  if (!letter) throw refuse('NOT_FOUND', `no dead letter has the id ${givenId}`, ['id']);
  if (letter.settled_at !== null)
    throw refuse('CONFLICT', `dead letter ${givenId} is settled: it was tried again`, ['id']);
  await replay(scope, letter.integration_id, [letter]);
  return { integrationId: letter.integration_id };
}

/** Tries all dead letters again that are asked for, oldest first, so many at once at most; says how many. */
export async function replayDeadLetters(
  scope: ActionScope,
  input: Omit<ReplayDeadLettersInput, 'idempotencyKey'>,
): Promise<{ integrationId: string; count: string }> {
  const { first = MOST_AT_ONCE } = input;
  const refusals = new Refusals();
  if (first! < 1 || first! > MOST_AT_ONCE) {
    refusals.add('INVALID', `first: expected 1 to ${MOST_AT_ONCE}, got ${first}`, ['first']);
  }
  refusals.throwIfAny();
  const found = await scope.tx.one(lockIntegrationByCode(input.code));
  if (!found) throw refuse('NOT_FOUND', `no integration has the code "${input.code}"`, ['code']);
  const letters = await scope.tx.query(
    selectLettersToReplay(
      found.id,
      input.stream ?? null,
      input.externalId ?? null,
      input.failedAt?.gte ?? null,
      input.failedAt?.lt ?? null,
      first!,
    ),
  );
  if (letters.length > 0) await replay(scope, found.id, letters);
  return { integrationId: found.id, count: String(letters.length) };
}

async function replay(scope: ActionScope, integrationId: string, letters: LetterRow[]): Promise<void> {
  const { tx, now, actor } = scope;
  const pushed = new Set(
    await replayPushes(
      scope,
      letters.filter(({ direction }) => direction === 'PUSH').map(({ id }) => id),
    ),
  );
  const pulled = letters.filter(({ id }) => !pushed.has(id));
  await tx.query(
    settleLetters(
      pulled.map(({ id }) => id),
      now.toISOString(),
      `tried again by ${actor.name}`,
    ),
  );
  const { replay: again } = scope.service(engineCommands);
  for (const { inbox_message_id: messageId } of pulled) {
    if (messageId !== null) tx.defer(...again({ integrationId, messageId }));
  }
  await tx.flush();
  await noteRecovery(scope, integrationId);
}
