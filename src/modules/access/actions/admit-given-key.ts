import { appendEvents } from '../../../events/append.js';
import type { Database } from '../../../db/database.js';
import { API_KEY_SUBJECT } from '../../../graph/live/key-watch.js';
import { Role } from '../../../graph/access.js';
import { CUSTOMER_PREFIX } from '../../customers/index.js';
import { typeId } from '../../../shared/ids.js';
import { SYSTEM } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { insertGivenKey, selectKeyByHash } from '../api-key.queries.js';
import { keyMade, secretHash } from '../api-key.rules.js';

export interface GivenKey {
  name: string;
  /** Left out: an administrator's. */
  roles?: Role[];
  /** With the role CUSTOMER: whose it is. */
  customerId?: string | null;
}

/**
 * Makes a key of a secret that is given, an administrator's from the configuration say, so that there is one to begin
 * with. May be called at every start and by several processes at once; a key that was revoked stays so.
 */
export async function admitGivenKey(db: Database, clock: Clock, secret: string, key: GivenKey): Promise<void> {
  const { name, roles = [Role.ADMIN], customerId = null } = key;
  const hash = secretHash(secret);
  if (await db.readOne(selectKeyByHash(hash))) return;
  await db.transaction('admitGivenKey', async (tx) => {
    const id = await tx.ids.one();
    const now = clock.now();
    const rows = await tx.query(insertGivenKey(id, name, hash, roles, now.toISOString(), customerId));
    if (rows.length === 0) return;
    await appendEvents(tx, [
      {
        subjectKind: API_KEY_SUBJECT,
        subjectId: id,
        sequence: 1,
        type: 'CREATED',
        at: now,
        actor: SYSTEM,
        message: `API key ${name} made`,
        changes: keyMade({ name, roles, customerId: customerId && typeId(CUSTOMER_PREFIX, customerId) }),
        customerId,
        data: { roles },
      },
    ]);
  });
}
