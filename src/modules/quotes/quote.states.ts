import { transitionError } from '../../graph/user-errors.js';
import { Refusal } from '../../shared/failures.js';
import { machine } from '../../shared/state-machine.js';

export const QUOTE_STATUSES = [
  'DRAFT',
  'PENDING_APPROVAL',
  'APPROVED',
  'SENT',
  'ACCEPTED',
  'DECLINED',
  'REJECTED',
  'EXPIRED',
  'PARTIALLY_CONVERTED',
  'CONVERTED',
  'SUPERSEDED',
  'CANCELED',
] as const;
export type QuoteStatus = (typeof QUOTE_STATUSES)[number];

/** What each status of a quote may become; walked at start, and the only way a status is written. */
export const quoteMachine = machine<QuoteStatus>('quote', QUOTE_STATUSES, {
  initial: ['DRAFT'],
  moves: {
    DRAFT: ['PENDING_APPROVAL', 'APPROVED', 'SENT', 'ACCEPTED', 'CANCELED', 'SUPERSEDED', 'EXPIRED'],
    PENDING_APPROVAL: ['APPROVED', 'REJECTED', 'CANCELED', 'SUPERSEDED', 'EXPIRED'],
    APPROVED: ['SENT', 'ACCEPTED', 'CANCELED', 'SUPERSEDED', 'EXPIRED'],
    SENT: ['ACCEPTED', 'DECLINED', 'EXPIRED', 'SUPERSEDED', 'CANCELED'],
    ACCEPTED: ['PARTIALLY_CONVERTED', 'CONVERTED', 'EXPIRED', 'CANCELED'],
    PARTIALLY_CONVERTED: ['CONVERTED', 'EXPIRED', 'CANCELED'],
    REJECTED: [],
    DECLINED: [],
    EXPIRED: [],
    CONVERTED: [],
    SUPERSEDED: [],
    CANCELED: [],
  },
});

/** Throws INVALID_TRANSITION with what is allowed, unless the quote may go there. */
export function assertQuoteMove(quote: { number: string; status: QuoteStatus }, to: QuoteStatus): void {
  if (quoteMachine.canMove(quote.status, to)) return;
  throw new Refusal([transitionError(`quote ${quote.number}`, quote.status, to, quoteMachine.allowed(quote.status))]);
}

/** Throws INVALID_TRANSITION unless the quote waits for an approval: a DRAFT must be submitted first. */
export function assertAwaiting(quote: { number: string; status: QuoteStatus }, to: QuoteStatus): void {
  if (quote.status === 'PENDING_APPROVAL') return;
  const allowed = quoteMachine.allowed(quote.status).filter((status) => status !== to);
  throw new Refusal([transitionError(`quote ${quote.number}`, quote.status, to, allowed)]);
}
