import { badInput } from '../shared/failures.js';

const MAX_LENGTH = 200;
/** From this length on a text is looked for anywhere in a value; a shorter one only where a value begins. */
const ANYWHERE_FROM = 3;

/** The argument that every `text` filter takes, in words for its description. */
export const TEXT_RULE = 'In any case, anywhere in the value; one or two characters only where it begins.';

/**
 * What a `text` filter looks for, as a pattern for LIKE over values that are in lower case, each behind a line break; null
 * where the text is blank, which is as if it were left out.
 */
export function textPattern(text: string | null | undefined): string | null {
  const sought = (text ?? '').replace(/[\t-\r\u2028\u2029]+/g, ' ').trim();
  if (sought === '') return null;
  const { length } = [...sought];
  if (length > MAX_LENGTH) throw badInput('text', `at most ${MAX_LENGTH} characters`, text);
  if (!/[\p{L}\p{N}]/u.test(sought)) throw badInput('text', 'at least one letter or figure', text);
  const escaped = sought.replace(/[\\%_]/g, '\\$&');
  return `%${length < ANYWHERE_FROM ? '\n' : ''}${escaped}%`;
}
