import { isUtf8 } from 'node:buffer';
import { ConnectorFailure } from './failures.js';

const BACKSLASH = '\\'.charCodeAt(0);
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\s*:)/y;
/** What is nested deeper could be read, but not written again. */
const MOST_NESTED = 500;

/**
 * JSON in which every number comes as its text: ids beyond 2^53 and decimals keep all their digits. Throws a
 * ConnectorFailure of kind `unexpected_shape` for anything that is no JSON in UTF-8.
 */
export function parseJsonExactly(rawBody: Buffer): unknown {
  if (!isUtf8(rawBody)) throw new ConnectorFailure('unexpected_shape', 'body: expected JSON in UTF-8, got other bytes');
  const text = rawBody.toString('utf8');
  try {
    return JSON.parse(withNumbersQuoted(text));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw new ConnectorFailure('unexpected_shape', `body: expected JSON: ${error.message}`, { cause: error });
  }
}

/**
 * Put in quotes, numbers come as their text; a reviver that is given each value's text takes some times as long. What is no
 * JSON stays none: a number's first digit stands right behind whatever its quotes would close, and what is the name of a
 * field is left as it is.
 */
function withNumbersQuoted(text: string): string {
  let quoted = '';
  let behind = 0;
  let nested = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!;
    if (sign === '"') at = endOfText(text, at);
    else if (sign === ']' || sign === '}') nested -= 1;
    else if (sign === '[' || sign === '{') {
      nested += 1;
      if (nested > MOST_NESTED) throw new RangeError(`nested more than ${MOST_NESTED} deep`);
    } else if (sign === '-' || (sign >= '0' && sign <= '9')) {
      NUMBER.lastIndex = at;
      if (!NUMBER.test(text)) continue;
      quoted += `${text.slice(behind, at)}"${text.slice(at, NUMBER.lastIndex)}"`;
      behind = NUMBER.lastIndex;
      at = behind - 1;
    }
  }
  return quoted + text.slice(behind);
}

/** Where a text in quotes ends, or all does; a quote behind an odd number of backslashes is its own. */
function endOfText(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    if ((end - first) % 2 === 0) return end;
  }
  return text.length;
}

/** The same, but undefined for what is no JSON: for a glance at a body whose fault is reported when it is taken. */
export function glanceAtJson(rawBody: Buffer): unknown {
  try {
    return parseJsonExactly(rawBody);
  } catch (error) {
    if (error instanceof ConnectorFailure) return undefined;
    throw error;
  }
}
