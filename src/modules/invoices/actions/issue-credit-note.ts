import type { ActionScope } from '../../../graph/mutation.js';
import { compareDecimals, isPositive } from '../../../shared/decimal.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import { minorOfAmount, moneyOfMinor } from '../../../shared/money.js';
import { lockOrderAnd, ORDER_PREFIX, type LockedOrder } from '../../orders/index.js';
import { portionOf, type DraftLine } from '../due-lines.rules.js';
import {
  selectInvoices,
  selectIssuedLines,
  selectLinesOfInvoices,
  selectOrderOfInvoice,
  type IssuedLine,
} from '../invoice.queries.js';
import {
  grossOf,
  isNothing,
  joined,
  leftOf,
  nextShare,
  NO_PORTION,
  spreadGross,
  type Portion,
} from '../invoice-share.rules.js';
import { INVOICE_LINE_PREFIX, INVOICE_PREFIX, type InvoiceLineRow, type InvoiceRow } from '../invoice.type.js';
import type { IssueCreditNoteInput } from '../invoice-input.type.js';
import { issuerOf, writeInvoice, type Issued } from './write-invoice.js';

type Input = Omit<IssueCreditNoteInput, 'idempotencyKey'>;
/** A line of the invoice, and what of it was taken back before. */
interface Open {
  line: InvoiceLineRow;
  whole: Portion;
  before: Portion;
}
const LONGEST_REASON = 500;

/** Takes back an invoice, some of its lines or an amount of it; never more than is left of it. */
export async function issueCreditNote(scope: ActionScope, input: Input): Promise<Issued> {
  const { seller, timeZone } = issuerOf(scope);
  check(input);
  const { order, invoice, open } = await lock(scope, input);
  const lines = input.lines
    ? creditedLines(input.lines, open)
    : input.amount
      ? creditedAmount(input, order, open)
      : rest(open);
  if (lines.length === 0 || lines.every(({ figures }) => isNothing(figures)))
    throw refuse('AMOUNT_EXCEEDED', `nothing is left of invoice ${invoice.number}`, ['invoiceId']);
  return writeInvoice(scope, {
    kind: 'CREDIT_NOTE',
    order,
    shipmentId: null,
    creditsId: invoice.id,
    isReopening: input.invoiceAgain ?? false,
    reason: input.reason.trim(),
    language: invoice.language,
    dueDate: null,
    lines,
    particulars: {
      ...invoice.particulars,
      seller,
      shipment: null,
      credits: { number: invoice.number, issuedAt: invoice.issued_at },
      paidMinor: '0',
      timeZone,
    },
  });
}

function check({ lines, amount, reason, invoiceAgain }: Input): void {
  const refusals = new Refusals();
  const length = reason.trim().length;
  if (length === 0 || length > LONGEST_REASON)
    refusals.add('INVALID', `reason: expected 1 to ${LONGEST_REASON} characters`, ['reason']);
  if (lines != null && amount != null)
    refusals.add('INVALID', 'amount: expected lines or an amount, not both', ['amount']);
  if (lines?.length === 0) refusals.add('REQUIRED', 'lines: expected at least one', ['lines']);
  if (amount != null && invoiceAgain)
    refusals.add('INVALID', 'invoiceAgain: an amount says of no goods that they are to be invoiced', ['invoiceAgain']);
  refusals.throwIfAny();
}

async function lock(
  scope: ActionScope,
  input: Input,
): Promise<{ order: LockedOrder; invoice: InvoiceRow; open: Open[] }> {
  const id = idOf(INVOICE_PREFIX, input.invoiceId);
  const found = id === null ? undefined : await scope.tx.one(selectOrderOfInvoice(id));
  if (!found) throw refuse('NOT_FOUND', `no invoice has the id ${input.invoiceId}`, ['invoiceId']);
  const orderId = typeId(ORDER_PREFIX, found.order_id);
  const { order, rows } = await lockOrderAnd(scope, { orderId }, (key) => [
    selectInvoices([id]),
    selectLinesOfInvoices([id]),
    selectIssuedLines(key),
  ]);
  const [[invoice], lines, issued] = rows as [[InvoiceRow], InvoiceLineRow[], IssuedLine[]];
  if (invoice.kind !== 'INVOICE') throw refuse('CONFLICT', `${invoice.number} is a credit note itself`, ['invoiceId']);
  const open = lines.map((line): Open => {
    const credited = issued.filter(({ credits_id }) => credits_id === line.id).map(portionOf);
    return { line, whole: portionOf(line), before: credited.reduce((sum, one) => joined(sum, one), NO_PORTION) };
  });
  return { order, invoice, open };
}

function creditedLines(asked: NonNullable<Input['lines']>, open: readonly Open[]): DraftLine[] {
  const refusals = new Refusals();
  const seen = new Set<string>();
  const lines = asked.flatMap(({ lineId, quantity }, index): DraftLine[] => {
    const id = idOf(INVOICE_LINE_PREFIX, lineId);
    const found = open.find(({ line }) => line.id === id);
    const field = ['lines', String(index)];
    if (!found || seen.has(lineId)) {
      const message = found ? `lines: ${lineId} is named twice` : `the invoice has no line ${lineId}`;
      refusals.add(found ? 'INVALID' : 'NOT_FOUND', message, [...field, 'lineId']);
      return [];
    }
    seen.add(lineId);
    const left = leftOf(found.whole.quantity, found.before.quantity);
    if (!isPositive(quantity)) refusals.add('INVALID', 'quantity: expected more than 0', [...field, 'quantity']);
    else if (compareDecimals(quantity, left) > 0)
      refusals.add('AMOUNT_EXCEEDED', `quantity: ${left} are left of the line, ${quantity} asked for`, [
        ...field,
        'quantity',
      ]);
    return [drafted(found, quantity)];
  });
  refusals.throwIfAny();
  return lines;
}

function creditedAmount({ amount }: Input, order: LockedOrder, open: readonly Open[]): DraftLine[] {
  const { currency, prices_include_tax: includes } = order;
  if (amount!.currency !== currency)
    throw refuse('CURRENCY_MISMATCH', `amount: expected ${currency}, got ${amount!.currency}`, ['amount', 'currency']);
  const minor = minorOfAmount(amount!.amount, currency);
  if (minor === null || minor <= 0n)
    throw refuse('INVALID', `amount: expected more than 0 with the digits of ${currency}`, ['amount']);
  const rests = open.map(({ whole, before }) => joined(whole, before, -1n).figures);
  const left = rests.reduce((sum, figures) => sum + grossOf(figures, includes), 0n);
  if (minor > left) {
    const { amount: text } = moneyOfMinor(left.toString(), currency);
    throw refuse('AMOUNT_EXCEEDED', `amount: ${text} ${currency} are left of the invoice`, ['amount']);
  }
  return spreadGross(minor, rests, includes)
    .map((figures, index): DraftLine => ({ ...drafted(open[index]!, '0'), figures }))
    .filter(({ figures }) => !isNothing(figures));
}

function rest(open: readonly Open[]): DraftLine[] {
  return open
    .map((one) => {
      const figures = joined(one.whole, one.before, -1n).figures;
      return { ...drafted(one, leftOf(one.whole.quantity, one.before.quantity)), figures };
    })
    .filter(({ figures, quantity }) => !isNothing(figures) || isPositive(quantity));
}

/** What was taken back as an amount before is not taken back again with the goods. */
function drafted({ line, whole, before }: Open, quantity: string): DraftLine {
  const { source, source_id: sourceId, id: creditsId, sku, description, unit_price: unitPrice } = line;
  const share = nextShare(whole, before, quantity);
  const figures = grossOf(share, false) < 0n ? NO_PORTION.figures : share;
  return { source, sourceId, creditsId, sku, description, quantity, unitPrice, figures };
}
