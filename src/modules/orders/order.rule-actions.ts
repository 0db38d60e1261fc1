import { z } from 'zod';
import { ruleAction, type RuleAction } from '../../graph/rule-action.js';
import { idOf, typeId } from '../../shared/ids.js';
import { holdOrder } from './actions/hold-order.js';
import { releaseOrder } from './actions/release-order.js';
import { selectOpenHolds } from './order-hold.queries.js';
import { HOLD_PREFIX, HoldReason } from './order-hold.type.js';
import { ORDER_PREFIX } from './order.type.js';

const note = z.string().min(1).max(1_000);

/** What rules may do to an order without asking its neighbours. */
export const orderRuleActions: RuleAction[] = [
  ruleAction({
    code: 'HOLD_ORDER',
    description: 'Holds the order, so that somebody looks at it. `note` says why in words.',
    arguments: z.strictObject({ reason: z.enum(HoldReason).default(HoldReason.MANUAL), note: note.optional() }),
    run: (scope, orderId, { reason, note }) => holdOrder(scope, { orderId, reason, note: note ?? null }),
  }),
  ruleAction({
    code: 'RELEASE_HOLDS',
    description: 'Releases the order’s holds: those for one `reason`, or all of them.',
    arguments: z.strictObject({ reason: z.enum(HoldReason).optional(), note: note.optional() }),
    run: async (scope, orderId, { reason, note }) => {
      const open = await scope.tx.query(selectOpenHolds([idOf(ORDER_PREFIX, orderId)!]));
      for (const hold of open.filter((each) => reason === undefined || each.reason === reason)) {
        await releaseOrder(scope, { orderId, holdId: typeId(HOLD_PREFIX, hold.id), note: note ?? null });
        await scope.tx.flush();
      }
    },
  }),
];
