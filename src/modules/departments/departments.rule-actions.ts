import { z } from 'zod';
import { ruleAction, type RuleAction } from '../../graph/rule-action.js';
import { idOf } from '../../shared/ids.js';
import { Department, ORDER_PREFIX } from '../orders/index.js';
import { selectWhoseOrder } from './assignment.queries.js';
import { openWorkItem } from './actions/open-work-item.js';
import { WorkPriority } from './work-item.type.js';

/** What rules may ask people to do. */
export const departmentRuleActions: RuleAction[] = [
  ruleAction({
    code: 'OPEN_WORK_ITEM',
    description:
      'Asks a department to do something about the order: `department`, else the one that has the order, else SALES ' +
      'before it is confirmed and WAREHOUSE behind that. While what the rule asked for is open, it asks for nothing more.',
    arguments: z.strictObject({
      title: z.string().trim().min(1).max(200),
      note: z.string().trim().min(1).max(1_000).optional(),
      department: z.enum(Department).optional(),
      priority: z.enum(WorkPriority).default(WorkPriority.NORMAL),
    }),
    run: async (scope, orderId, { title, note, department, priority }) => {
      const row = await scope.tx.one(selectWhoseOrder(idOf(ORDER_PREFIX, orderId)!));
      await openWorkItem(scope, {
        department: department ?? row!.department,
        title,
        note: note ?? null,
        priority,
        orderId,
        key: `rule ${scope.actor.id} ${orderId}`,
      });
    },
  }),
];
