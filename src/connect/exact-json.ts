import { isUtf8 } from 'node:buffer';
import { ConnectorFailure } from './failures.js';

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
// The compiler's library does not know the reviver's third argument yet.
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * JSON in which every number comes as its text: ids beyond 2^53 and decimals keep all their digits. Throws a
 * ConnectorFailure of kind `unexpected_shape` for anything that is no JSON in UTF-8.
 */
export function parseJsonExactly(rawBody: Buffer): unknown {
  if (!isUtf8(rawBody)) throw new ConnectorFailure('unexpected_shape', 'body: expected JSON in UTF-8, got other bytes');
  try {
    return parse(rawBody.toString('utf8'), (_, value, { source }) => (typeof value === 'number' ? source : value));
  } catch (error) {
    // RangeError: nested so deep that the parser gave up.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw new ConnectorFailure('unexpected_shape', `body: expected JSON: ${error.message}`, { cause: error });
  }
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
