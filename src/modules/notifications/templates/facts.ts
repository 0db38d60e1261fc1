import { decimalText } from '../../../shared/decimal.js';
import type { Money } from '../../../shared/money.js';
import type { Language, Template } from '../notification.rules.js';
import type { LetterBody } from './write-letter.js';

interface Goods {
  description: string;
  sku: string;
  quantity: string;
}

/** What a letter may tell, as it is when it is written. */
export interface Facts {
  language: Language;
  order: { number: string; purchaseOrderNumber: string | null; customerName: string | null; total: Money };
  lines: Goods[];
  shipment: {
    number: string;
    status: string;
    carrier: string | null;
    trackingNumber: string | null;
    /** The carrier’s own page. */
    trackingUrl: string | null;
    /** Where the customer follows it without a login. */
    pageUrl: string;
    lines: Goods[];
  } | null;
  refunded: Money | null;
  hold: { reason: string; note: string | null } | null;
}

/** Writes one letter in each language. Named functions with types instead of a language of templates: what is missing does not compile. */
export type LetterTemplate = (facts: Facts) => LetterBody;
export type LetterTemplates = Record<Template, LetterTemplate>;

const LOCALES: Record<Language, string> = { en: 'en-GB', it: 'it-IT' };
const MOST_ROWS = 50;

export function moneyText({ amount, currency }: Money, language: Language): string {
  const format = new Intl.NumberFormat(LOCALES[language], { style: 'currency', currency, useGrouping: 'always' });
  // The digits as they stand: a number would round large amounts.
  return format.format(amount as Intl.StringNumericLiteral);
}

export function quantityText(quantity: string, language: Language): string {
  const format = new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 10, useGrouping: false });
  return format.format(decimalText(quantity) as Intl.StringNumericLiteral);
}

/** Rows of what is in an order or a parcel; of very many the first. */
export function rowsOf(lines: readonly Goods[], language: Language): string[][] {
  const rows = lines
    .slice(0, MOST_ROWS)
    .map(({ description, sku, quantity }) => [
      description === sku ? sku : `${description} (${sku})`,
      quantityText(quantity, language),
    ]);
  const rest = lines.length - rows.length;
  const more = { en: `and ${rest} more`, it: `e altri ${rest}` }[language];
  return rest > 0 ? [...rows, [more, '']] : rows;
}

export function greeting({ language, order }: Facts): string {
  const hello = { en: 'Hello', it: 'Buongiorno' }[language];
  return order.customerName ? `${hello} ${order.customerName},` : `${hello},`;
}

export function ownNumber({ order, language }: Facts): string {
  if (!order.purchaseOrderNumber) return '';
  return { en: ` (your number ${order.purchaseOrderNumber})`, it: ` (Vs. numero ${order.purchaseOrderNumber})` }[
    language
  ];
}
