import { z } from 'zod';
import { ruleAction, type RuleAction } from '../../graph/rule-action.js';
import { idOf } from '../../shared/ids.js';
import { HoldReason, ORDER_PREFIX, selectReleasedHolds } from '../orders/index.js';
import { cancelOrder } from './actions/cancel-order.js';
import { completeOrder } from './actions/complete-order.js';
import { confirmOrder } from './actions/confirm-order.js';

const step = z.strictObject({ reason: z.string().min(1).max(1_000).optional() });

/** The steps of an order that rules may take. */
export const orderFlowRuleActions: RuleAction[] = [
  ruleAction({
    code: 'CONFIRM_ORDER',
    description:
      'Confirms the order: all that `confirmOrder` checks is checked, but that it may be a duplicate where somebody has ' +
      'released a hold for that.',
    arguments: step,
    run: async (scope, orderId, { reason }) => {
      const released = await scope.tx.query(selectReleasedHolds(idOf(ORDER_PREFIX, orderId)!));
      const allowDuplicate = released.some((hold) => hold.reason === HoldReason.DUPLICATE);
      return confirmOrder(scope, { orderId, reason: reason ?? null, allowDuplicate });
    },
  }),
  ruleAction({
    code: 'CANCEL_ORDER',
    description: 'Cancels all that is left of the order; payments that are open are given up.',
    arguments: step,
    run: (scope, orderId, { reason }) => cancelOrder(scope, { orderId, reason: reason ?? null }),
  }),
  ruleAction({
    code: 'COMPLETE_ORDER',
    description: 'Completes the order: it is delivered, paid, and its return window has closed.',
    arguments: step,
    run: (scope, orderId, { reason }) => completeOrder(scope, { orderId, reason: reason ?? null }),
  }),
];
