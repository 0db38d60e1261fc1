import { parse } from 'csv-parse/sync';
import { refuse } from '../../shared/failures.js';

/** A file's rows with their numbers, and what parts their fields. */
export interface Table {
  delimiter: string;
  rows: { number: number; cells: string[] }[];
}

const DELIMITERS = [';', ',', '\t'];
/** Excel writes what it parted the fields by, where it was asked for something of its own. */
const SEPARATOR_ROW = /^sep=(.)\r?\n/i;

/** Reads a table as spreadsheets write it; empty rows are left out. Throws a Refusal where it is none. */
export function readTable(text: string): Table {
  const whole = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (whole.includes('\0')) throw refuse('INVALID', 'csv: it is no text', ['csv']);
  const [stated, delimiter] = SEPARATOR_ROW.exec(whole) ?? ['', mostOf(firstLine(whole))];
  const offset = stated === '' ? 1 : 2;
  const rows = parsed(whole.slice(stated!.length), delimiter!)
    .map((cells, index) => ({ number: index + offset, cells: cells.map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  return { delimiter: delimiter!, rows };
}

function parsed(text: string, delimiter: string): string[][] {
  try {
    return parse(text, { delimiter, relax_column_count: true, skip_empty_lines: false, max_record_size: 100_000 });
  } catch (error) {
    throw refuse('INVALID', `csv: ${(error as Error).message}`, ['csv']);
  }
}

function firstLine(text: string): string {
  return text.replaceAll(/"[^"]*"/g, '').split(/\r?\n/, 1)[0]!;
}

function mostOf(line: string): string {
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, next) => (count(next) > count(best) ? next : best));
}
