import { EVERYONE, INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { historyOf } from '../history/index.js';
import { ageSource, freshnessFieldOf } from '../references/index.js';
import { expireQuotesByTheClock } from './actions/expire-quotes.js';
import { ApprovalRuleEntity } from './approval-rule.entity.js';
import { APPROVAL_RULE_PREFIX, ApprovalRuleType } from './approval-rule.type.js';
import { approvalRulesById } from './approval.loaders.js';
import { APPROVAL_RULE, QUOTE } from './quote.events.js';
import { quoteExport } from './quote.export.js';
import { quoteLinesById, quotesById } from './quote.loaders.js';
import { quoteResolvers } from './quote.resolver.js';
import { QuoteStreamResolver } from './quote-stream.resolver.js';
import { QUOTE_LINE_PREFIX } from './quote-line.type.js';
import { QUOTE_PREFIX, QuoteType } from './quote.type.js';

const QUOTE_HISTORY = historyOf(QuoteType, { kind: QUOTE, type: 'Quote', prefix: QUOTE_PREFIX, roles: EVERYONE });
const RULE = { kind: APPROVAL_RULE, type: 'ApprovalRule', prefix: APPROVAL_RULE_PREFIX, roles: INSIDE };
const FIELDS = [QUOTE_HISTORY, historyOf(ApprovalRuleType, RULE), freshnessFieldOf(QuoteType, QUOTE)];

/** Offers to customers: configured, approved and revised, until they become orders. */
export const quotes: Module = {
  name: 'quotes',
  resolvers: [...quoteResolvers, QuoteStreamResolver, ...FIELDS],
  entities: [ApprovalRuleEntity],
  upkeep: [expireQuotesByTheClock],
  ages: [ageSource('Quote', QUOTE)],
  exports: [quoteExport],
  nodes: [
    nodeSource(QUOTE_PREFIX, quotesById, EVERYONE),
    nodeSource(QUOTE_LINE_PREFIX, quoteLinesById, EVERYONE),
    nodeSource(APPROVAL_RULE_PREFIX, approvalRulesById, INSIDE),
  ],
};

export * from './quote-doors.js';
