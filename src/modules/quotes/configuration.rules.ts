import { exact, isPositive } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import { choiceName, choicesByName, excludesOther, sumOfDeltas, type Choice, type Option } from '../catalog/index.js';
import type { Configured } from './quote-line.type.js';

export interface ConfiguredLine {
  sku: string;
  quantity: string;
  unitPrice?: object | null;
  configuration?: readonly { option: string; choice: string }[] | null;
}
export interface ChosenChoice {
  option: string;
  choice: Choice;
  /** Its place in the input. */
  at: number;
}

/**
 * What was chosen of a product, in the order of its options. Adds what is wrong: names that the product has not, two
 * choices of one option, none of a required one, choices that lack what they require or exclude each other, and amounts
 * that cannot be added to the line's price.
 */
export function chosenOf(
  line: ConfiguredLine,
  options: readonly Option[],
  currency: string,
  lineField: string[],
  refusals: Refusals,
): ChosenChoice[] {
  const field = [...lineField, 'configuration'];
  const chosen = namedChoices(line, options, field, refusals);
  for (const { code, isRequired, choices } of options) {
    if (!isRequired || chosen.some(({ option }) => option === code)) continue;
    const expected = choices.map((choice) => choice.code).join(', ');
    if (!(line.configuration ?? []).some(({ option }) => option === code))
      refusals.add('REQUIRED', `configuration of ${line.sku}: expected a choice of ${code}, one of ${expected}`, field);
  }
  checkTogether(line.sku, chosen, options, field, refusals);
  if (line.unitPrice == null) checkCurrencies(chosen, currency, field, refusals);
  if (
    chosen.some(({ choice }) => choice.sku !== null) &&
    isPositive(line.quantity) &&
    !exact(line.quantity).isInteger()
  )
    refusals.add(
      'INVALID',
      `quantity of ${line.sku}: expected a whole number with parts built in, got ${line.quantity}`,
      [...lineField, 'quantity'],
    );
  const places = new Map(options.map(({ code }, place) => [code, place]));
  return chosen.sort((a, b) => places.get(a.option)! - places.get(b.option)!);
}

function namedChoices(
  { sku, configuration }: ConfiguredLine,
  options: readonly Option[],
  field: string[],
  refusals: Refusals,
): ChosenChoice[] {
  const known = new Map(options.map((option) => [option.code, option]));
  const seen = new Set<string>();
  return (configuration ?? []).flatMap(({ option, choice }, at) => {
    const path = [...field, String(at)];
    const found = known.get(option)?.choices.find(({ code }) => code === choice);
    if (!known.has(option)) {
      const expected = options.length === 0 ? 'none, it has no options' : `one of ${[...known.keys()].join(', ')}`;
      refusals.add('INVALID', `option of ${sku}: expected ${expected}, got "${option}"`, [...path, 'option']);
    } else if (seen.has(option)) {
      refusals.add('INVALID', `option of ${sku}: expected one choice of ${option}, got another`, [...path, 'option']);
    } else if (!found) {
      const expected = known.get(option)!.choices.map(({ code }) => code);
      const message = `choice of ${sku}: expected of ${option} one of ${expected.join(', ')}, got "${choice}"`;
      refusals.add('INVALID', message, [...path, 'choice']);
    }
    const isFirst = !seen.has(option);
    seen.add(option);
    return found && isFirst ? [{ option, choice: found, at }] : [];
  });
}

function checkTogether(
  sku: string,
  chosen: readonly ChosenChoice[],
  options: readonly Option[],
  field: string[],
  refusals: Refusals,
): void {
  const known = choicesByName(options);
  const names = chosen.map(({ option, choice }) => choiceName(option, choice.code));
  chosen.forEach(({ choice, at }, index) => {
    const path = [...field, String(at), 'choice'];
    const own = names[index]!;
    for (const needed of choice.requires)
      if (!names.includes(needed))
        refusals.add('INVALID', `configuration of ${sku}: ${own} requires ${needed}, which is not chosen`, path);
    for (const other of names.slice(0, index))
      if (excludesOther(own, other, known))
        refusals.add('INVALID', `configuration of ${sku}: ${own} does not go together with ${other}`, path);
  });
}

function checkCurrencies(chosen: readonly ChosenChoice[], currency: string, field: string[], refusals: Refusals): void {
  for (const { option, choice, at } of chosen) {
    if (!choice.priceDelta || choice.priceDelta.currency === currency) continue;
    const message = `${choiceName(option, choice.code)} adds to prices in ${choice.priceDelta.currency}, the quote is in ${currency}`;
    refusals.add('CURRENCY_MISMATCH', message, [...field, String(at), 'choice']);
  }
}

/** What the tool chose of each line; where the hub knows the choice, with what it builds in. */
export function statedConfigurations(
  lines: readonly Pick<ConfiguredLine, 'sku' | 'configuration'>[],
  options: ReadonlyMap<string, Option[]>,
): Configured[][] {
  return lines.map(({ sku, configuration }) => {
    const choices = choicesByName(options.get(sku) ?? []);
    return (configuration ?? []).map(({ option, choice }) => ({
      option,
      choice,
      sku: choices.get(choiceName(option, choice))?.choice.sku ?? null,
    }));
  });
}

/**
 * What the price lists say of a product with what was chosen of it: its price and what the choices add. Choices that the
 * product has not add nothing. Null where no list has a price, or a choice adds in another currency.
 */
export function listPriceOf(
  price: string | null,
  chosen: readonly { option: string; choice: string }[],
  options: readonly Option[],
  currency: string,
): string | null {
  if (price === null || chosen.length === 0) return price;
  const known = choicesByName(options);
  const choices = chosen.flatMap(({ option, choice }) => known.get(choiceName(option, choice))?.choice ?? []);
  if (choices.some(({ priceDelta }) => priceDelta && priceDelta.currency !== currency)) return null;
  const sum = exact(price).plus(exact(sumOfDeltas(choices) ?? '0'));
  return sum.isNegative() ? '0' : sum.toFixed();
}
