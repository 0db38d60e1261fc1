import { setTimeout as pause } from 'node:timers/promises';
import { POSITION_CHANNEL } from '../../events/sequencer.js';
import { Session } from '../../events/session.js';
import { followEvents, openMissingStreams } from './follow-events.js';
import type { PushParts } from './parts.js';

const POLL_MS = 1_000;
// Many changes at once share a batch: a record that changes all the time is due once.
const INTERVAL_MS = 50;

const IS_BEHIND = `
  select coalesce((select max(position) from event_position), 0) > position as is_behind from push_position`;

/** Follows the event log for the hub. It runs in every process; whichever is free takes the next events. */
export class Follower {
  readonly #session: Session;

  constructor(parts: PushParts) {
    this.#session = new Session('hub-push', parts.db.url, parts.log, async (client, wake) => {
      await client.query(`listen ${POSITION_CHANNEL}`);
      await openMissingStreams(parts);
      for (;;) {
        const { rows } = await client.query<{ is_behind: boolean }>({ name: 'push.is-behind', text: IS_BEHIND });
        if (rows[0]?.is_behind && (await followEvents(parts))) continue;
        await wake.wait(POLL_MS);
        await pause(INTERVAL_MS);
      }
    });
  }

  start(): void {
    this.#session.start();
  }

  async stop(): Promise<void> {
    await this.#session.stop();
  }
}
