import type { GraphServices } from '../../../graph/context.js';
import type { UpkeepTask } from '../../../graph/upkeep.js';
import { SYSTEM } from '../../../shared/actor.js';
import { claimLabels } from '../label.queries.js';
import { nextTry } from '../label.rules.js';
import { carryOutLabel } from './carry-out-label.js';
import type { CarrierParts } from './carry-out-rating.js';

const AT_ONCE = 50;

/** Finds out what became of labels whose answer was lost, and buys or cancels those that are still to be. */
export const settleOpenLabels: UpkeepTask = {
  name: 'settle-labels',
  everyMs: 10_000,
  async run(hub) {
    const parts = partsOf(hub);
    for (;;) {
      const now = hub.clock.now();
      const claimed = await hub.db.transaction('claim-labels', (tx) =>
        tx.query(claimLabels(now.toISOString(), nextTry(now, 1).toISOString(), AT_ONCE)),
      );
      for (const { id } of claimed) await carryOutLabel(parts, id);
      if (claimed.length < AT_ONCE) return;
    }
  },
};

export function partsOf({ db, clock, log, services }: GraphServices): CarrierParts {
  return { db, clock, log, actor: SYSTEM, service: (key) => services.get(key) };
}
