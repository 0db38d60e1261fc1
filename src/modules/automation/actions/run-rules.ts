import type { GraphServices } from '../../../graph/context.js';
import type { UpkeepTask } from '../../../graph/upkeep.js';
import { automationSettings } from '../automation.settings.js';
import { isBehind } from '../automation.queries.js';
import { selectDueRuns } from '../run.queries.js';
import { carryOutRun } from './carry-out-run.js';
import { followEvents } from './follow-events.js';

const AT_ONCE = 100;
/** A hub that stops waits for so many runs at most. */
const MOST_AT_A_TURN = 500;

/** Reads what has happened, and does what rules say to it. What a run sets off has its turn with the next round. */
export const runRules: UpkeepTask = {
  name: 'run-rules',
  everyMs: 500,
  async run(hub) {
    if (!hub.services.get(automationSettings).isOn) return;
    if ((await hub.db.readOne(isBehind()))?.is_behind) while (await followEvents(hub)) continue;
    await carryOutDue(hub);
  },
};

async function carryOutDue(hub: GraphServices): Promise<void> {
  for (let done = 0; done < MOST_AT_A_TURN; done += AT_ONCE) {
    const due = await hub.db.read(selectDueRuns(hub.clock.now().toISOString(), AT_ONCE));
    for (const { id } of due) await carryOutRun(hub, id);
    if (due.length < AT_ONCE) return;
  }
}
