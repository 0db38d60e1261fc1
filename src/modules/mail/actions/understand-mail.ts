import type { ActionScope } from '../../../graph/mutation.js';
import { selectSkus } from '../inbound-mail.queries.js';
import { purchaseOrderNumberIn, wordsOf, type Finding, type Reading, type SkuOf } from '../mail-lines.rules.js';
import { readFileText, readText } from '../mail-table.rules.js';
import { ownText } from '../mail-text.rules.js';
import { withoutNull, type ParsedMail } from '../parse-mail.js';

export interface Understood extends Reading {
  purchaseOrderNumber: string | null;
  /** What the sender wrote, for people to read. */
  note: string | null;
}

type Attachment = ParsedMail['attachments'][number];

const MOST_LINES = 3_000;
const MOST_WORDS = 20_000;
const MOST_FILES = 10;
const MAX_FILE_BYTES = 2 * 1024 * 1024;
const MAX_NOTE = 4_000;
/** Attachments that say nothing of an order. */
const SILENT_TYPES = new Set([
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/pgp-signature',
]);
const TEXT_NAME = /\.(csv|tsv|txt)$/i;

/** What the mail asks for, as far as that is beyond doubt, and what of it is not. */
export async function understandMail({ tx }: ActionScope, mail: ParsedMail): Promise<Understood> {
  const own = ownText(mail.text);
  const findings: Finding[] = [];
  const files = textFiles(mail.attachments, findings);
  const lines = own.lines.slice(0, MOST_LINES);
  if (own.lines.length > MOST_LINES)
    findings.push({ place: 'text', text: '', reason: `expected at most ${MOST_LINES} lines, got ${own.lines.length}` });
  const written = lines.map(({ text }) => text);
  const words = new Set([...written, ...files.flatMap(({ text }) => text.split(/\r\n|\r|\n/))].flatMap(fileWords));
  const skuOf = await skusAmong(tx, [...words].slice(0, MOST_WORDS));
  const inText = readText(lines, skuOf);
  const inFiles = files.map(({ name, text }) => readFileText(text, name, skuOf));
  const read = merged(inText, inFiles);
  if (own.hasQuoted && !written.some((line) => line.trim() !== ''))
    findings.push({ place: 'text', text: '', reason: 'only a quoted or forwarded text, which is not read' });
  const { number, doubts } = orderNumber(mail.subject, written);
  const note = [mail.subject, written.join('\n').trim()].filter((part) => part !== '').join('\n\n');
  return {
    lines: read.lines,
    findings: [...read.findings, ...doubts, ...findings],
    purchaseOrderNumber: number,
    note: note.slice(0, MAX_NOTE) || null,
  };
}

/** Fields of a comma-separated file too, quoted or not. */
function fileWords(line: string): string[] {
  const fields = line.length > 1_000 ? [] : line.split(/[,;\t|]/).map((field) => field.replaceAll('"', '').trim());
  return [...wordsOf(line), ...fields.filter((field) => field !== '' && field.length <= 100)];
}

async function skusAmong(tx: ActionScope['tx'], words: readonly string[]): Promise<SkuOf> {
  const asked = [...new Set(words.flatMap((word) => [word, word.toUpperCase()]))];
  const known = new Set((await tx.query(selectSkus(asked))).map(({ sku }) => sku));
  return (word) => (known.has(word) ? word : known.has(word.toUpperCase()) ? word.toUpperCase() : null);
}

function textFiles(attachments: readonly Attachment[], findings: Finding[]): { name: string; text: string }[] {
  const files: { name: string; text: string }[] = [];
  for (const { name, mimeType, isInline, content } of attachments) {
    if (SILENT_TYPES.has(mimeType) || (isInline && mimeType.startsWith('image/'))) continue;
    const isText = TEXT_NAME.test(name) || mimeType === 'text/csv' || mimeType === 'text/plain';
    const reason = !isText
      ? 'an attachment that is neither text nor CSV'
      : content.length > MAX_FILE_BYTES
        ? `expected at most ${MAX_FILE_BYTES} bytes, got ${content.length}`
        : files.length === MOST_FILES
          ? `more than ${MOST_FILES} attachments`
          : null;
    if (reason === null) files.push({ name, text: withoutNull(decoded(content)) });
    else findings.push({ place: name, text: mimeType, reason });
  }
  return files;
}

/** As its first bytes say; else UTF-8, or where it is none, what spreadsheets on Windows write. */
function decoded(content: Buffer): string {
  if (content[0] === 0xff && content[1] === 0xfe) return new TextDecoder('utf-16le').decode(content);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    if (error instanceof TypeError) return new TextDecoder('windows-1252').decode(content);
    throw error;
  }
}

/** What stands in the text and in a file too may be meant once or twice: the file's is taken, the other one told. */
function merged(inText: Reading, inFiles: readonly Reading[]): Reading {
  const filed = inFiles.flatMap(({ lines }) => lines);
  const skus = new Set(filed.map(({ sku }) => sku));
  const twice = inText.lines.filter(({ sku }) => skus.has(sku));
  return {
    lines: [...inText.lines.filter(({ sku }) => !skus.has(sku)), ...filed],
    findings: [
      ...inText.findings,
      ...inFiles.flatMap(({ findings }) => findings),
      ...twice.map(({ sku, quantity, place }) => ({
        place,
        text: `${quantity} x ${sku}`,
        reason: 'the product stands in an attachment too, whose quantity was taken',
      })),
    ],
  };
}

function orderNumber(subject: string, lines: readonly string[]): { number: string | null; doubts: Finding[] } {
  const inLines = lines.filter((line) => line.length <= 300).map(purchaseOrderNumberIn);
  const named = [...new Set([purchaseOrderNumberIn(subject), ...inLines].filter((number) => number !== null))];
  if (named.length <= 1) return { number: named[0] ?? null, doubts: [] };
  const reason = 'more than one number of an order';
  return { number: null, doubts: [{ place: 'text', text: named.join(', ').slice(0, 200), reason }] };
}
