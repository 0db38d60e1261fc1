import { COMPUTED, LEADS_TO, valueOf } from './fields.js';
import { Refusal, type Store } from './store.js';
import { decoded, isDecimalField, type Json, type Row } from './values.js';

type Clause = [string, string, unknown];
export type Domain = unknown[];

/** Whether a record is one that a domain finds: clauses that all hold, or one of those behind "OR". */
export function holds(store: Store, model: string, row: Row, domain: Domain, context: Json): boolean {
  const [first, ...others] = domain;
  const each = (part: unknown): boolean =>
    isClause(part) ? clauseHolds(store, model, row, part, context) : holds(store, model, row, part as Domain, context);
  if (first === 'OR') return others.some(each);
  return (first === 'AND' ? others : domain).every(each);
}

function isClause(part: unknown): part is Clause {
  return Array.isArray(part) && part.length === 3 && typeof part[0] === 'string' && !['OR', 'AND'].includes(part[0]);
}

function clauseHolds(store: Store, model: string, row: Row, [path, operator, wanted]: Clause, context: Json): boolean {
  const value = valueAt(store, model, row, path, context);
  const field = path.split('.').at(-1)!;
  const found = Array.isArray(value) ? (value as unknown[]) : [value];
  const among = (Array.isArray(wanted) ? (wanted as unknown[]) : [wanted]).map(decoded);
  const same = (a: unknown, b: unknown) => a === b || (isDecimalField(field) && Number(a) === Number(b));
  const isAmong = found.some((each) => among.some((one) => same(each ?? null, one)));
  switch (operator) {
    case '=':
    case 'in':
      return isAmong;
    case '!=':
    case 'not in':
      return !isAmong;
    case '>':
      return value != null && (value as number) > (among[0] as number);
    case '<':
      return value != null && (value as number) < (among[0] as number);
    default:
      throw new Refusal(`'${operator}'`, ['']);
  }
}

export function valueAt(store: Store, model: string, row: Row, path: string, context: Json): unknown {
  const [field = '', ...rest] = path.split('.');
  if (!(field in row) && !COMPUTED[model]?.[field]) throw new Refusal(`'${field}'`, ['']);
  const value = valueOf(store, model, row, field, context);
  if (rest.length === 0) return value ?? null;
  const next = LEADS_TO[field]!;
  const target = store.get(next, value);
  return target ? valueAt(store, next, target, rest.join('.'), context) : null;
}
