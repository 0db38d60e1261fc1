import type { UpkeepTask } from '../../../graph/upkeep.js';
import { deleteOldMails } from '../inbound-mail.queries.js';
import { mailKeepingSettings } from '../mail.settings.js';

/** In one transaction; a mail may have megabytes. */
const AT_ONCE = 50;
const A_DAY_MS = 86_400_000;

/** Mail is deleted when it has been kept long enough. The order that was made of it stays, with all that its timeline tells. */
export const forgetOldMails: UpkeepTask = {
  name: 'forget-mails',
  everyMs: 3_600_000,
  async run({ db, clock, services }) {
    const { keepDays } = services.get(mailKeepingSettings);
    const oldest = new Date(clock.now().getTime() - keepDays * A_DAY_MS).toISOString();
    for (;;) {
      const gone = await db.transaction('forget-mails', (tx) => tx.query(deleteOldMails(oldest, AT_ONCE)));
      if (gone.length < AT_ONCE) return;
    }
  },
};
