import { documentIssuer, type Language, type Seller } from '../../../documents/index.js';
import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { dayOf } from '../../../shared/clock.js';
import { around } from '../../../shared/document-number.js';
import { refuse } from '../../../shared/failures.js';
import { typeId } from '../../../shared/ids.js';
import { moneyOfMinor } from '../../../shared/money.js';
import { eventsOf, moveOrder, type LockedOrder } from '../../orders/index.js';
import type { DraftLine } from '../due-lines.rules.js';
import { insertInvoice, insertInvoiceLines } from '../invoice.queries.js';
import { invoiceSettings } from '../invoice.settings.js';
import { grossOf, sumTaxes } from '../invoice-share.rules.js';
import { INVOICE_PREFIX, type InvoiceKind } from '../invoice.type.js';
import type { Particulars } from '../particulars.rules.js';

export interface Issued extends Record<string, string> {
  invoiceId: string;
  orderId: string;
}
export interface Draft {
  kind: InvoiceKind;
  order: LockedOrder;
  shipmentId: string | null;
  creditsId: string | null;
  isReopening: boolean;
  reason: string | null;
  language: Language;
  dueDate: string | null;
  lines: readonly DraftLine[];
  particulars: Particulars;
}

/** Throws CONFLICT where it is not said who sells: a document without that is none. */
export function issuerOf(scope: ActionScope): { seller: Seller; timeZone: string } {
  const { seller, timeZone } = scope.service(documentIssuer);
  if (seller) return { seller, timeZone };
  throw refuse('CONFLICT', 'the seller is not set up: HUB_SELLER_NAME, HUB_SELLER_ADDRESS and HUB_SELLER_TAX_ID');
}

export function grossOfLines(lines: readonly DraftLine[], pricesIncludeTax: boolean): bigint {
  return lines.reduce((sum, { figures }) => sum + grossOf(figures, pricesIncludeTax), 0n);
}

/** Issues it, for an order that is locked. The number is taken last: it is missing nowhere if this does not commit. */
export async function writeInvoice(scope: ActionScope, draft: Draft): Promise<Issued> {
  const { tx, now } = scope;
  const { order, kind, lines } = draft;
  const includes = order.prices_include_tax;
  const totalMinor = grossOfLines(lines, includes);
  if (totalMinor < 0n)
    throw refuse(
      'CONFLICT',
      `order ${order.number}: what is left to invoice is below zero; a credit note takes it back`,
    );
  const taxMinor = lines.reduce((sum, { figures }) => sum + sumTaxes(figures.taxLines), 0n);
  const { numbers } = scope.service(invoiceSettings);
  const year = Number(dayOf(now, issuerOf(scope).timeZone).slice(0, 4));
  const { before, behind } = around(numbers[kind], year);
  const [invoiceId, ...lineIds] = await tx.ids.take(lines.length + 1);
  const taken = await tx.one(
    insertInvoice(
      ...[invoiceId, kind, year, now.toISOString(), before, numbers[kind].digits, behind],
      ...[order.id, draft.shipmentId, draft.creditsId, draft.isReopening, draft.reason, draft.language],
      ...[order.currency, includes, taxMinor.toString(), totalMinor.toString(), draft.dueDate],
      JSON.stringify(draft.particulars),
    ),
  );
  tx.defer(linesStatement(invoiceId!, lineIds, lines));
  const total = moneyOfMinor(totalMinor.toString(), order.currency);
  const name = kind === 'INVOICE' ? 'Invoice' : 'Credit note';
  const events = eventsOf(order, scope).add({
    type: 'INVOICE_ISSUED',
    message: `${name} ${taken!.number} issued: ${total.amount} ${total.currency}`,
    data: { invoice: typeId(INVOICE_PREFIX, invoiceId!), number: taken!.number, kind, total },
  });
  tx.defer(moveOrder(order.id, order.status, now.toISOString(), events.count));
  await appendEvents(tx, events.events);
  return { invoiceId: invoiceId!, orderId: order.id };
}

function linesStatement(invoiceId: string, ids: string[], lines: readonly DraftLine[]) {
  return insertInvoiceLines(
    invoiceId,
    ids,
    lines.map((line) => line.source),
    lines.map((line) => line.sourceId),
    lines.map((line) => line.creditsId),
    lines.map((line) => line.sku),
    lines.map((line) => line.description),
    lines.map((line) => line.quantity),
    lines.map((line) => line.unitPrice),
    lines.map(({ figures }) => figures.discountMinor.toString()),
    lines.map(({ figures }) => sumTaxes(figures.taxLines).toString()),
    lines.map(({ figures }) => figures.totalMinor.toString()),
    lines.map(({ figures }) => JSON.stringify(figures.taxLines)),
  );
}
