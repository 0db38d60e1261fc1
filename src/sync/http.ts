import { loneHttp, type ConnectorHttp } from '../connect/index.js';
import type { ConnectionRow } from '../modules/integrations/index.js';
import { connectorOf, credentialsOf, type SyncParts } from './parts.js';

/** Work of today goes before what is only catching up. */
export type Priority = 'live' | 'backfill';

export function httpFor(parts: SyncParts, connection: ConnectionRow, _priority: Priority): ConnectorHttp {
  return loneHttp(connectorOf(parts, connection), {
    settings: connection.settings,
    credentials: credentialsOf(parts, connection),
    now: () => parts.clock.now(),
  });
}
