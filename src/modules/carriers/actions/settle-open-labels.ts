import type { GraphServices } from '../../../graph/context.js';
import type { UpkeepTask } from '../../../graph/upkeep.js';
import { SYSTEM } from '../../../shared/actor.js';
import { claimLabels } from '../label.queries.js';
import { nextTry } from '../label.rules.js';
import { selectLeftRatings } from '../rating.queries.js';
import { carryOutLabel } from './carry-out-label.js';
import { carryOutRating, type CarrierParts } from './carry-out-rating.js';

const AT_ONCE = 50;
const A_MINUTE_MS = 60_000;

/**
 * Finds out what became of labels whose answer was lost, and buys or cancels those that are still to be. Asks for prices
 * that nobody has waited for, where a rule of the hub has asked for them say.
 */
export const settleOpenLabels: UpkeepTask = {
  name: 'settle-labels',
  everyMs: 10_000,
  async run(hub) {
    await settleLabels(hub);
    const parts = partsOf(hub);
    const before = new Date(hub.clock.now().getTime() - A_MINUTE_MS).toISOString();
    for (const { id } of await hub.db.read(selectLeftRatings(before, AT_ONCE)))
      await carryOutRating(parts, id).catch((error: unknown) => {
        parts.log.error({ err: error, rating: id }, 'carriers could not be asked for prices; it is tried again');
      });
  },
};

async function settleLabels(hub: GraphServices): Promise<void> {
  const parts = partsOf(hub);
  for (;;) {
    const now = hub.clock.now();
    const claimed = await hub.db.transaction('claim-labels', (tx) =>
      tx.query(claimLabels(now.toISOString(), nextTry(now, 1).toISOString(), AT_ONCE)),
    );
    for (const { id } of claimed) await carryOutLabel(parts, id);
    if (claimed.length < AT_ONCE) return;
  }
}

export function partsOf({ db, clock, log, services }: GraphServices): CarrierParts {
  return { db, clock, log, actor: SYSTEM, service: (key) => services.get(key) };
}
