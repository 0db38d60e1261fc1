import { EVERYONE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { historyOf } from '../history/index.js';
import { ageSource, freshnessFieldOf } from '../references/index.js';
import { expireQuotesByTheClock } from './actions/expire-quotes.js';
import { QUOTE } from './quote.events.js';
import { quoteExport } from './quote.export.js';
import { quoteLinesById, quotesById } from './quote.loaders.js';
import { quoteResolvers } from './quote.resolver.js';
import { QuoteStreamResolver } from './quote-stream.resolver.js';
import { QUOTE_LINE_PREFIX } from './quote-line.type.js';
import { QUOTE_PREFIX, QuoteType } from './quote.type.js';

const QUOTE_HISTORY = historyOf(QuoteType, { kind: QUOTE, type: 'Quote', prefix: QUOTE_PREFIX, roles: EVERYONE });

/** Offers to customers, until they become orders. */
export const quotes: Module = {
  name: 'quotes',
  resolvers: [...quoteResolvers, QuoteStreamResolver, QUOTE_HISTORY, freshnessFieldOf(QuoteType, QUOTE)],
  upkeep: [expireQuotesByTheClock],
  ages: [ageSource('Quote', QUOTE)],
  exports: [quoteExport],
  nodes: [nodeSource(QUOTE_PREFIX, quotesById, EVERYONE), nodeSource(QUOTE_LINE_PREFIX, quoteLinesById, EVERYONE)],
};

export { createQuote, type QuoteValues } from './actions/create-quote.js';
export { lockQuoteForAction } from './actions/lock-quote.js';
export { expireQuotes } from './actions/expire-quotes.js';
export { acceptQuote } from './actions/accept-quote.js';
export { cancelQuote } from './actions/cancel-quote.js';
export { declineQuote } from './actions/decline-quote.js';
export { refuseExpired } from './actions/move-quote.js';
export { sendQuote } from './actions/send-quote.js';
export { quoteMoved } from './quote.events.js';
export { quotesById } from './quote.loaders.js';
export * from './quote.queries.js';
export { assertQuoteMove, quoteMachine, type QuoteStatus } from './quote.states.js';
export { QUOTE_LINE_PREFIX, type QuoteLineRow } from './quote-line.type.js';
export { QUOTE_PREFIX, QuoteType } from './quote.type.js';
