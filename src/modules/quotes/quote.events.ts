import type { FieldChange, NewEvent } from '../../events/append.js';
import type { ActionScope } from '../../graph/mutation.js';
import type { QuoteStatus } from './quote.states.js';

export const QUOTE = 'quote';
export const APPROVAL_RULE = 'approval_rule';

interface QuoteFacts {
  id: string;
  customer_id: string;
  /** How many events it has already. */
  event_count: number;
}

export function quoteMoved(
  quote: QuoteFacts,
  { actor, now }: ActionScope,
  from: QuoteStatus | null,
  to: QuoteStatus,
  facts: { type?: string; message: string; changes?: FieldChange[]; data?: object; personal?: FieldChange[] },
): NewEvent {
  return {
    subjectKind: QUOTE,
    subjectId: quote.id,
    sequence: quote.event_count + 1,
    type: facts.type ?? 'STATUS_CHANGED',
    at: now,
    actor,
    message: facts.message,
    changes: [...(from === to ? [] : [{ field: 'status', from, to }]), ...(facts.changes ?? [])],
    ...(facts.data && { data: facts.data }),
    ...(facts.personal && facts.personal.length > 0 && { personal: { changes: facts.personal } }),
    customerId: quote.customer_id,
    statusFrom: from,
    statusTo: to,
  };
}
