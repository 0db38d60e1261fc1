import type { Database } from '../../../db/database.js';
import type { Transaction } from '../../../db/transaction.js';
import type { UpkeepTask } from '../../../graph/upkeep.js';
import {
  correctCounts,
  foldCounts,
  removeEmptyCounts,
  tryCountLock,
  type CountCorrection,
} from '../order-count.queries.js';

/** Adds the changes of the counts to the counts. They are exact without it: it keeps them quick to add up. */
export const foldOrderCounts: UpkeepTask = {
  name: 'fold-order-counts',
  everyMs: 10_000,
  async run({ db }) {
    await alone(db, 'fold-order-counts', (tx) => tx.query(foldCounts()));
  },
};

/** Compares the counts with the orders and mends what differs, which nothing but a restored table should bring about. */
export const reconcileOrderCounts: UpkeepTask = {
  name: 'reconcile-order-counts',
  everyMs: 24 * 3_600_000,
  async run({ db, log }) {
    const mended = await alone<CountCorrection[]>(db, 'reconcile-order-counts', async (tx) => {
      const corrections = await tx.query(correctCounts());
      await tx.batch([foldCounts(), removeEmptyCounts()]);
      return corrections;
    });
    if (mended?.length) log.error({ corrections: mended.slice(0, 20) }, 'counts of orders were wrong and are mended');
  },
};

/** Null where another process is at it. The lock is a statement before: what follows sees all that was done under it. */
async function alone<T>(db: Database, name: string, work: (tx: Transaction) => Promise<T>): Promise<T | null> {
  return db.transaction(name, async (tx) => {
    const lock = await tx.one(tryCountLock());
    return lock?.is_mine ? work(tx) : null;
  });
}
