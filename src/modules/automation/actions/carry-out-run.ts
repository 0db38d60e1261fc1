import type { Transaction } from '../../../db/transaction.js';
import { isOutage } from '../../../db/outage.js';
import type { GraphServices } from '../../../graph/context.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { instantText } from '../../../shared/clock.js';
import { Refusal } from '../../../shared/failures.js';
import { typeId } from '../../../shared/ids.js';
import { HoldReason, holdOrder, isAtItsEnd, lockOrder, ORDER_PREFIX, type LockedOrder } from '../../orders/index.js';
import { selectRules, type RuleRow } from '../automation.queries.js';
import { whyNot } from '../condition.rules.js';
import { countRun } from '../run.metrics.js';
import {
  countRecentRuns,
  forgetRun,
  lockRun,
  postponeRun,
  selectHasMoved,
  selectIsHeldFor,
  settleRun,
  type RunRow,
  type RunStatus,
} from '../run.queries.js';
import { holdReasonOf, MOST_TRIES, nextTry, reasonToCut, SPAN_MS } from '../run.rules.js';
import { actorOf, lookAtOrder, takeStep } from './look-at-order.js';

/** A run with what it is about, all of it locked. */
interface Open {
  scope: ActionScope;
  run: RunRow;
  rule: RuleRow;
  order: LockedOrder;
}
interface Outcome {
  status: RunStatus;
  reason: string | null;
  /** Why the order is held for it. */
  hold?: HoldReason | null;
}

const LOCK_TIMEOUT = '55P03';
/** Of an order with hundreds of lines, each may be refused. */
const LONGEST_REASON = 2_000;

/**
 * Carries out a run: what the rule does and the outcome stand in one transaction. May be called by several processes and
 * again: whoever comes later finds it done. Throws where the database is away; the run is then as it was.
 */
export async function carryOutRun(hub: GraphServices, runId: string): Promise<void> {
  try {
    await attempt(hub, runId, act);
  } catch (error) {
    if (error instanceof Refusal) {
      const reason = error.errors
        .map(({ message }) => message)
        .join('; ')
        .slice(0, LONGEST_REASON);
      await attempt(hub, runId, () => ({ status: 'REFUSED', reason, hold: holdReasonOf(error.errors) }));
      return;
    }
    if (isOutage(error)) throw error;
    if ((error as { code?: string }).code === LOCK_TIMEOUT) await comeAgain(hub, runId);
    else await fault(hub, runId, error);
  }
}

/** What happens behind the locks, in a transaction of its own; nothing where the run is done or somebody is at it. */
async function attempt(
  hub: GraphServices,
  runId: string,
  decide: (open: Open) => Outcome | null | Promise<Outcome | null>,
): Promise<void> {
  const settled = await hub.db.transaction('rule-run', async (tx) => {
    const open = await lock(hub, tx, runId);
    if (!open) return null;
    const outcome = await decide(open);
    if (!outcome) return null;
    await settle(open, outcome);
    return { ...outcome, rule: open.rule.code, order: open.order.number };
  });
  if (!settled) return;
  const { status, reason, rule, order } = settled;
  countRun(hub.services, rule, status);
  if (status === 'CUT') hub.log.warn({ rule, order, reason }, 'a loop of automation rules was cut');
}

async function lock(hub: GraphServices, tx: Transaction, runId: string): Promise<Open | null> {
  const run = await tx.one(lockRun(runId));
  if (!run) return null;
  const [rules, orders] = await tx.batch([selectRules([run.rule_id]), lockOrder(run.order_id)]);
  const rule = rules![0] as RuleRow;
  const service: ActionScope['service'] = (key) => hub.services.get(key);
  const scope = { tx, now: hub.clock.now(), actor: actorOf(rule), customerId: null, service };
  return { scope, run, rule, order: orders![0] as LockedOrder };
}

/** Null where the run has come to nothing and leaves no trace. */
async function act({ scope, run, rule, order }: Open): Promise<Outcome | null> {
  const { tx, now } = scope;
  if (run.after_minutes > 0 && (await tx.one(selectHasMoved(order.id, run.event_sequence)))!.has_moved) {
    tx.defer(forgetRun(run.id));
    return null;
  }
  if (!rule.is_active || instantText(run.event_at) < instantText(rule.active_since))
    return { status: 'SKIPPED', reason: 'the rule is not active' };
  const { holds, checks } = await lookAtOrder(scope, rule, order.id);
  if (!holds) return { status: 'SKIPPED', reason: whyNot(checks) };
  const since = new Date(now.getTime() - SPAN_MS).toISOString();
  const { count } = (await tx.one(countRecentRuns(order.id, rule.id, since)))!;
  const cut = reasonToCut(run.depth, count);
  if (cut !== null) return { status: 'CUT', reason: cut, hold: HoldReason.MANUAL };
  for (const step of rule.actions) await takeStep(scope, step, order.id);
  return { status: 'DONE', reason: null };
}

/** Writes what became of the run, behind all that it has written; holds the order, unless the rule holds it for that. */
async function settle({ scope, run, rule, order }: Open, { status, reason, hold }: Outcome): Promise<void> {
  const { tx, now } = scope;
  if (hold != null && !isAtItsEnd(order.status)) {
    const { is_held: isHeld } = (await tx.one(selectIsHeldFor(order.id, rule.id, hold)))!;
    const note = `Rule "${rule.name}": ${reason}`;
    if (!isHeld) await holdOrder(scope, { orderId: typeId(ORDER_PREFIX, order.id), reason: hold, note });
  }
  tx.defer(settleRun(run.id, status, reason, now.toISOString(), order.event_count));
}

/** Somebody holds the order for long: others need not wait for that. */
async function comeAgain({ db, clock }: GraphServices, runId: string): Promise<void> {
  await db.transaction('rule-postpone', async (tx) => {
    const run = await tx.one(lockRun(runId));
    if (run) tx.defer(postponeRun(runId, run.tries, nextTry(clock.now(), 1).toISOString()));
  });
}

/** Our own mistake, or something that passes: tried again some times, and then shown to people. */
async function fault(hub: GraphServices, runId: string, error: unknown): Promise<void> {
  await attempt(hub, runId, ({ scope, run, rule, order }) => {
    const tries = run.tries + 1;
    const facts = { err: error, run: run.id, rule: rule.code, order: order.number, tries };
    if (tries < MOST_TRIES) {
      hub.log.warn(facts, 'a run of an automation rule failed; it is tried again');
      scope.tx.defer(postponeRun(run.id, tries, nextTry(scope.now, tries).toISOString()));
      return null;
    }
    hub.log.error(facts, 'a run of an automation rule failed');
    const reason = `a fault of the hub; run ${run.id} finds it in the log`;
    return { status: 'FAILED', reason, hold: HoldReason.MANUAL };
  });
}
