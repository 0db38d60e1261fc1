import { parse as parserOf, type Options } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { Readable } from 'node:stream';
import { refuse } from '../../shared/failures.js';

export interface TableRow {
  number: number;
  cells: string[];
}
/** A file's rows with their numbers, and what parts their fields. */
export interface Table {
  delimiter: string;
  rows: TableRow[];
}
/** How a file is to be read: what parts its fields, where its first row begins, and the number of that. */
export interface Layout {
  delimiter: string;
  start: number;
  firstRow: number;
}

const DELIMITERS = [';', ',', '\t'];
const BYTE_ORDER_MARK = '\uFEFF';
/** Excel writes what it parted the fields by, where it was asked for something of its own. */
const SEPARATOR_ROW = /^sep=(.)\r?\n/i;

/** Reads a table as spreadsheets write it; empty rows are left out. Throws a Refusal where it is none. */
export function readTable(text: string): Table {
  if (text.includes('\0')) throw refuse('INVALID', 'csv: it is no text', ['csv']);
  const { delimiter, start, firstRow } = layoutOf(text);
  const rows = parsed(text.slice(start), delimiter)
    .map((cells, index) => ({ number: index + firstRow, cells: cells.map((cell) => cell.trim()) }))
    .filter(isFilled);
  return { delimiter, rows };
}

/** By how a file begins; `start` counts characters. */
export function layoutOf(head: string): Layout {
  const mark = head.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const text = head.slice(mark.length);
  const [stated, delimiter] = SEPARATOR_ROW.exec(text) ?? ['', mostOf(firstLine(text))];
  return { delimiter: delimiter!, start: mark.length + stated!.length, firstRow: stated === '' ? 1 : 2 };
}

/** The same rows one by one, as they are asked for. Throws a Refusal where they are none. */
export async function* streamTable(source: Readable, { delimiter, firstRow }: Layout): AsyncGenerator<TableRow> {
  const parser = parserOf(optionsFor(delimiter));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let number = firstRow;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      const row = { number, cells: cells.map((cell) => cell.trim()) };
      if (isFilled(row)) yield row;
      number += 1;
    }
  } catch (error) {
    throw unreadable(error);
  } finally {
    source.destroy();
  }
}

function isFilled({ cells }: TableRow): boolean {
  return cells.some((cell) => cell !== '');
}

function optionsFor(delimiter: string): Options {
  return { delimiter, relax_column_count: true, skip_empty_lines: false, max_record_size: 100_000 };
}

function parsed(text: string, delimiter: string): string[][] {
  try {
    return parse(text, optionsFor(delimiter)) as unknown as string[][];
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message: string };
  return String(code).startsWith('CSV_') ? refuse('INVALID', `csv: ${message}`, ['csv']) : error;
}

function firstLine(text: string): string {
  return text.replaceAll(/"[^"]*"/g, '').split(/\r?\n/, 1)[0]!;
}

function mostOf(line: string): string {
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, next) => (count(next) > count(best) ? next : best));
}
