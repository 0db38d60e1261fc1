import type { Statement } from './statement.js';

/** A column of a statement's rows, and how its values are read. */
export interface RowField {
  name: string;
  parse(text: string): unknown;
}

/** A statement whose rows come as one text, and how they are read from it. */
export interface RowsAsText {
  name: string;
  text: string;
  rowsOf(written: string | null): object[];
}

/**
 * The driver takes a row apart value by value, each a piece of memory of its own: for a page of some thousand values that
 * costs more than all else that is done with them. One text costs a fraction of it. PostgreSQL writes the values of a
 * record by the same functions as those of a row, so that the same parsers read them.
 */
export function rowsAsText({ name, text }: Statement, fields: readonly RowField[]): RowsAsText {
  const rowOf = rowMaker(fields);
  return {
    name: `${name}.as-text`,
    text: `select string_agg((whole_row.*)::text, '') as written from (${text}) whole_row`,
    rowsOf: (written) => (written === null ? [] : recordsOf(written).map(rowOf)),
  };
}

/** Data that is changed in a `with` may not stand in a subquery. */
export function canComeAsText({ name, text }: Statement): boolean {
  return name !== '' && /^\s*select\b/i.test(text);
}

const OPEN = '('.charCodeAt(0);
const QUOTE = '"'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const CLOSE = ')'.charCodeAt(0);

/** The values of records as PostgreSQL writes them, one behind the other: `(1,"a, b",)(2,"say ""x""",c)`. */
function recordsOf(text: string): (string | null)[][] {
  const records: (string | null)[][] = [];
  let at = 0;
  while (at < text.length) {
    if (text.charCodeAt(at) !== OPEN) throw new Error(`expected a record at character ${at} of the rows`);
    const record: (string | null)[] = [];
    records.push(record);
    do {
      at += 1;
      const start = at;
      if (text.charCodeAt(at) === QUOTE) {
        at = endOfQuoted(text, at + 1);
        record.push(unquoted(text.slice(start + 1, at)));
        at += 1;
      } else {
        while (!isEnd(text.charCodeAt(at))) at += 1;
        record.push(at === start ? null : text.slice(start, at));
      }
    } while (text.charCodeAt(at) === COMMA);
    at += 1;
  }
  return records;
}

function isEnd(code: number): boolean {
  return code === COMMA || code === CLOSE;
}

/** Where a value in quotes ends; a quote of its own is written twice. */
function endOfQuoted(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (text.charCodeAt(end + 1) === QUOTE) end = text.indexOf('"', end + 2);
  return end;
}

function unquoted(value: string): string {
  return value.includes('"') || value.includes('\\') ? value.replace(/(["\\])\1/g, '$1') : value;
}

/** Writes the function that makes a row, so that all rows of a statement are of one shape, known beforehand. */
function rowMaker(fields: readonly RowField[]): (record: (string | null)[]) => object {
  const parsers = fields.map((field) => field.parse);
  const entries = fields.map(
    ({ name }, at) => `${JSON.stringify(name)}: record[${at}] === null ? null : parsers[${at}](record[${at}])`,
  );
  const make = new Function('parsers', `return (record) => ({ ${entries.join(', ')} });`) as (
    given: typeof parsers,
  ) => (record: (string | null)[]) => object;
  return make(parsers);
}
