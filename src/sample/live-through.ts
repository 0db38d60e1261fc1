import type { Hub } from '../app.js';
import { sql, unnamed } from '../db/statement.js';
import type { Transaction } from '../db/transaction.js';
import { Refusal } from '../shared/failures.js';
import { instantText } from '../shared/clock.js';
import { DAY_MS, type Step } from './plan.js';
import { lockCompany, SAMPLE_COMPANY, scopeAt } from './work.js';
import { World } from './world.js';

const PROGRESS_EVERY_MS = 3_000;

/**
 * The last thing the company has done of its past; what it does by itself later comes behind all of it. Planned anew each
 * time: the best plan while there is nothing reads all there is.
 */
const selectLast = (kind: string, name: string) =>
  unnamed<{ at: string }>(
    `select at from event where actor_kind = $1 and actor_name = $2 order by at desc, id desc limit 1`,
    [kind, name],
  );

/** Each of the many steps would plan its statements again, for they ask for many at once. */
const keepPlans = sql('sample.keep-plans', 'set local plan_cache_mode = force_generic_plan');

/**
 * Carries out the steps in the order of their times, each day in one transaction. Killed in the middle it goes on with
 * the day that is not there; two hubs at once take turns. A step that the hub refuses (a credit limit, say) is left out.
 * Answers whether there was anything to do; throws the signal's reason, between two days, where it was stopped.
 */
export async function liveThrough(
  hub: Hub,
  steps: readonly Step[],
  end: Date,
  onProgress: (message: string) => void,
  stopping?: AbortSignal,
): Promise<boolean> {
  const past = steps.filter(({ at }) => at <= end).sort((a, b) => a.at.getTime() - b.at.getTime());
  const days = [...Map.groupBy(past, ({ at }) => Math.floor(at.getTime() / DAY_MS)).values()];
  if (await isDone(hub, past.at(-1)!)) return false;
  const world = new World();
  let said = performance.now();
  let isKnown = false;
  for (const [index, day] of days.entries()) {
    stopping?.throwIfAborted();
    isKnown = await hub.db.transaction('sample.day', async (tx) => {
      await tx.batch([keepPlans(), lockCompany()]);
      const last = await lastStep(tx);
      const open = day.filter(({ at }) => last === null || at > last);
      if (open.length === 0) return false;
      if (!isKnown || open.length < day.length) await world.read(tx);
      for (const step of open) await take(hub, tx, step, world);
      return true;
    });
    if (performance.now() - said < PROGRESS_EVERY_MS) continue;
    said = performance.now();
    onProgress(`the sample company lives through its past: day ${index + 1} of ${days.length}`);
  }
  return true;
}

async function isDone(hub: Hub, last: Step): Promise<boolean> {
  const row = await hub.db.readOne(selectLast(SAMPLE_COMPANY.kind, SAMPLE_COMPANY.name));
  return row !== undefined && new Date(instantText(row.at)) >= last.at;
}

async function lastStep(tx: Transaction): Promise<Date | null> {
  const row = await tx.one(selectLast(SAMPLE_COMPANY.kind, SAMPLE_COMPANY.name));
  return row === undefined ? null : new Date(instantText(row.at));
}

async function take(hub: Hub, tx: Transaction, { at, act }: Step, world: World): Promise<void> {
  try {
    await act(scopeAt(hub, tx, at), world);
    await tx.flush();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tx.dropDeferred();
    hub.log.debug({ at, reason: error.message }, 'the sample company was refused something');
  }
}
