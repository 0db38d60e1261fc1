import { appendEvents } from '../../../events/append.js';
import { API_KEY_SUBJECT } from '../../../graph/live/key-watch.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { CUSTOMER_PREFIX } from '../../customers/index.js';
import { ApiKeyEntity } from '../api-key.entity.js';
import { selectKeyCustomer } from '../api-key.queries.js';
import { checkKey, keyMade, secretHash } from '../api-key.rules.js';
import type { CreateApiKeyInput } from '../api-key.type.js';

/** Makes a key of a secret that the caller keeps; only its hash is stored. */
export async function createApiKey(
  { tx, now, actor }: ActionScope,
  input: Omit<CreateApiKeyInput, 'idempotencyKey'>,
  secret: string,
): Promise<{ apiKeyId: string }> {
  const refusals = new Refusals();
  checkKey(input, now, refusals);
  refusals.throwIfAny();
  const customerId = input.customerId == null ? null : idOf(CUSTOMER_PREFIX, input.customerId);
  if (input.customerId != null && (customerId === null || !(await tx.one(selectKeyCustomer(customerId))))) {
    throw refuse('NOT_FOUND', `no customer has the id ${input.customerId}`, ['customerId']);
  }
  const em = await tx.entities();
  const roles = [...new Set(input.roles)];
  const id = await tx.ids.one();
  const key = em.create(ApiKeyEntity, {
    id,
    name: input.name,
    secretHash: secretHash(secret),
    roles,
    customerId,
    createdAt: now,
    expiresAt: input.expiresAt ?? null,
  });
  em.persist(key);
  await appendEvents(tx, [
    {
      subjectKind: API_KEY_SUBJECT,
      subjectId: id,
      sequence: 1,
      type: 'CREATED',
      at: now,
      actor,
      message: `API key ${input.name} made`,
      changes: keyMade({ name: input.name, roles, customerId: input.customerId, expiresAt: input.expiresAt }),
      data: { roles, expiresAt: input.expiresAt ?? null },
      customerId,
    },
  ]);
  return { apiKeyId: id };
}
