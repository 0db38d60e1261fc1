import { integer, text } from '../shared/setting-parsers.js';
import { defineSettings } from '../shared/settings.js';
import type { Issuer } from './issuer.js';

export interface DocumentSettings extends Issuer {
  /** For how long a link opens its document. */
  linkHours: number;
}
const MOST_LINES = 6;
const LONGEST_LINE = 100;

/** Who stands on documents, and for how long links open them. */
export const documentSettings = defineSettings(
  'documents',
  {
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
    HUB_DOCUMENT_LINK_HOURS: {
      about: 'For how long a link to a document opens it.',
      fallback: '24',
      expected: 'whole hours from 1 to 8760',
      parse: integer(1, 8760),
    },
  },
  {
    faults: (values) => {
      const seller = [values.HUB_SELLER_NAME, values.HUB_SELLER_ADDRESS, values.HUB_SELLER_TAX_ID];
      const given = seller.filter((value) => value !== undefined).length;
      return given === 1 || given === 2
        ? ['HUB_SELLER_NAME, HUB_SELLER_ADDRESS, HUB_SELLER_TAX_ID: expected all three or none']
        : [];
    },
    read: (values): DocumentSettings => {
      const { HUB_SELLER_NAME: name, HUB_SELLER_ADDRESS: address, HUB_SELLER_TAX_ID: taxId } = values;
      return {
        seller: name && address && taxId ? { name, address, taxId, payment: values.HUB_SELLER_PAYMENT ?? null } : null,
        timeZone: values.HUB_SELLER_TIME_ZONE,
        linkHours: values.HUB_DOCUMENT_LINK_HOURS,
      };
    },
    audit: ({ seller }) => ({
      open: { 'documents.seller': seller && [seller.name, ...seller.address, seller.taxId].join(', ') },
    }),
  },
);

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
