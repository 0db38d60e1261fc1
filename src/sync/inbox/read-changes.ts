import {
  ConnectorFailure,
  parseJsonExactly,
  rejected,
  type Change,
  type Connector,
  type Deletion,
  type Hint,
} from '../../connect/index.js';
import type { ConnectionRow } from '../../modules/integrations/index.js';
import { instantText, parseInstant } from '../../shared/clock.js';
import { connectorOf, type SyncParts } from '../parts.js';
import { streamContext } from '../stream-context.js';
import type { InboxRow } from './inbox.queries.js';

/**
 * What a message says, what it only hints at read from the system. Outside of any transaction: the system may take its
 * time. Throws a ConnectorFailure for what cannot be read.
 */
export async function readChanges(parts: SyncParts, connection: ConnectionRow, message: InboxRow): Promise<Change[]> {
  const connector = connectorOf(parts, connection);
  const said = sayOrReadAnew(connector, connection, message);
  const changes: Change[] = [];
  for (const change of said) {
    if (change.kind === 'hint') changes.push(...(await follow(parts, connection, message, change)));
    else changes.push(change);
  }
  return changes;
}

/**
 * A record of a page that cannot be read is read by itself before it is given up: the page may have been at fault, and no
 * later one holds the record again.
 */
function sayOrReadAnew(connector: Connector, connection: ConnectionRow, message: InboxRow): Change[] {
  try {
    return whatItSays(connector, connection, message);
  } catch (error) {
    const { origin, topic: stream, external_id: externalId } = message;
    const isUnread = error instanceof ConnectorFailure && origin === 'PULL' && externalId !== null;
    if (!isUnread || !connector.pull.get(stream)?.one) throw error;
    return [{ kind: 'hint', stream, externalId }];
  }
}

function whatItSays(connector: Connector, { settings }: ConnectionRow, { origin, topic, body }: InboxRow): Change[] {
  if (origin === 'WEBHOOK') {
    if (!connector.webhooks) throw rejected(`this hub has no connector "${connector.code}" that takes webhooks`);
    return connector.webhooks.read(topic, body, settings);
  }
  const raw = parseJsonExactly(body);
  // What the engine says to itself is in the hub's words already.
  if (origin === 'CENSUS' || origin === 'HUB') return [revive(raw as Change)];
  const pull = connector.pull.get(topic);
  if (!pull) throw rejected(`stream: expected one of ${[...connector.pull.keys()].join(', ')}, got "${topic}"`);
  return pull.read(raw, { settings });
}

function revive(change: Change): Change {
  const { sourceVersion } = change as { sourceVersion?: string | Date };
  return sourceVersion === undefined ? change : ({ ...change, sourceVersion: new Date(sourceVersion) } as Change);
}

async function follow(
  parts: SyncParts,
  connection: ConnectionRow,
  message: InboxRow,
  { stream, externalId }: Hint,
): Promise<Change[]> {
  const connector = connectorOf(parts, connection);
  const pull = connector.pull.get(stream);
  if (!pull?.one) throw rejected(`stream: expected one that reads single records, got "${stream}"`);
  const record = await pull.one(streamContext(parts, connection, 'live'), externalId);
  if (record) return pull.read(record.raw, { settings: connection.settings }).filter(({ kind }) => kind !== 'hint');
  const gone: Deletion = {
    kind: 'deleted',
    record: pull.of,
    externalId,
    sourceVersion: parseInstant(instantText(message.occurred_at ?? message.received_at)),
  };
  return [gone];
}
