import { describe, expect, test } from '@jest/globals';
import {
  checkCondition,
  judge,
  whyNot,
  type FactDefinition,
  type FactValue,
  type RuleCondition,
} from '../../../src/modules/automation/condition.rules.js';
import { holdReasonOf, reasonToCut } from '../../../src/modules/automation/run.rules.js';
import { seedRules } from '../../../src/modules/automation/seed-rules.js';
import { pausesOf, readTriggers } from '../../../src/modules/automation/trigger.rules.js';
import { ORDER_FACTS } from '../../../src/modules/automation/order-facts.rules.js';
import { Refusals } from '../../../src/shared/failures.js';

const FACTS = new Map<string, FactDefinition>(
  [
    { name: 'color', kind: 'TEXT' as const, values: ['red', 'blue'] },
    { name: 'size', kind: 'NUMBER' as const },
    { name: 'isNew', kind: 'BOOLEAN' as const },
    { name: 'tags', kind: 'LIST' as const },
  ].map((fact) => [fact.name, { description: '', ...fact }]),
);
const VALUES: Record<string, FactValue> = { color: 'red', size: '10.50', isNew: true, tags: ['a', 'b'] };

const holds = (condition: RuleCondition | null, values = VALUES) =>
  judge(condition, FACTS, (name) => values[name]!).holds;
const is = (field: string, operator: string, value: unknown): RuleCondition => ({ field, operator, value });
const faults = (condition: unknown) => {
  const refusals = new Refusals();
  checkCondition(condition, FACTS, refusals);
  return refusals.errors.map(({ field }) => field!.join('.'));
};

test('a condition that is left out holds of everything', () => {
  expect(holds(null)).toBe(true);
});

test.each<[string, string, unknown, boolean]>([
  ['color', 'eq', 'red', true],
  ['color', 'ne', 'red', false],
  ['color', 'in', ['blue', 'red'], true],
  ['color', 'notIn', ['blue'], true],
  ['color', 'isSet', true, true],
  ['size', 'eq', '10.5', true],
  ['size', 'ne', 10, true],
  ['size', 'gt', 10, true],
  ['size', 'gt', '10.50', false],
  ['size', 'gte', '10.50', true],
  ['size', 'lt', 9, false],
  ['size', 'lte', 11, true],
  ['isNew', 'eq', false, false],
  ['tags', 'contains', 'a', true],
  ['tags', 'containsAny', ['c', 'b'], true],
  ['tags', 'containsAll', ['a', 'c'], false],
  ['tags', 'isEmpty', false, true],
])('%s %s %j is %s', (field, operator, value, expected) => {
  expect(faults(is(field, operator, value))).toEqual([]);
  expect(holds(is(field, operator, value))).toBe(expected);
});

test('what is not known is equal to nothing and on no side of a number', () => {
  const nothing = { ...VALUES, color: null, size: null };
  for (const condition of [
    is('color', 'eq', 'red'),
    is('color', 'in', ['red']),
    is('size', 'gt', 0),
    is('size', 'lte', 0),
  ])
    expect(holds(condition, nothing)).toBe(false);
  for (const condition of [is('color', 'ne', 'red'), is('color', 'isSet', false), is('size', 'ne', 0)])
    expect(holds(condition, nothing)).toBe(true);
});

test('all, any and not may stand in one another, and every comparison is told', () => {
  const condition = {
    all: [is('isNew', 'eq', true), { any: [is('size', 'gt', 100), { not: is('color', 'eq', 'blue') }] }],
  };
  const { holds: held, checks } = judge(condition, FACTS, (name) => VALUES[name]!);
  expect(held).toBe(true);
  expect(checks.map(({ path, holds }) => [path.join('.'), holds])).toEqual([
    ['condition.all.0', true],
    ['condition.all.1.any.0', false],
    ['condition.all.1.any.1.not', false],
  ]);
  expect(whyNot(checks)).toBe('size is "10.50", asked for gt 100; color is "red", asked for eq "blue"');
});

test('what is no condition is refused at its path', () => {
  let deep: unknown = is('isNew', 'eq', true);
  for (let level = 0; level < 8; level += 1) deep = { not: deep };
  const cases: [unknown, string[]][] = [
    ['text', ['condition']],
    [{}, ['condition']],
    [{ all: [], any: [] }, ['condition']],
    [{ all: [] }, ['condition.all']],
    [{ any: [1] }, ['condition.any.0']],
    [is('constructor', 'eq', 1), ['condition.field']],
    [is('color', 'constructor', 1), ['condition.operator']],
    [is('color', 'eq', 'green'), ['condition.value']],
    [is('color', 'in', 'red'), ['condition.value']],
    [is('size', 'gt', 0.1), ['condition.value']],
    [is('size', 'gt', 'ten'), ['condition.value']],
    [is('isNew', 'eq', 1), ['condition.value']],
    [{ ...is('isNew', 'eq', true), also: 1 }, ['condition']],
    [{ any: Array(300).fill(is('isNew', 'eq', true)) }, ['condition']],
    [deep, [`condition${'.not'.repeat(8)}`]],
  ];
  for (const [condition, paths] of cases) expect([condition, faults(condition)]).toEqual([condition, paths]);
});

describe('triggers', () => {
  const event = { type: 'STATUS_CHANGED', status_from: 'RECEIVED', status_to: 'CONFIRMED' };

  test('an event of the type, or one that brings the order to the status', () => {
    expect(pausesOf([{ event: 'STATUS_CHANGED' }], event)).toEqual([0]);
    expect(pausesOf([{ event: 'EDITED' }], event)).toEqual([]);
    expect(pausesOf([{ status: 'CONFIRMED' }, { status: 'CONFIRMED', afterMinutes: 5 }], event)).toEqual([0, 5]);
    expect(pausesOf([{ status: 'CONFIRMED' }], { ...event, status_from: 'CONFIRMED' })).toEqual([]);
  });

  test('each is one thing', () => {
    const refusals = new Refusals();
    readTriggers([{}, { event: 'EDITED', afterMinutes: 5 }, { status: 'GONE' }], refusals);
    expect(refusals.errors.map(({ field }) => field!.join('.'))).toEqual([
      'triggers.0.event',
      'triggers.1.afterMinutes',
      'triggers.2.status',
    ]);
  });
});

test('a loop is cut by its depth and by how often the rule acted', () => {
  expect([reasonToCut(5, 19), reasonToCut(0, 0)]).toEqual([null, null]);
  expect(reasonToCut(6, 0)).toContain('6 runs');
  expect(reasonToCut(0, 20)).toContain('20 times');
});

test('what a rule was refused is held for its reason, and not again where the order is held already', () => {
  const error = (code: 'ON_HOLD' | 'TAX_MISSING' | 'CONFLICT') => ({ code, message: '' });
  expect(holdReasonOf([error('ON_HOLD')])).toBeNull();
  expect(holdReasonOf([error('CONFLICT'), error('TAX_MISSING')])).toBe('TAX');
  expect(holdReasonOf([error('CONFLICT')])).toBe('MANUAL');
});

describe('the rules that a hub begins with', () => {
  const codes = (has: (code: string) => boolean) => seedRules(14, has).map(({ code }) => code);

  test('are those whose actions it has', () => {
    expect(codes((code) => code === 'CONFIRM_ORDER')).toEqual(['confirm-on-arrival']);
    expect(codes(() => true)).toEqual(expect.arrayContaining(['release-when-paid', 'invoice-at-shipment']));
  });

  test('stand up to the checks of rules that people write', () => {
    for (const { condition, triggers } of seedRules(14, () => true)) {
      const refusals = new Refusals();
      if (condition) checkCondition(condition, ORDER_FACTS, refusals);
      readTriggers(triggers, refusals);
      expect(refusals.errors).toEqual([]);
    }
  });
});
