import {
  dayIn,
  decimalIn,
  postalLines,
  type Cell,
  type Issuer,
  type Language,
  type Sheet,
} from '../../documents/index.js';
import type { Address } from '../../graph/values.type.js';
import { decimalText } from '../../shared/decimal.js';

/** What is picked and packed, whatever asks for it: goods of one order at one location. No prices. */
export interface Dispatch {
  number: string;
  at: Date;
  order: { number: string; purchaseOrderNumber: string | null };
  location: { code: string; name: string; address: Address | null };
  shipTo: Address | null;
  carrier: string | null;
  trackingNumber: string | null;
  lines: readonly { sku: string; description: string; quantity: string }[];
}

const en = {
  packingSlip: 'Packing slip',
  pickList: 'Pick list',
  shipTo: 'Ship to',
  from: 'From',
  date: 'Date',
  order: 'Order',
  purchaseOrder: 'Your order no.',
  carrier: 'Carrier',
  tracking: 'Tracking no.',
  location: 'Location',
  article: 'Article',
  quantity: 'Quantity',
  picked: 'Picked',
  sku: 'SKU',
  checked: 'Please check the goods against this list. It is no invoice.',
};
const it: typeof en = {
  packingSlip: 'Distinta di imballaggio',
  pickList: 'Lista di prelievo',
  shipTo: 'Destinazione',
  from: 'Partenza',
  date: 'Data',
  order: 'Ordine',
  purchaseOrder: 'Vs. ordine n.',
  carrier: 'Corriere',
  tracking: 'Tracking n.',
  location: 'Magazzino',
  article: 'Articolo',
  quantity: 'Quantità',
  picked: 'Prelevato',
  sku: 'Codice',
  checked: 'Si prega di verificare la merce con questa distinta. Non è una fattura.',
};
const WORDS: Readonly<Record<Language, typeof en>> = { en, it };

/** What goes into the parcel. */
export function packingSlip(dispatch: Dispatch, issuer: Issuer, language: Language): Sheet {
  const words = WORDS[language];
  const { lines, shipTo } = dispatch;
  return {
    ...sheetOf(dispatch, issuer, language),
    title: words.packingSlip,
    parties: [{ label: words.shipTo, lines: postalLines(shipTo, language) }],
    table: {
      columns: [
        { title: words.article, width: 'rest' },
        { title: words.quantity, width: 70, isRight: true },
      ],
      rows: lines.map(({ sku, description, quantity }): Cell[] => [
        { text: description, detail: [sku] },
        { text: decimalIn(language, decimalText(quantity)) },
      ]),
    },
    notes: [words.checked],
  };
}

/** What whoever walks along the shelves takes along: SKUs to scan, and boxes to tick. */
export function pickList(dispatch: Dispatch, issuer: Issuer, language: Language): Sheet {
  const words = WORDS[language];
  const { lines, location, shipTo } = dispatch;
  const from = [...new Set([location.name, ...postalLines(location.address, language)])];
  return {
    ...sheetOf(dispatch, issuer, language),
    title: words.pickList,
    parties: [
      { label: words.from, lines: from },
      { label: words.shipTo, lines: postalLines(shipTo, language) },
    ],
    table: {
      columns: [
        { title: words.sku, width: 150 },
        { title: words.article, width: 'rest' },
        { title: words.quantity, width: 60, isRight: true },
        { title: words.picked, width: 46 },
      ],
      rows: lines.map(({ sku, description, quantity }): Cell[] => [
        { text: sku, barcode: sku },
        { text: description },
        { text: decimalIn(language, decimalText(quantity)) },
        { text: '', isBox: true },
      ]),
    },
  };
}

function sheetOf(dispatch: Dispatch, { seller, timeZone }: Issuer, language: Language) {
  const words = WORDS[language];
  const { number, at, order, location, carrier, trackingNumber } = dispatch;
  const facts: [string, string | null][] = [
    [words.date, dayIn(language, at, timeZone)],
    [words.order, order.number],
    [words.purchaseOrder, order.purchaseOrderNumber],
    [words.location, location.code],
    [words.carrier, carrier],
    [words.tracking, trackingNumber],
  ];
  const issuer = seller ? [seller.name, ...seller.address] : [location.name];
  return {
    language,
    number,
    at,
    issuer,
    facts: facts.flatMap(([label, value]) => (value ? [{ label, value }] : [])),
    foot: issuer.join(' · '),
  };
}
