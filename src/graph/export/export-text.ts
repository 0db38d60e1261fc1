import { stringify } from 'csv-stringify/sync';
import type { Money } from '../../shared/money.js';
import { DateTime } from '../scalars.js';
import type { ExportDefinition, ExportField } from './export.js';

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export const EXPORT_TYPES: Record<ExportFormat, string> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
};

export interface ExportRecord {
  node: object;
  children: object[];
}

interface Writer {
  head: string;
  body(records: ExportRecord[]): string;
}

export function writerOf(definition: ExportDefinition, format: ExportFormat): Writer {
  return format === 'csv' ? csvWriter(definition.fields) : jsonWriter(definition);
}

function jsonWriter({ fields, children }: ExportDefinition): Writer {
  const line = ({ node, children: own }: ExportRecord): string => {
    const record = jsonOf(fields, node);
    if (children) record[children.name] = own.map((child) => jsonOf(children.fields, child));
    return `${JSON.stringify(record)}\n`;
  };
  return { head: '', body: (records) => records.map(line).join('') };
}

function jsonOf(fields: ExportField<never>[], node: object): Record<string, unknown> {
  return Object.fromEntries(fields.map((one) => [one.name, jsonValue(one, one.read(node as never))]));
}

function jsonValue({ shape }: ExportField<never>, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  return shape === 'instant' ? DateTime.serialize(value) : value;
}

// RFC 4180: CRLF behind each record, quotes where a cell needs them.
const csv = (rows: unknown[][]): string =>
  stringify(rows, { record_delimiter: 'windows', quote_record_delimiter: true });

function csvWriter(fields: ExportField<never>[]): Writer {
  const head = fields.flatMap(({ name, shape }) =>
    shape === 'money' ? [`${name}.amount`, `${name}.currency`] : [name],
  );
  return {
    head: csv([head]),
    body: (records) => csv(records.map(({ node }) => fields.flatMap((one) => cells(one, one.read(node as never))))),
  };
}

function cells(one: ExportField<never>, value: unknown): string[] {
  if (one.shape === 'money') {
    const money = value as Money | null;
    return [money?.amount ?? '', money?.currency ?? ''];
  }
  if (value === null || value === undefined) return [''];
  if (one.shape === 'json') return [JSON.stringify(value)];
  if (one.shape === 'text') return [harmless(String(value))];
  return [String(jsonValue(one, value))];
}

/** A spreadsheet runs a cell that begins so as a formula: an apostrophe in front makes it text. */
function harmless(text: string): string {
  return /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
}
