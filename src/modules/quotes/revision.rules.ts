import { refuse } from '../../shared/failures.js';
import { typeId } from '../../shared/ids.js';
import { quoteMachine } from './quote.states.js';
import { QUOTE_PREFIX, type QuoteRow } from './quote.type.js';

type Revision = Pick<QuoteRow, 'id' | 'number' | 'revision' | 'status'>;

/** Throws QUOTE_SUPERSEDED with the newest revision's number and id where the quote is not that one. */
export function refuseSuperseded(quote: Revision, newest: Revision | undefined, field = ['quoteId']): void {
  const isNewest = newest === undefined || newest.revision <= quote.revision;
  if (isNewest && quote.status !== 'SUPERSEDED') return;
  const instead = isNewest ? '' : `; the newest is revision ${newest.revision}, ${typeId(QUOTE_PREFIX, newest.id)}`;
  throw refuse('QUOTE_SUPERSEDED', `quote ${quote.number} revision ${quote.revision} was superseded${instead}`, field);
}

/**
 * Whether a revision may be followed by a new one: the newest may, and an older one where the newest leads nowhere any
 * more (it was declined, say) and what was offered before is taken up again.
 */
export function assertRevisable(quote: Revision, newest: Revision): void {
  if (quote.id !== newest.id && quoteMachine.allowed(newest.status).length > 0) refuseSuperseded(quote, newest);
}
