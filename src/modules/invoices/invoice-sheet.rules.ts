import {
  amountIn,
  dayIn,
  decimalIn,
  moneyIn,
  percentIn,
  postalLines,
  unitPriceIn,
  type Cell,
  type Fact,
  type Language,
  type Party,
  type Sheet,
  type SheetTable,
  type Total,
} from '../../documents/index.js';
import { parseInstant } from '../../shared/clock.js';
import { decimalText, isZero } from '../../shared/decimal.js';
import { moneyOfMinor } from '../../shared/money.js';
import { taxKey, type TaxFigure } from '../tax/index.js';
import { INVOICE_WORDS } from './invoice-words.rules.js';
import type { InvoiceLineRow, InvoiceRow } from './invoice.type.js';

interface Page {
  invoice: InvoiceRow;
  lines: readonly InvoiceLineRow[];
  language: Language;
  words: (typeof INVOICE_WORDS)[Language];
}

/** An invoice or credit note as a sheet, from what was kept when it was issued and nothing else. */
export function invoiceSheet(invoice: InvoiceRow, lines: readonly InvoiceLineRow[], language: Language): Sheet {
  const words = INVOICE_WORDS[language];
  const page: Page = { invoice, lines, language, words };
  const { seller } = invoice.particulars;
  return {
    language,
    title: invoice.kind === 'INVOICE' ? words.invoice : words.creditNote,
    number: invoice.number,
    issuer: [seller.name, ...seller.address, `${words.taxId} ${seller.taxId}`],
    parties: partiesOf(page),
    facts: factsOf(page),
    table: articles(page),
    totals: totalsOf(page),
    summary: taxes(page),
    notes: notesOf(page),
    foot: [seller.name, ...seller.address, `${words.taxId} ${seller.taxId}`].join(' · '),
    at: parseInstant(invoice.issued_at),
  };
}

function partiesOf({ invoice, language, words }: Page): Party[] {
  const { buyer, shipTo } = invoice.particulars;
  const postal = postalLines(buyer.address, language);
  const named = buyer.name === null || postal.includes(buyer.name) ? postal : [buyer.name, ...postal];
  const billed = buyer.taxId === null ? named : [...named, `${words.taxId} ${buyer.taxId}`];
  const shipped = postalLines(shipTo, language);
  const isElsewhere = shipped.length > 0 && shipped.join('\n') !== postal.join('\n');
  return [{ label: words.billTo, lines: billed }, ...(isElsewhere ? [{ label: words.shipTo, lines: shipped }] : [])];
}

function factsOf({ invoice, language, words }: Page): Fact[] {
  const { order, shipment, credits, buyer, timeZone } = invoice.particulars;
  const day = (at: string) => dayIn(language, parseInstant(at), timeZone);
  const facts: [string, string | null][] = [
    [words.date, day(invoice.issued_at)],
    [words.due, invoice.due_date && dayIn(language, parseInstant(`${invoice.due_date}T00:00:00Z`), 'UTC')],
    [words.credits, credits && `${credits.number}, ${day(credits.issuedAt)}`],
    [words.order, order.number],
    [words.ordered, day(order.placedAt)],
    [words.purchaseOrder, order.purchaseOrderNumber],
    [words.customer, buyer.number],
    [words.shipment, shipment && shipment.number],
    [words.shipped, shipment && day(shipment.shippedAt)],
    [words.reason, invoice.reason],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function articles({ invoice, lines, language, words }: Page): SheetTable {
  const { currency } = invoice;
  const rows = lines.map((line): Cell[] => {
    const isAmount = isZero(line.quantity);
    const discount =
      line.discount_minor === '0' ? [] : [`${words.discount} ${amountIn(language, line.discount_minor, currency)}`];
    const detail = [...(line.sku === null ? [] : [line.sku]), ...discount];
    const rates = line.tax_lines.map(({ rate }) => percentIn(language, rate));
    return [
      { text: line.description, detail },
      { text: isAmount ? '' : decimalIn(language, decimalText(line.quantity)) },
      { text: isAmount ? '' : unitPriceIn(language, line.unit_price, currency) },
      { text: rates.join(', ') },
      { text: amountIn(language, line.total_minor, currency) },
    ];
  });
  return {
    columns: [
      { title: words.article, width: 'rest' },
      { title: words.quantity, width: 52, isRight: true },
      { title: words.unitPrice, width: 74, isRight: true },
      { title: words.tax, width: 44, isRight: true },
      { title: `${words.amount} ${currency}`, width: 82, isRight: true },
    ],
    rows,
  };
}

function totalsOf({ invoice, language, words }: Page): Total[] {
  const { currency, prices_include_tax: includes, total_minor: total, tax_minor: tax, kind } = invoice;
  const money = (minor: bigint | string) => moneyIn(language, moneyOfMinor(minor.toString(), currency));
  const paid = BigInt(invoice.particulars.paidMinor);
  const net = BigInt(total) - BigInt(tax);
  const sums: Total[] = includes
    ? [
        { label: words.total, value: money(total), isStrong: true },
        { label: words.includedTax, value: money(tax) },
      ]
    : [
        { label: words.net, value: money(net) },
        { label: words.taxTotal, value: money(tax) },
        { label: words.total, value: money(total), isStrong: true },
      ];
  if (kind === 'CREDIT_NOTE' || paid === 0n) return sums;
  const open = BigInt(total) - paid;
  return [
    ...sums,
    { label: words.paid, value: money(-paid) },
    { label: words.open, value: money(open), isStrong: true },
  ];
}

function taxes({ invoice, lines, language, words }: Page): SheetTable {
  const merged = new Map<string | null, TaxFigure>();
  for (const tax of lines.flatMap((line) => line.tax_lines)) {
    const known = merged.get(taxKey(tax));
    const sum = (field: 'taxable' | 'amount') => (BigInt(known?.[field] ?? 0) + BigInt(tax[field])).toString();
    merged.set(taxKey(tax), { ...tax, taxable: sum('taxable'), amount: sum('amount') });
  }
  return {
    columns: [
      { title: words.taxName, width: 'rest' },
      { title: words.rate, width: 50, isRight: true },
      { title: words.taxable, width: 86, isRight: true },
      { title: words.taxAmount, width: 80, isRight: true },
    ],
    rows: [...merged.values()].map((tax): Cell[] => [
      { text: tax.name },
      { text: percentIn(language, tax.rate) },
      { text: amountIn(language, tax.taxable, invoice.currency) },
      { text: amountIn(language, tax.amount, invoice.currency) },
    ]),
  };
}

function notesOf({ invoice, lines, words }: Page): string[] {
  const isReverse = lines.some((line) => line.tax_lines.some(({ exemption }) => exemption === 'REVERSE_CHARGE'));
  const { payment } = invoice.particulars.seller;
  return [
    ...(isReverse ? [words.reverseCharge] : []),
    ...(invoice.prices_include_tax ? [words.includesTax] : []),
    ...(payment !== null && invoice.kind === 'INVOICE' ? [payment] : []),
  ];
}
