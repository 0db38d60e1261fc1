import type { Transaction } from '../../../db/transaction.js';
import type { GraphServices } from '../../../graph/context.js';
import { instantText } from '../../../shared/clock.js';
import {
  lockPlace,
  movePlace,
  selectActiveRules,
  selectTriggering,
  type FollowedEvent,
  type RuleRow,
} from '../automation.queries.js';
import { insertRuns } from '../run.queries.js';
import { pausesOf } from '../trigger.rules.js';

const BATCH = 5_000;

/**
 * Writes the runs that the next events of the log ask for, and moves the hub's place in the log with them: each event does so
 * once, whichever process reads it. Answers whether more may be waiting; does nothing while another process is at it.
 */
export async function followEvents({ db }: Pick<GraphServices, 'db'>): Promise<boolean> {
  return db.transaction('rules-follow', async (tx) => {
    const place = await tx.one(lockPlace(BATCH));
    if (!place || place.until === place.position) return false;
    const rules = await tx.query(selectActiveRules());
    if (rules.length > 0) await writeRuns(tx, rules, place);
    tx.defer(movePlace(place.until));
    return Number(place.until) - Number(place.position) === BATCH;
  });
}

interface NewRun {
  rule: RuleRow;
  event: FollowedEvent;
  pause: number;
}

async function writeRuns(
  tx: Transaction,
  rules: readonly RuleRow[],
  { position, until }: { position: string; until: string },
): Promise<void> {
  const triggers = rules.flatMap((rule) => rule.triggers);
  const since = rules.map((rule) => rule.active_since).reduce((a, b) => (instantText(a) < instantText(b) ? a : b));
  const types = [...new Set(triggers.flatMap(({ event }) => event ?? []))];
  const statuses = [...new Set(triggers.flatMap(({ status }) => status ?? []))];
  const events = await tx.query(selectTriggering(position, until, since, types, statuses));
  const runs = events.flatMap((event) => rules.flatMap((rule) => runsOf(rule, event)));
  if (runs.length === 0) return;
  const ids = await tx.ids.take(runs.length);
  tx.defer(
    insertRuns(
      ids,
      runs.map(({ rule }) => rule.id),
      runs.map(({ event }) => event.order_id),
      runs.map(({ event }) => event.id),
      runs.map(({ event }) => event.type),
      runs.map(({ event }) => event.at),
      runs.map(({ event }) => event.sequence),
      runs.map(({ pause }) => pause),
      runs.map(({ event }) => event.depth),
    ),
  );
}

/** Only what happens behind its activation sets a rule off. */
function runsOf(rule: RuleRow, event: FollowedEvent): NewRun[] {
  if (instantText(event.at) < instantText(rule.active_since)) return [];
  return pausesOf(rule.triggers, event).map((pause) => ({ rule, event, pause }));
}
