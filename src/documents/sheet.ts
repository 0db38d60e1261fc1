import type { Language } from './languages.js';

/** What a document shows, as data: how it is set on pages is the layout's affair. */
export interface Sheet {
  language: Language;
  /** E.g. "Invoice". */
  title: string;
  number: string;
  /** Who issues it: the name first. */
  issuer: readonly string[];
  parties: readonly Party[];
  facts: readonly Fact[];
  table: SheetTable;
  totals?: readonly Total[];
  /** A smaller table behind the totals, of taxes say. */
  summary?: SheetTable;
  notes?: readonly string[];
  /** Stands at the foot of each page. */
  foot: string;
  /** Stands in the file: the same sheet makes the same bytes. */
  at: Date;
}

export interface Party {
  label: string;
  lines: readonly string[];
}
export interface Fact {
  label: string;
  value: string;
}
export interface Total {
  label: string;
  value: string;
  isStrong?: boolean;
}
export interface SheetTable {
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
}
export interface Column {
  title: string;
  /** In points; "rest" shares what is left. */
  width: number | 'rest';
  isRight?: boolean;
}
export interface Cell {
  text: string;
  /** In small type below the text. */
  detail?: readonly string[];
  /** Is shown as bars too, for scanners. */
  barcode?: string;
  /** An empty box to tick. */
  isBox?: boolean;
}
