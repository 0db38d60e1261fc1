import type { NewEvent } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { quoteMoved } from '../quote.events.js';
import { lockOtherRevisions, moveQuote } from '../quote.queries.js';
import { quoteMachine, type QuoteStatus } from '../quote.states.js';

interface Revision {
  id: string;
  /** Null where the tool states none: then there are no others. */
  number: string | null;
  revision: number;
  customerId: string;
  integrationId: string;
}

/**
 * A tool's new revision takes the place of its older ones that are still open, whichever comes first. Answers their events,
 * and the step that the revision itself takes where a newer one is there. Throws where the number belongs to another quote.
 */
export async function supersedeRevisions(
  scope: ActionScope,
  { id, number, revision, customerId, integrationId }: Revision,
  status: QuoteStatus,
): Promise<{ events: NewEvent[]; steps: QuoteStatus[] }> {
  if (number === null) return { events: [], steps: [] };
  const others = await scope.tx.query(lockOtherRevisions(number, id, integrationId));
  if (others.some((other) => !other.is_own || other.customer_id !== customerId)) {
    throw refuse('ALREADY_EXISTS', `number: "${number}" is that of another quote`, ['number']);
  }
  if (others.some((other) => other.revision === revision)) {
    const message = `revision: the tool knows revision ${revision} of ${number} under another id`;
    throw refuse('ALREADY_EXISTS', message, ['revision']);
  }
  const older = others.filter((other) => other.revision < revision && quoteMachine.canMove(other.status, 'SUPERSEDED'));
  scope.tx.defer(...older.map((other) => moveQuote(other.id, 'SUPERSEDED', scope.now.toISOString())));
  const message = `Quote ${number} is superseded by a newer revision`;
  const isOlder = others.some((other) => other.revision > revision);
  return {
    events: older.map((other) => quoteMoved(other, scope, other.status, 'SUPERSEDED', { message })),
    steps: isOlder && quoteMachine.canMove(status, 'SUPERSEDED') ? ['SUPERSEDED'] : [],
  };
}
