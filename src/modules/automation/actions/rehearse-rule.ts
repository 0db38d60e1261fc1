import type { GraphContext } from '../../../graph/context.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { toUserError } from '../../../graph/user-errors.js';
import { Refusal } from '../../../shared/failures.js';
import type { AutomationRehearsalType } from '../automation-catalog.type.js';
import type { RuleRow } from '../automation.queries.js';
import { lockOrder } from '../../orders/index.js';
import { actorOf, lookAtOrder, takeStep } from './look-at-order.js';

class Rehearsed extends Error {}

/** Does what the rule would do, by the same actions, and takes it all back. Null where there is no such order. */
export async function rehearseRule(
  { db, clock, service }: Pick<GraphContext, 'db' | 'clock' | 'service'>,
  rule: RuleRow,
  orderId: string,
): Promise<AutomationRehearsalType | null> {
  let rehearsal: AutomationRehearsalType | null = null;
  try {
    await db.transaction('rule-rehearsal', async (tx) => {
      const scope: ActionScope = { tx, now: clock.now(), actor: actorOf(rule), customerId: null, service };
      rehearsal = (await tx.one(lockOrder(orderId))) ? await play(scope, rule, orderId) : null;
      throw new Rehearsed();
    });
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  }
  return rehearsal;
}

async function play(scope: ActionScope, rule: RuleRow, orderId: string): Promise<AutomationRehearsalType> {
  const { holds, checks } = await lookAtOrder(scope, rule, orderId);
  const steps: AutomationRehearsalType['steps'] = [];
  for (const step of holds ? rule.actions : []) {
    const userErrors = await refusalsOf(scope, step, orderId);
    steps.push({ action: step.action, userErrors });
    if (userErrors.length > 0) break;
  }
  // Behind what was written, so that what the database makes of it is known.
  await scope.tx.batch([]);
  return { holds, checks, steps };
}

async function refusalsOf(scope: ActionScope, step: RuleRow['actions'][number], orderId: string): Promise<object[]> {
  try {
    await takeStep(scope, step, orderId);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    scope.tx.dropDeferred();
    return error.errors.map(toUserError);
  }
}
