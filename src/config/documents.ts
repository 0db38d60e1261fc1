import { numberFormat, type NumberFormat } from '../shared/document-number.js';
import type { SettingTable, SettingValues } from './settings.js';
import { integer, oneOf, onOff, text } from './value-parsers.js';

const INVOICE_TIMES = ['shipment', 'order', 'manual'] as const;
const MOST_LINES = 6;
const LONGEST_LINE = 100;

/** Of documents: who stands on them, when invoices are made and how they are numbered. */
export const DOCUMENT_SETTINGS = {
  HUB_SELLER_NAME: {
    about: 'The seller’s name on invoices; without name, address and tax id nothing can be invoiced.',
    fallback: null,
    shown: 'none',
    expected: 'up to 200 characters',
    parse: text(/^.{1,200}$/),
  },
  HUB_SELLER_ADDRESS: {
    about: 'The seller’s address on documents.',
    fallback: null,
    shown: 'none',
    expected: 'up to 6 lines, separated by semicolons, such as Via Roma 1; 20121 Milano; Italia',
    parse: lines,
  },
  HUB_SELLER_TAX_ID: {
    about: 'The seller’s VAT or tax id on invoices.',
    fallback: null,
    shown: 'none',
    expected: 'up to 60 characters',
    parse: text(/^.{1,60}$/),
  },
  HUB_SELLER_PAYMENT: {
    about: 'How invoices are paid, in words: stands at their end, a bank account say.',
    fallback: null,
    shown: 'nothing is said',
    expected: 'up to 500 characters',
    parse: text(/^.{1,500}$/),
  },
  HUB_SELLER_TIME_ZONE: {
    about: 'Where the seller’s days begin: dates of documents, and the year that a number belongs to.',
    fallback: 'UTC',
    expected: 'an IANA time zone such as Europe/Rome',
    parse: timeZone,
  },
  HUB_INVOICE_AT: {
    about: 'When the hub invoices by itself: as each shipment leaves, as an order is confirmed, or never.',
    fallback: 'shipment',
    expected: INVOICE_TIMES.join(', '),
    parse: oneOf(INVOICE_TIMES),
  },
  HUB_INVOICE_CHANNELS: {
    about: 'Whether it invoices orders by itself that a channel states, too; most channels do that themselves.',
    fallback: 'off',
    expected: 'on or off',
    parse: onOff,
  },
  HUB_INVOICE_NUMBER: {
    about: 'How invoices are numbered; the number begins again with each year.',
    fallback: '{year}/{number:6}',
    expected: 'a text with {year} and {number:<least digits>}',
    parse: (value: string) => numberFormat(value) ?? undefined,
  },
  HUB_CREDIT_NOTE_NUMBER: {
    about: 'The same for credit notes, which have numbers of their own.',
    fallback: 'CN-{year}/{number:6}',
    expected: 'a text with {year} and {number:<least digits>}, unlike HUB_INVOICE_NUMBER',
    parse: (value: string) => numberFormat(value) ?? undefined,
  },
  HUB_DOCUMENT_LINK_HOURS: {
    about: 'For how long a link to a document opens it.',
    fallback: '24',
    expected: 'whole hours from 1 to 8760',
    parse: integer(1, 8760),
  },
} satisfies SettingTable;
type Values = SettingValues<typeof DOCUMENT_SETTINGS>;

export interface DocumentConfig {
  /** Null: not set up, and nothing can be invoiced. */
  readonly seller: {
    readonly name: string;
    readonly address: readonly string[];
    readonly taxId: string;
    readonly payment: string | null;
  } | null;
  readonly timeZone: string;
  readonly invoiceAt: (typeof INVOICE_TIMES)[number];
  readonly isForStated: boolean;
  readonly numbers: Readonly<Record<'INVOICE' | 'CREDIT_NOTE', NumberFormat>>;
  readonly linkHours: number;
}

/** What no variable shows alone. */
export function documentFaults(values: Values): string[] {
  const { HUB_INVOICE_NUMBER: invoices, HUB_CREDIT_NOTE_NUMBER: creditNotes } = values;
  const isTwice =
    invoices && creditNotes && invoices.before === creditNotes.before && invoices.behind === creditNotes.behind;
  const seller = [values.HUB_SELLER_NAME, values.HUB_SELLER_ADDRESS, values.HUB_SELLER_TAX_ID];
  const given = seller.filter((value) => value !== undefined).length;
  return [
    ...(isTwice ? ['HUB_CREDIT_NOTE_NUMBER: expected numbers that HUB_INVOICE_NUMBER does not give'] : []),
    ...(given === 1 || given === 2
      ? ['HUB_SELLER_NAME, HUB_SELLER_ADDRESS, HUB_SELLER_TAX_ID: expected all three or none']
      : []),
  ];
}

export function documentConfig(values: Values): DocumentConfig {
  const { HUB_SELLER_NAME: name, HUB_SELLER_ADDRESS: address, HUB_SELLER_TAX_ID: taxId } = values;
  return Object.freeze({
    seller:
      name && address && taxId
        ? Object.freeze({ name, address: Object.freeze(address), taxId, payment: values.HUB_SELLER_PAYMENT ?? null })
        : null,
    timeZone: values.HUB_SELLER_TIME_ZONE!,
    invoiceAt: values.HUB_INVOICE_AT!,
    isForStated: values.HUB_INVOICE_CHANNELS!,
    numbers: Object.freeze({ INVOICE: values.HUB_INVOICE_NUMBER!, CREDIT_NOTE: values.HUB_CREDIT_NOTE_NUMBER! }),
    linkHours: values.HUB_DOCUMENT_LINK_HOURS!,
  });
}

function lines(value: string): string[] | undefined {
  const parsed = value.split(';').map((line) => line.trim());
  const isFine = parsed.length <= MOST_LINES && parsed.every((line) => line.length > 0 && line.length <= LONGEST_LINE);
  return isFine ? parsed : undefined;
}

function timeZone(value: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
