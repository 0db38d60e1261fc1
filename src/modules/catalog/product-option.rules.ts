import { exact } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import { hasUnitPriceDigits, moneyOfUnitPrice, type Money } from '../../shared/money.js';
import type { ProductOptionInput } from './product-option.type.js';

/** A choice of an option, as it is kept. `requires` and `excludes` name choices as "option:choice". */
export interface Choice {
  code: string;
  name: string;
  sku: string | null;
  priceDelta: Money | null;
  requires: string[];
  excludes: string[];
}
export interface Option {
  code: string;
  name: string;
  isRequired: boolean;
  choices: Choice[];
}

const MOST_OPTIONS = 50;
const MOST_CHOICES = 100;
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export interface OptionsRow {
  sku: string;
  options: Option[];
}

export function optionsBySku(rows: readonly OptionsRow[]): Map<string, Option[]> {
  return new Map(rows.map(({ sku, options }) => [sku, options]));
}

/** How a choice is named from outside its option. */
export function choiceName(option: string, choice: string): string {
  return `${option}:${choice}`;
}

export function statedOptions(input: readonly ProductOptionInput[]): Option[] {
  return input.map(({ code, name, isRequired, choices }) => ({
    code,
    name: name ?? code,
    isRequired: isRequired ?? false,
    choices: choices.map((choice) => ({
      code: choice.code,
      name: choice.name ?? choice.code,
      sku: choice.sku ?? null,
      priceDelta: choice.priceDelta ? moneyOfUnitPrice(choice.priceDelta.amount, choice.priceDelta.currency) : null,
      requires: choice.requires ?? [],
      excludes: choice.excludes ?? [],
    })),
  }));
}

/**
 * Adds what is wrong with options as they are stated. Where nothing is, each choice can be made: all that it requires,
 * directly or by what it requires, fits together.
 */
export function checkOptions(options: readonly Option[], refusals: Refusals): void {
  const before = refusals.errors.length;
  checkNames(options, MOST_OPTIONS, ['options'], refusals);
  options.forEach(({ code, choices }, index) => {
    const field = ['options', String(index), 'choices'];
    if (choices.length === 0) refusals.add('REQUIRED', `choices of ${code}: expected at least one`, field);
    checkNames(choices, MOST_CHOICES, field, refusals);
    choices.forEach((choice, at) => checkDelta(choice, [...field, String(at), 'priceDelta'], refusals));
  });
  checkRelations(options, refusals);
  if (refusals.errors.length === before) checkChoosable(options, refusals);
}

function checkNames(
  named: readonly { code: string; name: string }[],
  most: number,
  field: string[],
  refusals: Refusals,
): void {
  if (named.length > most)
    refusals.add('INVALID', `${field.at(-1)}: expected at most ${most}, got ${named.length}`, field);
  const seen = new Set<string>();
  named.forEach(({ code, name }, index) => {
    const at = [...field, String(index)];
    if (!CODE.test(code)) {
      const message = `code: expected 1 to 64 letters, digits, ".", "-", "_", got "${code}"`;
      refusals.add('INVALID', message, [...at, 'code']);
    } else if (seen.has(code)) refusals.add('INVALID', `code: "${code}" stands twice`, [...at, 'code']);
    seen.add(code);
    if (name.trim() === '') refusals.add('INVALID', `name: expected some text, got "${name}"`, [...at, 'name']);
  });
}

function checkDelta({ priceDelta }: Choice, field: string[], refusals: Refusals): void {
  if (!priceDelta || hasUnitPriceDigits(priceDelta.amount, priceDelta.currency)) return;
  const { amount, currency } = priceDelta;
  refusals.add('INVALID', `priceDelta: expected at most six digits beyond ${currency}, got ${amount}`, [
    ...field,
    'amount',
  ]);
}

function checkRelations(options: readonly Option[], refusals: Refusals): void {
  const known = choicesByName(options);
  options.forEach((option, index) =>
    option.choices.forEach((choice, at) => {
      const own = choiceName(option.code, choice.code);
      const field = ['options', String(index), 'choices', String(at)];
      for (const relation of ['requires', 'excludes'] as const) {
        choice[relation].forEach((name, place) => {
          const path = [...field, relation, String(place)];
          const other = known.get(name);
          if (!other)
            refusals.add('INVALID', `${relation} of ${own}: expected a choice as "option:choice", got "${name}"`, path);
          else if (other.option === option.code)
            refusals.add('INVALID', `${relation} of ${own}: ${name} is of the same option, of which one is made`, path);
          else if (relation === 'excludes' && choice.requires.includes(name))
            refusals.add('INVALID', `${own} both requires and excludes ${name}`, path);
        });
      }
    }),
  );
}

/** Follows what each choice requires: two of one option, or two that exclude each other, can never stand together. */
function checkChoosable(options: readonly Option[], refusals: Refusals): void {
  const known = choicesByName(options);
  options.forEach((option, index) =>
    option.choices.forEach((choice, at) => {
      const own = choiceName(option.code, choice.code);
      const needed = new Set([own]);
      for (const name of needed) for (const next of known.get(name)!.choice.requires) needed.add(next);
      const clash = clashAmong([...needed], known);
      if (!clash) return;
      const message = `${own} can never be chosen: it needs ${clash[0]} and ${clash[1]}, which do not go together`;
      refusals.add('INVALID', message, ['options', String(index), 'choices', String(at), 'requires']);
    }),
  );
}

type Known = Map<string, { option: string; choice: Choice }>;

export function choicesByName(options: readonly Option[]): Known {
  return new Map(
    options.flatMap(({ code, choices }) =>
      choices.map((choice) => [choiceName(code, choice.code), { option: code, choice }] as const),
    ),
  );
}

function clashAmong(names: readonly string[], known: Known): [string, string] | null {
  for (const [index, one] of names.entries()) {
    for (const other of names.slice(index + 1)) {
      const isSameOption = known.get(one)!.option === known.get(other)!.option;
      if (isSameOption || excludesOther(one, other, known)) return [one, other];
    }
  }
  return null;
}

/** Whether one of the two excludes the other: it is enough that one says so. */
export function excludesOther(one: string, other: string, known: Known): boolean {
  const excludes = (name: string, what: string) => known.get(name)?.choice.excludes.includes(what) ?? false;
  return excludes(one, other) || excludes(other, one);
}

/** What the choices add to a unit price, as text; null where nothing does. All are in one currency. */
export function sumOfDeltas(choices: readonly Choice[]): string | null {
  const deltas = choices.flatMap(({ priceDelta }) => (priceDelta ? [exact(priceDelta.amount)] : []));
  return deltas.length === 0 ? null : deltas.reduce((sum, delta) => sum.plus(delta)).toFixed();
}
