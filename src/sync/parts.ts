import type { Registry } from 'prom-client';
import { rejected, type Connector, type ConnectorHttp, type HttpClientParts } from '../connect/index.js';
import type { Database } from '../db/database.js';
import type { Transaction } from '../db/transaction.js';
import type { Services } from '../graph/context.js';
import type { ActionScope } from '../graph/mutation.js';
import { credentialCipher, type ConnectionRow } from '../modules/integrations/index.js';
import type { Clock } from '../shared/clock.js';
import type { Log } from '../shared/log.js';

/** What the engine works with; app.ts puts it together. */
export interface SyncParts {
  db: Database;
  clock: Clock;
  log: Log;
  /** The same as the graph has: actions ask them for what they need. */
  services: Services;
  connectors: ReadonlyMap<string, Connector>;
  /** Where the hub is reached from outside, without a trailing slash. */
  publicUrl(): string;
  /** Where figures for Prometheus are kept, if they are. */
  registry?: Registry;
  /** The usual pause between two compares of hub and system; a day, if left out, and 0 where they are only asked for. */
  reconcileEveryMs?: number | undefined;
  /** How long and how large an answer may be, where that is other than usual. */
  httpLimits?: HttpClientParts['limits'];
  /** How connected systems are called; without it they are told nothing. What changes now goes before what is caught up with. */
  httpFor?(connection: ConnectionRow, priority: 'live' | 'backfill'): ConnectorHttp;
}

/** An action's scope in which the connected system is the actor. */
export function scopeOf(
  { clock, services }: SyncParts,
  tx: Transaction,
  connection: { id: string; name: string },
): ActionScope {
  return {
    tx,
    now: clock.now(),
    actor: { kind: 'INTEGRATION', id: connection.id, name: connection.name },
    customerId: null,
    service: (key) => services.get(key),
  };
}

/** The integration's credentials in the clear; they go to its connector and nowhere else. */
export function credentialsOf({ services }: SyncParts, connection: ConnectionRow): unknown {
  if (connection.credentials === null) return {};
  try {
    return JSON.parse(services.get(credentialCipher).open(connection.credentials, connection.id));
  } catch (cause) {
    throw new Error(`integration ${connection.code}: the hub's secret key does not open its credentials`, { cause });
  }
}

/** Throws a ConnectorFailure where the hub no longer has it. */
export function connectorOf({ connectors }: SyncParts, connection: ConnectionRow): Connector {
  const connector = connectors.get(connection.connector);
  if (!connector) throw rejected(`this hub has no connector "${connection.connector}"`);
  return connector;
}
