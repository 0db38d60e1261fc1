import { documentRoute } from '../../documents/index.js';
import { EVERYONE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { issueWhatIsDue } from './actions/issue-what-is-due.js';
import { invoiceDocument } from './invoice-document.js';
import { invoicesById } from './invoice.loaders.js';
import { invoiceRuleActions } from './invoice.rule-actions.js';
import { InvoiceResolver, OrderInvoicesResolver } from './invoice.resolver.js';
import { invoiceSettings } from './invoice.settings.js';
import { INVOICE_PREFIX } from './invoice.type.js';

/** Invoices and credit notes: what is charged for an order and taken back, numbered without a gap and never changed. */
export const invoices = {
  name: 'invoices',
  settings: [invoiceSettings],
  resolvers: [InvoiceResolver, OrderInvoicesResolver],
  nodes: [nodeSource(INVOICE_PREFIX, invoicesById, EVERYONE)],
  upkeep: [issueWhatIsDue],
  ruleActions: invoiceRuleActions,
  routes: (hub) => [documentRoute(hub, invoiceDocument)],
} satisfies Module;

export { issueCreditNote } from './actions/issue-credit-note.js';
export { issueAllDue } from './actions/issue-what-is-due.js';
export { issueIfDue, issueInvoice } from './actions/issue-invoice.js';
export { INVOICE_PREFIX, InvoiceType } from './invoice.type.js';
