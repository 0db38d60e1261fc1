import { GraphQLError } from 'graphql';
import { isOutage } from '../db/outage.js';
import { RequestError } from '../shared/failures.js';
import type { Log } from '../shared/log.js';

const SHAPE =
  /^(Variable "\$|Expected value of type|Field ".+" of required type|Field ".+" is not defined by type|Enum "|Value ".+" does not exist in "|Argument ".+" of required type|Int cannot|String cannot|ID cannot|Boolean cannot)/;
/**
 * PostgreSQL's codes for values that a column or comparison cannot take: numbers and dates out of range, characters that
 * text and jsonb refuse (08P01: a NUL where a statement is text), and cursors that were made up.
 */
const UNFIT_VALUE = /^(22003|22007|22008|22021|22P02|22P05|08P01)$/;

/** The error as a client may read it; a fault is logged once, under the request's id, and says nothing from within. */
export function presentError(error: GraphQLError, requestId: string, log: Log): GraphQLError {
  const cause = rootCause(error);
  if (SHAPE.test(error.message)) return rebuild(error, error.message, { code: 'BAD_USER_INPUT' });
  if (cause instanceof RequestError) {
    return rebuild(error, cause.message, { code: cause.code, ...cause.extensions });
  }
  // Apollo wraps what a validation rule reports in an error of its own code.
  const reported = cause instanceof GraphQLError ? cause : error;
  if (codeOf(reported) === 'LIMIT_EXCEEDED') return rebuild(error, error.message, { ...reported.extensions });
  if ((!cause || cause instanceof GraphQLError) && codeOf(error)) return error;
  if (!isOutage(cause) && UNFIT_VALUE.test((cause as { code?: string } | undefined)?.code ?? '')) {
    log.warn({ requestId, err: cause, path: error.path }, 'a value that the database cannot hold');
    return rebuild(error, 'A value is outside what the hub can hold: a number too large, a date too early, a NUL', {
      code: 'BAD_USER_INPUT',
    });
  }
  if (isOutage(cause)) {
    log.error({ requestId, err: cause }, 'the database cannot be reached');
    return rebuild(error, 'The database cannot be reached; send the same call again', {
      code: 'UNAVAILABLE',
      requestId,
    });
  }
  log.error({ requestId, err: cause ?? error, path: error.path }, 'fault while serving a request');
  return rebuild(error, 'A fault of the hub; its log has the cause under this request id', {
    code: 'INTERNAL_SERVER_ERROR',
    requestId,
  });
}

function rootCause(error: GraphQLError): Error | undefined {
  let cause: Error | null | undefined = error.originalError;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause ?? undefined;
}

function rebuild(error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLError {
  return new GraphQLError(message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions,
  });
}

/** A refusal of the request as a whole, before anything of it ran. */
export function requestFailure(error: RequestError): GraphQLError {
  return new GraphQLError(error.message, { extensions: { code: error.code, ...error.extensions } });
}

/** An error of a compiled query may come without extensions, whatever its type says. */
function codeOf(error: GraphQLError): unknown {
  return (error.extensions as { code?: unknown } | undefined)?.code;
}
