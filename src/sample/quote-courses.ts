import { convertQuoteToOrder } from '../modules/order-flow/index.js';
import {
  acceptQuote,
  approveQuote,
  cancelQuote,
  declineQuote,
  QUOTE_LINE_PREFIX,
  rejectQuote,
  reviseQuote,
  selectLinesOfQuotes,
  sendQuote,
  submitQuote,
} from '../modules/quotes/index.js';
import type { Actor } from '../shared/actor.js';
import { typeId } from '../shared/ids.js';
import { APPROVERS } from './make-approval-rules.js';
import type { Scope } from './work.js';

/** Who decides on what the sellers submit. */
const APPROVER: Actor = { kind: 'USER', id: null, name: 'Elena Conti' };

/** Something that is done with a quote so many days after it was made. */
export interface Happening {
  days: number;
  /** What it answers is the quote that the next happenings are about. */
  isRevision: boolean;
  act(scope: Scope, quoteId: string, id: string): Promise<{ quoteId: string }>;
}
type Act = Happening['act'];

const does = (days: number, act: Act): Happening => ({ days, isRevision: false, act });
const revises = (days: number, comment: string, lines?: object[]): Happening => ({
  days,
  isRevision: true,
  act: (scope, quoteId) => reviseQuote(scope, { quoteId, comment, ...(lines && { lines: lines as never }) }),
});

const submitted = does(0.1, (scope, quoteId) => submitQuote(scope, { quoteId }));
const approved = (days: number) =>
  does(days, (scope, quoteId) => approveQuote({ ...scope, actor: APPROVER }, { quoteId, comment: 'Fine' }, APPROVERS));
const sent = (days: number) => does(days, (scope, quoteId) => sendQuote(scope, { quoteId }));
const accepted = does(3, (scope, quoteId) => acceptQuote(scope, { quoteId, comment: 'By e-mail' }));
const converted = does(4, (scope, quoteId) => convertQuoteToOrder(scope, { quoteId, allowBackorder: true }));
// Where no rule asked, there is nothing to approve: the company is refused that, and goes on.
const offered = [submitted, approved(0.15), sent(0.2)];
const rejected = does(0.9, (scope, quoteId) =>
  rejectQuote({ ...scope, actor: APPROVER }, { quoteId, comment: 'Not below 15 %' }, APPROVERS),
);

export const COURSE_NAMES = [
  'converted',
  'declined',
  'canceled',
  'rejected',
  'unanswered',
  'revised',
  'converted',
  'subscribed',
  'configured',
  'part',
  'accepted',
  'mended',
  'draft',
  'approved',
  'unanswered',
  'waiting',
] as const;
export type Course = (typeof COURSE_NAMES)[number];

/** What becomes of a quote; `mild`: its lines with a discount that nobody asks about. */
export function courseOf(course: Course, mild: object[]): Happening[] {
  switch (course) {
    case 'draft':
      return [];
    case 'canceled':
      return [does(1, (scope, quoteId) => cancelQuote(scope, { quoteId, comment: 'Superseded by a call' }))];
    case 'waiting':
      return [submitted];
    case 'approved':
      return [submitted, approved(0.15)];
    case 'rejected':
      return [submitted, rejected];
    case 'mended':
      return [submitted, rejected, revises(1.5, 'Within what we may give', mild), sent(1.6)];
    case 'revised':
      return [...offered, revises(2, 'They asked for the same, longer'), sent(2.1), accepted, converted];
    case 'unanswered':
      return offered;
    case 'declined':
      return [...offered, does(4, (scope, quoteId) => declineQuote(scope, { quoteId, comment: 'Too dear' }))];
    case 'accepted':
      return [...offered, accepted];
    case 'part':
      return [...offered, accepted, does(4, convertFirst)];
    default:
      return [...offered, accepted, converted];
  }
}

async function convertFirst(scope: Scope, quoteId: string, id: string): Promise<{ quoteId: string }> {
  const [line] = await scope.tx.query(selectLinesOfQuotes([id]));
  const lines = [{ lineId: typeId(QUOTE_LINE_PREFIX, line!.id), quantity: '1' }];
  return convertQuoteToOrder(scope, { quoteId, lines, allowBackorder: true });
}
