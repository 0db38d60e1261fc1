import { DecimalMark } from './import-orders.type.js';

/** Digits enough for any quantity and price; more is a mistake that the database would not take. */
const FORMS = {
  [DecimalMark.COMMA]: { plain: /^\d{1,12}(,\d{1,10})?$/, grouped: /^\d{1,3}(\.\d{3}){1,3},\d{1,10}$/, group: '.' },
  [DecimalMark.POINT]: { plain: /^\d{1,12}(\.\d{1,10})?$/, grouped: /^\d{1,3}(,\d{3}){1,3}\.\d{1,10}$/, group: ',' },
};
const EXAMPLES = { [DecimalMark.COMMA]: '1234,50', [DecimalMark.POINT]: '1234.50' };

/**
 * A number as the file writes them, as an exact decimal; null where it is none. What could be read in two ways, 1.234 in a
 * file with commas say, is none: a thousand times too much is worse than a question.
 */
export function readNumber(text: string, mark: DecimalMark): string | null {
  const { plain, grouped, group } = FORMS[mark];
  if (grouped.test(text)) return text.replaceAll(group, '').replace(',', '.');
  return plain.test(text) ? text.replace(',', '.') : null;
}

export function numberExample(mark: DecimalMark): string {
  return EXAMPLES[mark];
}
