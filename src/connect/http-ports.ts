import type { Allowance, Limit, Token } from './exchange.js';
import type { ConnectorFailure } from './failures.js';

/** Keeps an integration within the system's limits, over all processes; the engine brings it. */
export interface Pacer {
  /**
   * Waits until a request of that cost may go out, and lets it. `done` is called once with what came of it; what it
   * returns resolves, and never rejects, when others see it, and only failures are waited for. Throws a
   * ConnectorFailure (throttled, transient) where the wait would be longer than the engine wants to hold a job.
   */
  admit(limit: { name: string; limit: Limit; cost: number }): Promise<{ done(outcome: Outcome): void | Promise<void> }>;
}
export type Outcome = { kind: 'answered'; allowance: Allowance | null } | { kind: 'failed'; failure: ConnectorFailure };

/** The integration's access token, kept encrypted and shared among processes; the engine brings it. */
export interface TokenKeeper {
  /** One that holds for a while yet; `refused` is the one that was just refused, so that it is not given again. */
  current(get: (last: Token | null) => Promise<Token>, refused?: Token): Promise<Token>;
}

/** Which addresses may be called; throws a ConnectorFailure of kind `rejected` for others. */
export interface EgressGuard {
  /** Called for each address a host is or leads to, at every connection and redirect. */
  allow(host: string, address: string, port: number): void;
}

/** One call as it is reported: no secret, no body. */
export interface CallReport {
  operation: string;
  method: string;
  status: number | null;
  durationMs: number;
  failure: ConnectorFailure | null;
}
