import { setTimeout as pause } from 'node:timers/promises';
import type { RunClock } from './clock.js';
import type { ConformanceHub } from './hub.js';

const LEAP_MS = 20 * 60_000;
const LOOK_AGAIN_MS = 15;
/** Of real time, and only where the hub hangs. */
const HANGS_MS = 120_000;

const BUSY = `
  select (select count(*)::int from graphile_worker.jobs
           where task_identifier not like 'sweep-%' and (locked_at is not null or (run_at <= now() and attempts < max_attempts))) as jobs,
         (select count(*) from event)::int - (select position from push_position)::int as unfollowed,
         (select count(*)::int from push_item where state = 'SENDING') as sending`;
const LATER = `
  select 'message ' || topic || ' ' || event_id || ': ' || coalesce(detail, status) as what from inbox_message where status in ('RECEIVED', 'WAITING')
  union all
  select 'push ' || stream || ' ' || record_id || ': ' || coalesce(last_error, state) from push_item where state in ('DUE', 'SENDING')
  union all
  select direction || ' of ' || stream || ' is under way' from sync_stream where walk is not null
  union all
  select 'compare of ' || stream || ' is asked for' from reconcile_stream where asked_at is not null
  union all
  select 'pull of ' || s || ' has not ended once' from unnest($1::text[]) s
   where not exists (select from sync_stream y where y.stream = s and y.direction = 'PULL' and y.last_success_at is not null)`;

/** Waits until the hub has nothing to do at this moment. */
export async function idle(hub: ConformanceHub): Promise<void> {
  const deadline = performance.now() + HANGS_MS;
  for (;;) {
    const [busy] = await hub.rows<Record<string, number>>(BUSY);
    if (Object.values(busy!).every((count) => count === 0)) return;
    if (performance.now() > deadline) throw new Error(`the hub does not come to rest: ${JSON.stringify(busy)}`);
    await pause(LOOK_AGAIN_MS);
  }
}

/** What the hub has put off, for people. */
async function putOff(hub: ConformanceHub, streams: readonly string[]): Promise<string[]> {
  return (await hub.rows<{ what: string }>(LATER, [streams])).map(({ what }) => what);
}

/** Leaps from one thing that was put off to the next until nothing is left of it. */
export async function settle(hub: ConformanceHub, clock: RunClock, streams: readonly string[]): Promise<void> {
  for (;;) {
    await idle(hub);
    const left = await putOff(hub, streams);
    if (left.length === 0) return;
    try {
      clock.leap(LEAP_MS);
    } catch (error) {
      const warnings = hub.log.lines
        .slice(-5)
        .map(({ message, facts }) => `${message} ${String((facts as { err?: Error }).err?.message ?? '')}`);
      throw new Error(`${(error as Error).message}: ${[...left.slice(0, 8), ...warnings].join('; ')}`, {
        cause: error,
      });
    }
    await hurry(hub);
  }
}

/** All streams are read again now, and what came of it is settled. */
export async function pullAgain(hub: ConformanceHub, clock: RunClock, streams: readonly string[]): Promise<void> {
  await hurry(hub);
  await settle(hub, clock, streams);
}

/** What waits for its time has waited long enough. */
async function hurry(hub: ConformanceHub): Promise<void> {
  await hub.rows(`
    select graphile_worker.reschedule_jobs(
      array(select id from graphile_worker.jobs where locked_at is null and attempts < max_attempts), run_at => now())`);
  await hub.rows(`select pg_notify('jobs:insert', '{"count":1}')`);
}
