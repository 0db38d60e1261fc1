/** Where the supervisor writes what it does; pino's logger fits. */
export interface EmbeddedLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** The log, and lines for the person who waits for a start, a backup or a restore. */
export interface Report {
  log: EmbeddedLog;
  progress(message: string): void;
}

const silentLog: EmbeddedLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function reportOf(options: { log?: EmbeddedLog; onProgress?: (message: string) => void }): Report {
  return { log: options.log ?? silentLog, progress: options.onProgress ?? (() => undefined) };
}

/** What keeps the embedded database from working, and what to do about it. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError';
}

/** The code of a system or PostgreSQL error, such as ENOENT or 57P03. */
export function codeOf(error: unknown): string | undefined {
  // By shape: Node's own errors are of another realm than the code that a test runner loads.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
