import { numberFormat, type NumberFormat } from '../../shared/document-number.js';
import { oneOf, onOff } from '../../shared/setting-parsers.js';
import { defineSettings, unusual } from '../../shared/settings.js';

export interface InvoiceSettings {
  /** When the hub invoices by itself. */
  issueAt: 'SHIPMENT' | 'ORDER' | 'MANUAL';
  /** Whether it does so for what a channel states, too. */
  isForStated: boolean;
  numbers: Readonly<Record<'INVOICE' | 'CREDIT_NOTE', NumberFormat>>;
}
const TIMES = ['shipment', 'order', 'manual'] as const;

/** When invoices are made and how they are numbered. */
export const invoiceSettings = defineSettings(
  'invoices',
  {
    HUB_INVOICE_AT: {
      about: 'When the hub invoices by itself: as each shipment leaves, as an order is confirmed, or never.',
      fallback: 'shipment',
      expected: TIMES.join(', '),
      parse: oneOf(TIMES),
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
  },
  {
    faults: ({ HUB_INVOICE_NUMBER: invoices, HUB_CREDIT_NOTE_NUMBER: creditNotes }) => {
      const isTwice =
        invoices && creditNotes && invoices.before === creditNotes.before && invoices.behind === creditNotes.behind;
      return isTwice ? ['HUB_CREDIT_NOTE_NUMBER: expected numbers that HUB_INVOICE_NUMBER does not give'] : [];
    },
    read: (values): InvoiceSettings => ({
      issueAt: ({ shipment: 'SHIPMENT', order: 'ORDER', manual: 'MANUAL' } as const)[values.HUB_INVOICE_AT],
      isForStated: values.HUB_INVOICE_CHANNELS,
      numbers: { INVOICE: values.HUB_INVOICE_NUMBER, CREDIT_NOTE: values.HUB_CREDIT_NOTE_NUMBER },
    }),
    audit: ({ issueAt, isForStated }, usual) => ({
      open: {
        'invoices.at': unusual(issueAt, usual.issueAt),
        'invoices.isForStated': unusual(isForStated, usual.isForStated, 'on'),
      },
    }),
  },
);
