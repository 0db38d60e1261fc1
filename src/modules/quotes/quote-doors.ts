/** The quotes' actions, finders and types that other modules and the sample company use. */
export { acceptQuote } from './actions/accept-quote.js';
export { approveQuote } from './actions/approve-quote.js';
export { cancelQuote } from './actions/cancel-quote.js';
export { createQuote, type QuoteValues } from './actions/create-quote.js';
export { declineQuote } from './actions/decline-quote.js';
export { expireQuotes } from './actions/expire-quotes.js';
export { lockQuoteForAction } from './actions/lock-quote.js';
export { refuseExpired } from './actions/move-quote.js';
export { rejectQuote } from './actions/reject-quote.js';
export { reviseQuote } from './actions/revise-quote.js';
export { sendQuote } from './actions/send-quote.js';
export { submitQuote } from './actions/submit-quote.js';
export { upsertApprovalRule } from './actions/upsert-approval-rule.js';
export { listPriceOf } from './configuration.rules.js';
export { shippingOf } from './quote-shipping.rules.js';
export { QUOTE, quoteMoved } from './quote.events.js';
export { quotesById } from './quote.loaders.js';
export {
  convertLines,
  moveQuote,
  moveQuotesToContact,
  moveQuotesToCustomer,
  selectLinesOfQuotes,
  selectNewestRevision,
  type LockedQuote,
} from './quote.queries.js';
export { assertQuoteMove, quoteMachine, type QuoteStatus } from './quote.states.js';
export { QUOTE_LINE_PREFIX, type QuoteLineRow } from './quote-line.type.js';
export { QUOTE_PREFIX, QuoteType, type QuoteRow } from './quote.type.js';
export { refuseSuperseded } from './revision.rules.js';
export { upsertExternalQuote } from './actions/upsert-external-quote.js';
export type { ExternalQuoteValues } from './external-quote.type.js';
