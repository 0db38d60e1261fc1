import type { ActionScope } from '../../../graph/mutation.js';
import { ruleActions } from '../../../graph/rule-action.js';
import type { Actor } from '../../../shared/actor.js';
import { refuse } from '../../../shared/failures.js';
import { typeId } from '../../../shared/ids.js';
import { ORDER_PREFIX, sellerSettings } from '../../orders/index.js';
import type { RuleRow, RuleStep } from '../automation.queries.js';
import { judge, type Check } from '../condition.rules.js';
import { selectOrderFacts } from '../order-facts.queries.js';
import { factsOf, ORDER_FACTS } from '../order-facts.rules.js';

/** The rule is the actor of what it does. */
export function actorOf({ id, name }: Pick<RuleRow, 'id' | 'name'>): Actor {
  return { kind: 'RULE', id, name };
}

/** Whether the rule's condition holds of the order as it is now; the order is locked. */
export async function lookAtOrder(
  scope: ActionScope,
  rule: Pick<RuleRow, 'condition'>,
  orderId: string,
): Promise<{ holds: boolean; checks: Check[] }> {
  const row = (await scope.tx.one(selectOrderFacts(orderId)))!;
  const { returnWindowDays } = scope.service(sellerSettings);
  return judge(rule.condition, ORDER_FACTS, factsOf(row, { now: scope.now, returnWindowDays }));
}

/** Takes one step of a rule; what it writes is there for the next one. */
export async function takeStep(scope: ActionScope, step: RuleStep, orderId: string): Promise<void> {
  const action = scope.service(ruleActions).get(step.action);
  if (!action) throw refuse('INVALID', `action ${step.action}: this hub has none of that name`, ['actions']);
  const parsed = action.arguments.safeParse(step.arguments);
  if (!parsed.success) throw refuse('INVALID', `arguments of ${step.action}: ${parsed.error.message}`, ['actions']);
  await action.run(scope, typeId(ORDER_PREFIX, orderId), step.arguments);
  await scope.tx.flush();
}
