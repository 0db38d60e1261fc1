import { z } from 'zod';
import { ruleAction, type RuleAction } from '../../graph/rule-action.js';
import { releaseWhatThereIs } from './actions/release-to-warehouse.js';

/** What rules may have of warehouses. */
export const fulfillmentRuleActions: RuleAction[] = [
  ruleAction({
    code: 'RELEASE_TO_WAREHOUSE',
    description:
      'Gives warehouses what is reserved of the order and is not theirs yet; where that is nothing, nothing.',
    arguments: z.strictObject({}),
    run: (scope, orderId) => releaseWhatThereIs(scope, { orderId }),
  }),
];
