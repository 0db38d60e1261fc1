import { pino } from 'pino';
import type { Log } from './shared/log.js';

const MAX_CAUSES = 5;

/** JSON lines on standard error. Of an error only what names it: drivers hang connections and credentials on theirs. */
export function processLog(level: string): Log {
  return pino(
    { level, base: { service: 'hub' }, serializers: { err: (error: unknown) => errorFacts(error) } },
    pino.destination({ fd: 2, sync: true }),
  );
}

function errorFacts(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error);
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(code !== undefined && { code }),
    ...(constraint !== undefined && { constraint }),
    stack: error.stack,
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: errorFacts(error.cause, depth + 1) }),
  };
}
