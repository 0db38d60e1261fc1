import { parse } from 'csv-parse/sync';
import { fieldsOf, LONGEST_LINE, quantityOf, readLine, type Reading, type SkuOf } from './mail-lines.rules.js';
import type { TextLine } from './mail-text.rules.js';

/** Where a table's heads say that SKU and quantity stand. */
interface Columns {
  sku: number;
  quantity: number;
  /** Columns that are not read, with their heads. */
  others: { index: number; head: string }[];
}

const SKU_HEADS = new Set(
  'sku,code,item,item code,item no,article,article no,product,product code,part number,part no,codice,codice articolo,cod,cod articolo,articolo'.split(
    ',',
  ),
);
const QUANTITY_HEADS = new Set('quantity,qty,quantità,quantita,qtà,qta,pezzi,pz,pcs,pieces,units'.split(','));
/** What says nothing of which product is wanted, or how much of it. */
const LABEL_HEADS = new Set('description,name,descrizione,nome,um,unit,u m,pos,no,n,riga,line,#,'.split(','));
const MAX_ROWS = 2_000;

/** The lines of a text, those that make a table with heads among them. */
export function readText(lines: readonly TextLine[], skuOf: SkuOf): Reading {
  const reading: Reading = { lines: [], findings: [] };
  let table: { columns: Columns; width: number; split: (text: string) => string[] } | null = null;
  for (const line of lines) {
    if (line.text.length > LONGEST_LINE) {
      add(reading, readLine(line, skuOf));
      continue;
    }
    const split = /[;|\t]/.test(line.text) ? fieldsOf : spacedFields;
    const fields = split(line.text.trim());
    const columns = columnsOf(fields);
    if (columns) {
      table = { columns, width: fields.length, split };
      continue;
    }
    const row: string[] = table ? table.split(line.text.trim()) : [];
    const isRow = table !== null && row.length === table.width;
    if (line.text.trim() !== '' && !isRow) table = null;
    add(reading, isRow ? readRow(row, table!.columns, `line ${line.number}`, skuOf) : readLine(line, skuOf));
  }
  return reading;
}

/** A file of rows, or of lines as people write them. */
export function readFileText(text: string, name: string, skuOf: SkuOf): Reading {
  const rows = rowsOf(text);
  if (typeof rows === 'string') return { lines: [], findings: [{ place: name, text: '', reason: rows }] };
  if (rows.length > MAX_ROWS) {
    const reason = `expected at most ${MAX_ROWS} rows, got ${rows.length}`;
    return { lines: [], findings: [{ place: name, text: '', reason }] };
  }
  const reading: Reading = { lines: [], findings: [] };
  const [head, ...rest] = rows;
  const columns = head ? columnsOf(head) : null;
  if (columns) {
    for (const { index, head: other } of columns.others) {
      if (rest.some((row) => (row[index] ?? '') !== ''))
        reading.findings.push({ place: name, text: other, reason: 'a column that is not read' });
    }
  }
  for (const [index, row] of (columns ? rest : rows).entries()) {
    const number = index + (columns ? 2 : 1);
    const place = `${name}, row ${number}`;
    if (columns) add(reading, readRow(row, columns, place, skuOf));
    else {
      const { lines, findings } = readLine({ number, text: row.join('\t') }, skuOf);
      add(reading, { lines: lines.map(at(place)), findings: findings.map(at(place)) });
    }
  }
  return reading;
}

function at(place: string) {
  return <T extends object>(found: T) => ({ ...found, place });
}

function add(reading: Reading, { lines, findings }: Reading): void {
  reading.lines.push(...lines);
  reading.findings.push(...findings);
}

function spacedFields(text: string): string[] {
  return text.split(/\s{2,}/);
}

function columnsOf(heads: readonly string[]): Columns | null {
  const plain = heads.map((head) =>
    head
      .toLowerCase()
      .replaceAll(/[._\s']+/g, ' ')
      .trim(),
  );
  const skus = indexesIn(plain, SKU_HEADS);
  const quantities = indexesIn(plain, QUANTITY_HEADS);
  if (skus.length !== 1 || quantities.length !== 1) return null;
  const [sku, quantity] = [skus[0]!, quantities[0]!];
  const others = heads.map((head, index) => ({ index, head }));
  return {
    sku,
    quantity,
    others: others.filter(({ index }) => index !== sku && index !== quantity && !LABEL_HEADS.has(plain[index]!)),
  };
}

function indexesIn(heads: readonly string[], known: ReadonlySet<string>): number[] {
  return heads.flatMap((head, index) => (known.has(head) ? [index] : []));
}

function readRow(row: readonly string[], columns: Columns, place: string, skuOf: SkuOf): Reading {
  const code = row[columns.sku]?.trim() ?? '';
  const number = row[columns.quantity]?.trim() ?? '';
  // Nothing of it is wanted, as in forms that list all there is.
  if ((code === '' && number === '') || /^0+([.,]0+)?$/.test(number)) return { lines: [], findings: [] };
  const [sku, quantity] = [skuOf(code), quantityOf(number)];
  if (sku !== null && quantity !== null) return { lines: [{ sku, quantity, place }], findings: [] };
  const reason = sku === null ? `no product has the SKU "${code}"` : `"${number}" is no quantity that can be read`;
  return { lines: [], findings: [{ place, text: row.join(' ').trim(), reason }] };
}

/** Its rows, or why there are none. The delimiter is the one that gives heads; else the one that gives most fields. */
function rowsOf(text: string): string[][] | string {
  const [first = ''] = text.split(/\r\n|\r|\n/, 1);
  const candidates = [';', '\t', ',', '|'].map((delimiter) => ({ delimiter, fields: first.split(delimiter) }));
  const best =
    candidates.find(({ fields }) => columnsOf(fields.map((field) => field.replaceAll('"', '').trim()))) ??
    candidates.toSorted((a, b) => b.fields.length - a.fields.length)[0]!;
  try {
    return parse(text, {
      delimiter: best.delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 10_000,
      to: MAX_ROWS + 2,
    });
  } catch (error) {
    return `no rows that can be read: ${error instanceof Error ? error.message : 'no reason was given'}`;
  }
}
