import type { z } from 'zod';
import type { ServiceKey } from './context.js';
import type { ActionScope } from './mutation.js';

/** Something that an automation rule may do to an order, as a module contributes it. */
export interface RuleAction {
  /** The name that rules call it by, e.g. CONFIRM_ORDER. */
  code: string;
  description: string;
  /** What it is told besides the order. Held against it when a rule is written, and again when it runs. */
  arguments: z.ZodType;
  /**
   * Does it in the open transaction by the same function that a mutation calls; a Refusal says why it cannot be done.
   * `orderId` is the graph's.
   */
  run(scope: ActionScope, orderId: string, values: unknown): Promise<void>;
}

/** All of them, by code. */
export const ruleActions: ServiceKey<ReadonlyMap<string, RuleAction>> = { name: 'ruleActions' };

/** Keeps what an action is told and what it takes of one type. */
export function ruleAction<Values>(action: {
  code: string;
  description: string;
  arguments: z.ZodType<Values>;
  run(scope: ActionScope, orderId: string, values: Values): Promise<unknown>;
}): RuleAction {
  return {
    ...action,
    run: async (scope, orderId, values) => {
      await action.run(scope, orderId, action.arguments.parse(values));
    },
  };
}

/** Puts those of all modules together; throws where two have one name. */
export function ruleActionsOf(modules: readonly { name: string; ruleActions?: RuleAction[] }[]) {
  const byCode = new Map<string, RuleAction>();
  for (const { name, ruleActions: own = [] } of modules) {
    for (const action of own) {
      if (byCode.has(action.code)) throw new Error(`module ${name}: the rule action ${action.code} is there already`);
      byCode.set(action.code, action);
    }
  }
  return byCode;
}
