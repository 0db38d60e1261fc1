import {
  ConnectorFailure,
  MOST_UNANSWERED,
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
import { selectBehind, type InboxRow } from './inbox.queries.js';

/** A record whose state a message tells, or that was read for it. */
export interface ReadRecord {
  stream: string;
  externalId: string;
  version: string;
}
export interface Said {
  changes: Change[];
  records: ReadRecord[];
  /** Later messages that ask for no more than was read for this one, behind them. */
  answers?: readonly string[];
}

/** Of a record that is told of without end, the rest is asked for again. */
const MOST_ANSWERED = 500;

/**
 * What a message says, what it only hints at read from the system. Outside of any transaction: the system may take its
 * time. Throws a ConnectorFailure for what cannot be read.
 */
export async function readChanges(parts: SyncParts, connection: ConnectionRow, message: InboxRow): Promise<Said> {
  const connector = connectorOf(parts, connection);
  const said = sayOrReadAnew(connector, connection, message);
  // Before anything is read: what they were told of has happened by then.
  const alike = await askTheSame(parts, connection, message, said);
  const all: Said = { changes: [], records: recordsOf(message), answers: alike.map(({ id }) => id) };
  for (const change of said) {
    if (change.kind !== 'hint') {
      all.changes.push(change);
      continue;
    }
    const { changes, records } = await follow(parts, connection, alike.at(-1) ?? message, change);
    all.changes.push(...changes);
    all.records.push(...records);
  }
  return all;
}

/** Messages behind one that only hints, which hint at the same: what is read for it answers them too. */
async function askTheSame(
  parts: SyncParts,
  connection: ConnectionRow,
  { id, origin, external_id: externalId }: InboxRow,
  said: readonly Change[],
): Promise<InboxRow[]> {
  const hints = hintsIn(said);
  if (hints === null || origin !== 'WEBHOOK' || externalId === null) return [];
  const behind = await parts.db.read(selectBehind(connection.id, externalId, id, MOST_ANSWERED));
  const connector = connectorOf(parts, connection);
  return behind.filter((other) => {
    try {
      return hintsIn(whatItSays(connector, connection, other)) === hints;
    } catch {
      // What is wrong with it is told where it is carried out by itself.
      return false;
    }
  });
}

/** In words that can be compared; null where it says something itself, or nothing. */
function hintsIn(said: readonly Change[]): string | null {
  if (said.length === 0) return null;
  const hints = said.map((change) => (change.kind === 'hint' ? [change.stream, change.externalId] : null));
  return hints.includes(null) ? null : JSON.stringify(hints);
}

/** What a message says where nobody has to be asked for it; null where somebody has, and where it cannot be read. */
export function readAtOnce(parts: SyncParts, connection: ConnectionRow, message: InboxRow): Said | null {
  try {
    const changes = sayOrReadAnew(connectorOf(parts, connection), connection, message);
    return changes.some(({ kind }) => kind === 'hint') ? null : { changes, records: recordsOf(message) };
  } catch {
    // What is wrong with it is told where it is carried out by itself.
    return null;
  }
}

/** The event of a pulled record is its id and version. */
export function versionOf({ external_id: externalId, event_id: eventId }: InboxRow): string {
  return eventId.slice((externalId?.length ?? 0) + 1);
}

function recordsOf(message: InboxRow): ReadRecord[] {
  const { origin, topic: stream, external_id: externalId } = message;
  if (origin !== 'PULL' || externalId === null) return [];
  return [{ stream, externalId, version: versionOf(message) }];
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
  return change.kind === 'payment'
    ? { ...change, payment: withInstants(change.payment, 'sourceVersion', 'createdAt') }
    : withInstants(change as Change & { sourceVersion?: Date }, 'sourceVersion');
}

function withInstants<T extends object, Name extends keyof T>(of: T, ...names: Name[]): T {
  const known = names.filter((name) => of[name] !== undefined);
  return { ...of, ...Object.fromEntries(known.map((name) => [name, new Date(of[name] as string)])) };
}

/** Where nobody answers it is asked again, some times. */
async function answered<T>({ attempts }: InboxRow, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ConnectorFailure && error.isNoAnswer) || attempts + 1 >= MOST_UNANSWERED) throw error;
    throw new ConnectorFailure('transient', error.message, { cause: error });
  }
}

async function follow(
  parts: SyncParts,
  connection: ConnectionRow,
  message: InboxRow,
  { stream, externalId }: Hint,
): Promise<Said> {
  const connector = connectorOf(parts, connection);
  const pull = connector.pull.get(stream);
  if (!pull?.one) throw rejected(`stream: expected one that reads single records, got "${stream}"`);
  const priority = message.origin === 'CENSUS' ? 'backfill' : 'live';
  const record = await answered(message, pull.one(streamContext(parts, connection, priority), externalId));
  if (record) {
    const changes = pull.read(record.raw, { settings: connection.settings }).filter(({ kind }) => kind !== 'hint');
    return { changes, records: [{ stream, externalId, version: record.version }] };
  }
  const gone: Deletion = {
    kind: 'deleted',
    record: pull.of,
    externalId,
    sourceVersion: parseInstant(instantText(message.occurred_at ?? message.received_at)),
  };
  return { changes: [gone], records: [] };
}
