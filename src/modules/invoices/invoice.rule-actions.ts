import { z } from 'zod';
import { ruleAction, type RuleAction } from '../../graph/rule-action.js';
import { issueIfDue } from './actions/issue-invoice.js';
import { InvoiceScope } from './invoice-input.type.js';

/** What rules may have invoiced. */
export const invoiceRuleActions: RuleAction[] = [
  ruleAction({
    code: 'ISSUE_INVOICE',
    description:
      'Invoices what has left, or with `scope` ALL whatever is ordered, and is on no invoice yet; where that is nothing, ' +
      'nothing. The seller has to be named.',
    arguments: z.strictObject({ scope: z.enum(InvoiceScope).optional() }),
    run: (scope, orderId, values) => issueIfDue(scope, { orderId, ...(values.scope && { scope: values.scope }) }),
  }),
];
