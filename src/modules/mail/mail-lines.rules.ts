import type { TextLine } from './mail-text.rules.js';

/** A product and a quantity that a mail names without doubt. */
export interface WantedLine {
  sku: string;
  quantity: string;
  place: string;
}
/** What was not understood, where it stands, and why. */
export interface Finding {
  place: string;
  text: string;
  reason: string;
}
export interface Reading {
  lines: WantedLine[];
  findings: Finding[];
}
/** The product's SKU as it is written in the catalog; null where no product has it. */
export type SkuOf = (word: string) => string | null;

const FILLERS = new Set(
  (
    'x × * pcs pc pcs. pz pz. pezzi pezzo piece pieces unit units unità ea each cad nr nr. n n. no no. qty qty. quantity ' +
    'quantità quantita q.tà sku code codice cod cod. art art. item of di'
  ).split(' '),
);
/** A longer line is not read: nobody writes one to order something. */
export const LONGEST_LINE = 1_000;
const LONGEST_SKU = 100;
const UNIT = '(?:x|×|pcs|pc|pz|pezzi|ea)';
const BULLET = /^\s*(?:[-*•·–—]|\(?\d{1,3}[.)])\s+/;
const WORDS =
  /\b(two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|dozzina|cento)\b/i;
const ORDER_NUMBER =
  /(?:\bp\.?o\.?(?![a-z])|\bpurchase order\b|\bour (?:order|ref(?:erence)?)\b|\b(?:ns\.?|nostro|rif\.?) ord(?:ine|\.)?|\bordine (?=n))[\s#:]*(?:number|numero|no\.?|nr\.?|n\.?[°º]?)?[\s#:]*([A-Z0-9][A-Z0-9/_.-]{0,39})/i;

/** A number that can be read in one way alone; null for others: "1.000" may be one or a thousand. */
export function quantityOf(word: string): string | null {
  const bare = new RegExp(`^${UNIT}?\\s*(\\d{1,9})(?:[.,](\\d{1,2}))?\\s*${UNIT}?$`, 'i').exec(word.trim());
  if (!bare) return null;
  const [, whole, part] = bare;
  const quantity = `${BigInt(whole!)}${part ? `.${part}` : ''}`;
  return Number(quantity) === 0 ? null : quantity;
}

/** The customer's own number of the order, where the text names one. */
export function purchaseOrderNumberIn(text: string): string | null {
  const found = ORDER_NUMBER.exec(text)?.[1]?.replace(/[.,]+$/, '');
  return found && /\d/.test(found) ? found : null;
}

/** Whether the rest of the line asks for nothing: "PO 7 SKU-9" may. */
function namesAnOrderAlone(line: string): boolean {
  const rest = purchaseOrderNumberIn(line) === null ? line : line.replace(ORDER_NUMBER, ' ');
  return rest !== line && !/\d/.test(rest) && !WORDS.test(rest);
}

/** Every word of a line that may be a SKU: what the catalog is asked for. */
export function wordsOf(line: string): string[] {
  if (line.length > LONGEST_LINE) return [];
  return [...tokens(line.replace(BULLET, '')), ...fieldsOf(line), ...line.trim().split(/\s{2,}/)].filter(
    (word) => word.length > 0 && word.length <= LONGEST_SKU,
  );
}

/** The fields of a line of a table; one where it is none. */
export function fieldsOf(text: string): string[] {
  return text.split(/\s*[;|\t]\s*/).map((field) => field.trim());
}

/** Reads what people write: a SKU and a quantity in a line, in either order, and nothing else beside them. */
export function readLine({ number, text }: TextLine, skuOf: SkuOf): Reading {
  const place = `line ${number}`;
  const line = text.replace(BULLET, '').trim();
  const nothing: Reading = { lines: [], findings: [] };
  if (line === '') return nothing;
  if (line.length > LONGEST_LINE) {
    return { lines: [], findings: [{ place, text: line.slice(0, 80), reason: 'a line that is too long to be read' }] };
  }
  const fields = fieldsOf(line).filter((field) => field !== '');
  const wanted = fields.length > 2 ? wantedOf(fields, skuOf, isLabel) : wantedOf(tokens(line), skuOf, isFiller);
  if (wanted) return { lines: [{ ...wanted, place }], findings: [] };
  if (namesAnOrderAlone(line) && !tokens(line).some((word) => isProduct(word, skuOf))) return nothing;
  const reason = whyNot(line, skuOf);
  return reason === null ? nothing : { lines: [], findings: [{ place, text: line, reason }] };
}

const isFiller = (word: string) => FILLERS.has(word.toLowerCase());
/** A field beside SKU and quantity that says no number. */
const isLabel = (field: string) => !/\d/.test(field);
const isProduct = (word: string, skuOf: SkuOf) => skuOf(word) !== null && !/^\d+$/.test(word);

function wantedOf(
  words: readonly string[],
  skuOf: SkuOf,
  isBeside: (word: string) => boolean,
): { sku: string; quantity: string } | null {
  const weighty = words.filter((word) => skuOf(word) !== null || !isBeside(word));
  if (weighty.length !== 2) return null;
  const [one, two] = weighty as [string, string];
  const readings = [
    { sku: skuOf(one), quantity: quantityOf(two) },
    { sku: skuOf(two), quantity: quantityOf(one) },
  ].filter(({ sku, quantity }) => sku !== null && quantity !== null);
  // Where both words are a SKU and a number, nobody knows which is meant.
  return readings.length === 1 ? { sku: readings[0]!.sku!, quantity: readings[0]!.quantity! } : null;
}

function tokens(line: string): string[] {
  return line
    .split(/[\s;:|=]+/)
    .flatMap((word) => (/[a-z].*,/i.test(word) ? word.split(',') : [word]))
    .map((word) => word.replaceAll(/^[,("'“”«»]+|[,)"'“”«»!?]+$/g, ''))
    .filter((word) => word !== '' && word !== '-' && word !== '–');
}

/** Null for what plainly orders nothing: greetings and the like, without a number and without a product. */
function whyNot(line: string, skuOf: SkuOf): string | null {
  const words = tokens(line).filter((word) => !isFiller(word));
  const products = words.filter((word) => isProduct(word, skuOf));
  const numbers = words.filter((word) => quantityOf(word) !== null);
  const unclear = words.find((word) => /^\d{1,3}([.,]\d{3})+$/.test(word));
  if (unclear) return `"${unclear}" can be read in two ways`;
  if (products.length > 1) return 'more than one product in one line';
  if (products.length === 1) {
    return numbers.length === 0 ? 'no quantity that can be read' : 'more than a SKU and a quantity in one line';
  }
  if (words.length === 2 && numbers.length === 1) {
    return `no product has the SKU "${words.find((word) => quantityOf(word) === null)}"`;
  }
  if (words.length === 2 && numbers.length === 2) return 'two numbers, and no way to tell SKU from quantity';
  return /\d/.test(line) || WORDS.test(line) ? 'not understood' : null;
}
