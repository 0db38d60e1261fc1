/** PostgreSQL's codes for "cannot connect now", "going down" and "no room", and what the socket says. */
const OUTAGE = /^(08(?!P01)|57P0|53)|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;
/** Those of them behind which the connection itself is of no use any more. */
const LOST = /^(08(?!P01)|57P0)|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;

/** Whether the database could not be reached or had no room: the same call may succeed later. */
export function isOutage(cause: unknown): boolean {
  return matches(cause, OUTAGE);
}

/**
 * Whether the connection that failed so is gone. The server says that it is going before it hangs up: until then the pool
 * would hand the connection to the next caller.
 */
export function isConnectionLost(cause: unknown): boolean {
  return matches(cause, LOST);
}

function matches(cause: unknown, codes: RegExp): boolean {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: string };
  if (typeof code === 'string' && codes.test(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect/.test(message ?? '');
}
