import type { RefusalCode } from '../../shared/failures.js';
import type { CustomerToFindInput } from '../customers/index.js';
import type { OrderContentInput } from '../orders/index.js';
import type { DecimalMark } from './import-orders.type.js';
import type { Column } from './order-columns.rules.js';

/** What is wrong with a row. */
export interface RowError {
  code: RefusalCode;
  message: string;
  column: Column | null;
}
export interface Row {
  number: number;
  values: Partial<Record<Column, string>>;
  errors: RowError[];
}
/** What the rows of one order ask for; without `customer` the file names none. */
export interface Asked {
  content: OrderContentInput;
  customer: CustomerToFindInput | null;
}
export interface OrderRows {
  /** Null: rows that say of no order that they are its. */
  reference: string | null;
  rows: Row[];
  /** Null where a row cannot be read. */
  asked: Asked | null;
}

export interface ReadOptions {
  channel: string;
  /** Where the file names none. */
  currency: string;
  pricesIncludeTax: boolean;
  decimalMark: DecimalMark;
}

export function addError(row: Row, code: RefusalCode, message: string, column: Column | null): void {
  row.errors.push({ code, message, column });
}
