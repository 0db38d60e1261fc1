import { compareDecimals, isDecimalText } from '../../shared/decimal.js';
import { show, type Refusals } from '../../shared/failures.js';

export const FACT_KINDS = ['TEXT', 'NUMBER', 'BOOLEAN', 'LIST'] as const;
export type FactKind = (typeof FACT_KINDS)[number];
/** Numbers are decimals as text. */
export type FactValue = string | boolean | readonly string[] | null;

/** Something that can be asked of an order. */
export interface FactDefinition {
  name: string;
  kind: FactKind;
  description: string;
  /** All that it can be, where that is known. */
  values?: readonly string[];
}

export interface Comparison {
  field: string;
  operator: string;
  value: unknown;
}
export type RuleCondition =
  Comparison | { all: readonly RuleCondition[] } | { any: readonly RuleCondition[] } | { not: RuleCondition };

type Test = (actual: FactValue, value: unknown) => boolean;

const isOneOf: Test = (actual, value) => (value as unknown[]).includes(actual);
const isSet: Test = (actual, value) => (actual !== null) === value;
const compared =
  (holds: (order: number) => boolean): Test =>
  (actual, value) =>
    actual !== null && holds(compareDecimals(actual as string, String(value)));
const listed =
  (holds: (list: readonly string[], asked: unknown) => boolean): Test =>
  (actual, value) =>
    holds(actual as readonly string[], value);

/** What can be asked of each kind of fact. What is not known is equal to nothing, and on no side of a number. */
const OPERATORS: Record<FactKind, Record<string, Test>> = {
  TEXT: {
    eq: (actual, value) => actual === value,
    ne: (actual, value) => actual !== value,
    in: isOneOf,
    notIn: (actual, value) => !isOneOf(actual, value),
    isSet,
  },
  NUMBER: {
    eq: compared((order) => order === 0),
    ne: (actual, value) => actual === null || compareDecimals(actual as string, String(value)) !== 0,
    gt: compared((order) => order > 0),
    gte: compared((order) => order >= 0),
    lt: compared((order) => order < 0),
    lte: compared((order) => order <= 0),
    isSet,
  },
  BOOLEAN: { eq: (actual, value) => actual === value },
  LIST: {
    contains: listed((list, value) => list.includes(value as string)),
    containsAny: listed((list, values) => (values as string[]).some((value) => list.includes(value))),
    containsAll: listed((list, values) => (values as string[]).every((value) => list.includes(value))),
    isEmpty: listed((list, value) => (list.length === 0) === value),
  },
};

export function operatorsOf(kind: FactKind): string[] {
  return Object.keys(OPERATORS[kind]);
}

const DEEPEST = 8;
const MOST_PARTS = 200;

/** Refuses what is no condition over these facts, each fault at its path. */
export function checkCondition(
  value: unknown,
  facts: ReadonlyMap<string, FactDefinition>,
  refusals: Refusals,
  path: readonly string[] = ['condition'],
): void {
  const counted = { parts: 0 };
  check(value, [...path], 1);

  function check(part: unknown, at: string[], depth: number): void {
    counted.parts += 1;
    if (counted.parts > MOST_PARTS) {
      if (counted.parts === MOST_PARTS + 1) refuse([...path], `at most ${MOST_PARTS} parts`, 'more');
      return;
    }
    if (depth > DEEPEST) return refuse(at, `at most ${DEEPEST} levels`, part);
    if (!isRecord(part)) return refuse(at, 'a comparison, or one of all, any and not', part);
    const keys = Object.keys(part).sort().join();
    if (keys === 'not') return check(part.not, [...at, 'not'], depth + 1);
    if (keys === 'all' || keys === 'any') return checkEach(part[keys], [...at, keys], depth);
    if (keys !== 'field,operator,value')
      return refuse(at, 'field, operator and value, or one of all, any and not', Object.keys(part));
    checkComparison(part as unknown as Comparison, at);
  }

  function checkEach(parts: unknown, at: string[], depth: number): void {
    if (!Array.isArray(parts) || parts.length === 0) return refuse(at, 'a list of conditions', parts);
    parts.forEach((each, index) => check(each, [...at, String(index)], depth + 1));
  }

  function checkComparison({ field, operator, value: asked }: Comparison, at: string[]): void {
    const fact = typeof field === 'string' ? facts.get(field) : undefined;
    if (!fact) return refuse([...at, 'field'], `one of ${[...facts.keys()].join(', ')}`, field);
    const operators = operatorsOf(fact.kind);
    if (typeof operator !== 'string' || !operators.includes(operator))
      return refuse([...at, 'operator'], `one of ${operators.join(', ')}`, operator);
    const expected = expectedValue(fact, operator);
    if (!expected.fits(asked)) refuse([...at, 'value'], expected.words, asked);
  }

  function refuse(at: string[], expected: string, got: unknown): void {
    refusals.add('INVALID', `${at.join('.')}: expected ${expected}, got ${show(got)}`, at);
  }
}

const MANY = new Set(['in', 'notIn', 'containsAny', 'containsAll']);
const WHETHER = new Set(['isSet', 'isEmpty']);

function expectedValue(
  { kind, values }: FactDefinition,
  operator: string,
): { words: string; fits(value: unknown): boolean } {
  if (kind === 'BOOLEAN' || WHETHER.has(operator))
    return { words: 'true or false', fits: (value) => typeof value === 'boolean' };
  if (kind === 'NUMBER') return { words: 'a whole number, or a decimal as text such as "99.50"', fits: isNumber };
  const words = values ? `one of ${values.join(', ')}` : 'text';
  const fits = (value: unknown) => typeof value === 'string' && (!values || values.includes(value));
  if (!MANY.has(operator)) return { words, fits };
  return {
    words: `a list of ${values ? values.join(', ') : 'texts'}`,
    fits: (value) => Array.isArray(value) && value.length > 0 && value.length <= MOST_PARTS && value.every(fits),
  };
}

function isNumber(value: unknown): boolean {
  return typeof value === 'string' ? isDecimalText(value) : Number.isSafeInteger(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One comparison as it came out. */
export interface Check extends Comparison {
  path: string[];
  actual: FactValue;
  holds: boolean;
}

/** Whether a condition that was checked holds; `checks` are all its comparisons, those too that do not matter any more. */
export function judge(
  condition: RuleCondition | null,
  facts: ReadonlyMap<string, FactDefinition>,
  valueOf: (name: string) => FactValue,
): { holds: boolean; checks: Check[] } {
  const checks: Check[] = [];
  const judged = (part: RuleCondition, path: string[]): boolean => {
    if ('all' in part)
      return part.all.map((each, index) => judged(each, [...path, 'all', String(index)])).every(Boolean);
    if ('any' in part)
      return part.any.map((each, index) => judged(each, [...path, 'any', String(index)])).some(Boolean);
    if ('not' in part) return !judged(part.not, [...path, 'not']);
    const { field, operator, value } = part;
    const actual = valueOf(field);
    const holds = OPERATORS[facts.get(field)!.kind][operator]!(actual, value);
    checks.push({ path, field, operator, value, actual, holds });
    return holds;
  };
  return { holds: condition === null || judged(condition, ['condition']), checks };
}

/** Why it does not hold, in words: the comparisons that came out the other way. */
export function whyNot(checks: readonly Check[]): string {
  const failed = checks.filter(({ holds }) => !holds);
  const said = (failed.length > 0 ? failed : checks).map(
    ({ field, operator, value, actual }) => `${field} is ${show(actual)}, asked for ${operator} ${show(value)}`,
  );
  return said.slice(0, 5).join('; ');
}
