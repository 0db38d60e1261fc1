import type { IncomingMessage } from 'node:http';

/** A browser says which page opens a socket: pages of the hub may, and those allowed; other clients say nothing. */
export function isAllowedOrigin({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  if (headers.origin === undefined) return true;
  if (!URL.canParse(headers.origin)) return false;
  const origin = new URL(headers.origin);
  return origin.host === headers.host || allowed.includes(origin.origin);
}
