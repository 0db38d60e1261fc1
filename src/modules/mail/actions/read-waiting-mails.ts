import type { GraphServices } from '../../../graph/context.js';
import type { UpkeepTask } from '../../../graph/upkeep.js';
import { claimMails, postponeMail } from '../inbound-mail.queries.js';
import { readMail } from './read-mail.js';

const AT_ONCE = 20;
const LEASE_MS = 120_000;
const MOST_TRIES = 5;

/** Reads what was kept and not read: its process ended in between, or something was away. */
export const readWaitingMails: UpkeepTask = {
  name: 'read-mails',
  everyMs: 5_000,
  async run(hub) {
    for (;;) {
      const now = hub.clock.now();
      const again = new Date(now.getTime() + LEASE_MS).toISOString();
      const claimed = await hub.db.transaction('claim-mails', (tx) =>
        tx.query(claimMails(now.toISOString(), again, AT_ONCE)),
      );
      for (const { id } of claimed) await readMailAlone(hub, id);
      if (claimed.length < AT_ONCE) return;
    }
  },
};

/** One that cannot be read does not keep the others waiting. */
export async function readMailAlone(hub: GraphServices, mailId: string): Promise<void> {
  try {
    await readMail(hub, mailId);
  } catch (error) {
    hub.log.error({ err: error, mail: mailId }, 'a mail could not be read; it is tried again');
    const now = hub.clock.now();
    const again = new Date(now.getTime() + LEASE_MS).toISOString();
    await hub.db.transaction('postpone-mail', (tx) =>
      tx.query(postponeMail(mailId, again, 'the hub failed at reading it', MOST_TRIES, now.toISOString())),
    );
  }
}
