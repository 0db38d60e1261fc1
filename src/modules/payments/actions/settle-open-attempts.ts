import type { GraphServices } from '../../../graph/context.js';
import type { UpkeepTask } from '../../../graph/upkeep.js';
import { SYSTEM } from '../../../shared/actor.js';
import { nextTry } from '../attempt.rules.js';
import { claimAttempts, selectAttempt } from '../attempt.queries.js';
import { carryOut, type PaymentParts } from './carry-out.js';

const AT_ONCE = 50;

/** Finds out what became of the calls whose answer was lost or is to come, and makes those that are still to be made. */
export const settleOpenAttempts: UpkeepTask = {
  name: 'settle-payments',
  everyMs: 5_000,
  async run(hub) {
    const parts = partsOf(hub);
    for (;;) {
      const now = hub.clock.now();
      const again = nextTry(now, 1).toISOString();
      const claimed = await hub.db.transaction('claim-payments', (tx) =>
        tx.query(claimAttempts(now.toISOString(), again, AT_ONCE)),
      );
      for (const { id } of claimed) await carryOutAlone(parts, id);
      if (claimed.length < AT_ONCE) return;
    }
  },
};

/** One that cannot be settled does not keep the others waiting. */
export async function carryOutAlone(parts: PaymentParts, attemptId: string): Promise<void> {
  try {
    await carryOut(parts, attemptId);
  } catch (error) {
    parts.log.error({ err: error, attempt: attemptId }, 'an attempt at a payment could not be settled');
  }
}

/** What a notice is about; a notice that came before has left nothing to be done. */
export async function carryOutNotice(parts: PaymentParts, attemptId: string): Promise<void> {
  if (await parts.db.readOne(selectAttempt(attemptId))) await carryOutAlone(parts, attemptId);
}

export function partsOf({ db, clock, log, services }: GraphServices): PaymentParts {
  return { db, clock, log, actor: SYSTEM, service: (key) => services.get(key) };
}
