import { isUtf8 } from 'node:buffer';
import { ConnectorFailure } from './failures.js';

/**
 * A string, in which nothing is a number, also one that does not end, so that each character is looked at once; or a number
 * as JSON writes it, which is no name of a field.
 */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\s*:)/g;

/**
 * JSON in which every number comes as its text: ids beyond 2^53 and decimals keep all their digits. Throws a
 * ConnectorFailure of kind `unexpected_shape` for anything that is no JSON in UTF-8.
 */
export function parseJsonExactly(rawBody: Buffer): unknown {
  if (!isUtf8(rawBody)) throw new ConnectorFailure('unexpected_shape', 'body: expected JSON in UTF-8, got other bytes');
  const text = rawBody.toString('utf8');
  try {
    return parse(text);
  } catch (error) {
    // RangeError: nested so deep that the parser gave up.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw new ConnectorFailure('unexpected_shape', `body: expected JSON: ${error.message}`, { cause: error });
  }
}

/**
 * Put in quotes, numbers come as their text: a reviver that is given each value's text takes four times as long. What is no
 * JSON is none with the quotes either, since a number's first digit would stand right behind what they close.
 */
function parse(text: string): unknown {
  const quoted = text.replace(STRING_OR_NUMBER, (found) => (found.startsWith('"') ? found : `"${found}"`));
  return JSON.parse(quoted);
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
