import type { UpkeepTask } from '../../../graph/upkeep.js';
import { lookAgain } from '../tracking.rules.js';
import { claimWatches } from '../watch.queries.js';
import { followShipment } from './follow-shipment.js';
import { partsOf } from './settle-open-labels.js';

const AT_ONCE = 20;

/**
 * Asks where the shipments are that nobody has told anything of for a while: one at a time, and no more of them for now
 * once a carrier does not answer.
 */
export const followShipments: UpkeepTask = {
  name: 'follow-shipments',
  everyMs: 30_000,
  async run(hub) {
    const parts = partsOf(hub);
    for (;;) {
      const now = hub.clock.now();
      const claimed = await hub.db.transaction('claim-watches', (tx) =>
        tx.query(claimWatches(now.toISOString(), lookAgain(now, 0).toISOString(), AT_ONCE)),
      );
      for (const { shipment_id: id } of claimed) {
        const obstacle = await followShipment(parts, id).catch((error: unknown) => {
          parts.log.error({ err: error, shipment: id }, 'a shipment could not be followed; it is tried again');
          return null;
        });
        if (obstacle !== null) return;
      }
      if (claimed.length < AT_ONCE) return;
    }
  },
};
