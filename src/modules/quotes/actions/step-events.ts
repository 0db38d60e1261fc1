import type { NewEvent } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { quoteMoved } from '../quote.events.js';
import type { QuoteStatus } from '../quote.states.js';

/** One event for each step, numbered behind those that the quote has. */
export function stepEvents(
  scope: ActionScope,
  quote: { id: string; number: string; customer_id: string; event_count: number },
  from: QuoteStatus,
  steps: QuoteStatus[],
): NewEvent[] {
  return steps.map((to, index) =>
    quoteMoved({ ...quote, event_count: quote.event_count + index }, scope, steps[index - 1] ?? from, to, {
      message:
        to === 'SUPERSEDED'
          ? `Quote ${quote.number} is superseded by a newer revision`
          : `Quote ${quote.number} is ${to}`,
    }),
  );
}
