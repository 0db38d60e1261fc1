import type { StreamContext } from '../connect/index.js';
import type { ConnectionRow } from '../modules/integrations/index.js';
import { httpFor, type Priority } from './http.js';
import { credentialsOf, type SyncParts } from './parts.js';

/** What a connector's functions are called with. */
export function streamContext(
  parts: SyncParts,
  connection: ConnectionRow,
  priority: Priority,
): StreamContext<unknown, unknown> {
  return {
    settings: connection.settings,
    credentials: credentialsOf(parts, connection),
    http: httpFor(parts, connection, priority),
    now: () => parts.clock.now(),
  };
}
