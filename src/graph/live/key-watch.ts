import type { StreamedEvent } from '../../events/streamed-event.js';
import type { Clock } from '../../shared/clock.js';
import type { Viewer } from '../access.js';

/** The event by which every process of the hub learns that a key is revoked. */
export const API_KEY_SUBJECT = 'api_key';
export const API_KEY_REVOKED = 'REVOKED';

/** Knows which keys of open sockets have ended. */
export class KeyWatch {
  // Kept for good: a key may have been looked up before its revocation and shown to us after it.
  readonly #revoked = new Set<string>();

  constructor(private readonly clock: Clock) {}

  /** Answers whether a key was revoked by these events. */
  note(events: readonly StreamedEvent[]): boolean {
    const before = this.#revoked.size;
    for (const { subjectKind, type, subjectId } of events) {
      if (subjectKind === API_KEY_SUBJECT && type === API_KEY_REVOKED) this.#revoked.add(subjectId);
    }
    return this.#revoked.size > before;
  }

  isGood({ keyId, expiresAt }: Viewer): boolean {
    return !this.#revoked.has(keyId) && (expiresAt === null || expiresAt > this.clock.now());
  }
}
