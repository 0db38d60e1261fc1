import type pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../shared/log.js';
import { EVENT_CHANNEL } from './append.js';
import { Horizon } from './horizon.js';
import { Session, type Wake } from './session.js';

/** The channel on which the sequencer tells every feed that there are new positions. */
export const POSITION_CHANNEL = 'hub_position';

// Any number, the same in every hub: its holder is the sequencer.
const SEQUENCER_LOCK = 7_120_003;
const BATCH = 1_000;
const POLL_MS = 1_000;
const STANDBY_MS = 250;
// Under load several commits share a batch, and with it a flush to disk; a single commit waits for nothing.
const BATCH_INTERVAL_MS = 3;
const OBSERVE_BEHIND = 500;

// Both sides start at the horizon, so that neither grows with the log.
const PLACE = `
  with unplaced as (
    select e.id from event e
     where e.id > $1
       and not exists (select from event_position p where p.event_id = e.id and p.event_id > $1)
     order by e.id limit ${BATCH}
  ), kept as (
    update event_sequencer set horizon = $1 where horizon < $1
  ), placed as (
    insert into event_position (position, event_id)
    select $2::bigint + row_number() over (order by id), id from unplaced
    returning event_id
  )
  select count(*)::int as placed, max(event_id) as last_id, pg_notify('${POSITION_CHANNEL}', '')
    from placed having count(*) > 0`;

export interface SequencerMetrics {
  leading: boolean;
  placed: number;
  batches: number;
  observations: number;
}

/**
 * Gives every committed event its position: 1, 2, 3 … without a gap. Events take their ids while their record's row
 * is locked, so that among what one snapshot sees the order of ids is the order of each record's changes; what a later
 * snapshot adds comes behind. Any hub process may do it. The one that does holds an advisory lock on the very session
 * that it writes with, so that whoever has lost the lock can no longer write.
 */
export class Sequencer {
  readonly metrics: SequencerMetrics = { leading: false, placed: 0, batches: 0, observations: 0 };
  readonly #session: Session;

  constructor(
    url: string,
    private readonly log: Log,
  ) {
    // Statistics of a young log are wrong by orders of magnitude; the indexes are always right.
    const settings = ['enable_seqscan=off', 'enable_bitmapscan=off'];
    this.#session = new Session('hub-sequencer', url, log, (client, wake) => this.#work(client, wake), settings);
  }

  start(): void {
    this.#session.start();
  }

  async stop(): Promise<void> {
    await this.#session.stop();
  }

  async #work(client: pg.Client, wake: Wake): Promise<void> {
    // Polled, not waited for: a statement that waits for hours would keep vacuum from its work.
    while (!(await tryLock(client))) await wake.wait(STANDBY_MS);
    this.metrics.leading = true;
    this.log.info({}, 'this process gives events their positions');
    try {
      await this.#lead(client, wake);
    } finally {
      this.metrics.leading = false;
    }
  }

  async #lead(client: pg.Client, wake: Wake): Promise<void> {
    await client.query(`listen ${EVENT_CHANNEL}`);
    const { position: start, horizon } = await readState(client);
    let position = start;
    let observedAt = -Infinity;
    let behind = 0;
    for (;;) {
      const startedAt = performance.now();
      if (behind > OBSERVE_BEHIND || startedAt - observedAt >= POLL_MS) {
        await horizon.observe(client);
        this.metrics.observations += 1;
        observedAt = startedAt;
        behind = 0;
      }
      const placed = await this.#place(client, horizon, position);
      position += placed;
      behind += placed;
      if (placed === BATCH) continue;
      await wake.wait(POLL_MS);
      const early = BATCH_INTERVAL_MS - (performance.now() - startedAt);
      if (early > 0) await pause(early);
    }
  }

  async #place(client: pg.Client, horizon: Horizon, position: number): Promise<number> {
    const { rows } = await client.query<{ placed: number; last_id: string }>({
      name: 'sequencer.place',
      text: PLACE,
      values: [horizon.id, position],
    });
    const placed = rows[0]?.placed ?? 0;
    horizon.placed(placed === BATCH ? Number(rows[0]!.last_id) : undefined);
    this.metrics.placed += placed;
    if (placed > 0) this.metrics.batches += 1;
    return placed;
  }
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    SEQUENCER_LOCK,
  ]);
  return rows[0]!.locked;
}

async function readState(client: pg.Client): Promise<{ position: number; horizon: Horizon }> {
  const { rows } = await client.query<{ position: string; horizon: string }>(
    `select (select coalesce(max(position), 0) from event_position) as position, horizon from event_sequencer`,
  );
  return { position: Number(rows[0]!.position), horizon: new Horizon(Number(rows[0]!.horizon)) };
}
