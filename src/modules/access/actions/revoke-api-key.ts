import { LockMode } from '@mikro-orm/postgresql';
import { appendEvents } from '../../../events/append.js';
import { API_KEY_REVOKED, API_KEY_SUBJECT } from '../../../graph/live/key-watch.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { ApiKeyEntity } from '../api-key.entity.js';
import { API_KEY_PREFIX } from '../api-key.type.js';

/** Takes a key back; one that was taken back already stays as it is. Open sockets close when they read the event. */
export async function revokeApiKey(
  { tx, now, actor }: ActionScope,
  input: { id: string },
): Promise<{ apiKeyId: string }> {
  const id = idOf(API_KEY_PREFIX, input.id);
  const em = await tx.entities();
  const key = id && (await em.findOne(ApiKeyEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE }));
  if (!key) throw refuse('NOT_FOUND', `no API key has the id ${input.id}`, ['id']);
  if (key.revokedAt) return { apiKeyId: key.id };
  key.revokedAt = now;
  await appendEvents(tx, [
    {
      subjectKind: API_KEY_SUBJECT,
      subjectId: key.id,
      sequence: 2,
      type: API_KEY_REVOKED,
      at: now,
      actor,
      message: `API key ${key.name} taken back`,
      changes: [{ field: 'revokedAt', from: null, to: now }],
      customerId: key.customerId ?? null,
    },
  ]);
  return { apiKeyId: key.id };
}
