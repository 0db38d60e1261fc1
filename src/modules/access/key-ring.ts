import QuickLRU from 'quick-lru';
import type { Database } from '../../db/database.js';
import type { Viewer } from '../../graph/access.js';
import type { CallerFacts, KeyRing } from '../../graph/authenticate.js';
import { parseInstant, type Clock } from '../../shared/clock.js';
import { secretHash } from './api-key.rules.js';
import { selectKeyByHash } from './api-key.queries.js';
import type { ApiKeyRow } from './api-key.type.js';
import type { KeyUses } from './key-uses.js';

/** How long a key that was found is not looked up again; a revocation is also told by the event log. */
const FRESH_MS = 2_000;
/** Under which attempts by secrets that no key has are counted. */
export const UNKNOWN_KEY = '0';
const MAX_KEPT = 10_000;

interface Kept {
  viewer: Viewer;
  readAt: number;
}

/** Finds viewers by their secrets, keeping those found for a moment. */
export class ApiKeyRing implements KeyRing {
  readonly #kept = new QuickLRU<string, Kept>({ maxSize: MAX_KEPT });

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly uses: KeyUses,
  ) {}

  async viewerOf(secret: string, caller: CallerFacts): Promise<Viewer | null> {
    const hash = secretHash(secret);
    const name = hash.toString('base64');
    const now = this.clock.now();
    let kept = this.#kept.get(name);
    if (!kept || performance.now() - kept.readAt > FRESH_MS) {
      const row = await this.db.readOne(selectKeyByHash(hash));
      if (!row || row.revoked_at !== null) {
        this.#kept.delete(name);
        this.uses.note(row?.id ?? UNKNOWN_KEY, row ? 'REVOKED' : 'UNKNOWN', caller, now);
        return null;
      }
      kept = { viewer: viewerOf(row), readAt: performance.now() };
      this.#kept.set(name, kept);
    }
    const { viewer } = kept;
    const isExpired = viewer.expiresAt !== null && viewer.expiresAt <= now;
    this.uses.note(viewer.keyId, isExpired ? 'EXPIRED' : 'ADMITTED', caller, now);
    return isExpired ? null : viewer;
  }

  /** A key was taken back: it must not open anything from now on. */
  forget(keyId: string): void {
    for (const [name, kept] of this.#kept) if (kept.viewer.keyId === keyId) this.#kept.delete(name);
  }
}

function viewerOf(row: ApiKeyRow): Viewer {
  return {
    keyId: row.id,
    caller: `key:${row.id}`,
    actor:
      row.customer_id === null
        ? { kind: 'API_KEY', id: row.id, name: row.name }
        : { kind: 'CUSTOMER', id: row.customer_id, name: row.name },
    roles: row.roles,
    customerId: row.customer_id,
    expiresAt: row.expires_at === null ? null : parseInstant(row.expires_at),
  };
}
