import type { AnyPush, Connector } from '../../connect/index.js';
import { selectConnection, type ConnectionRow } from '../../modules/integrations/index.js';
import { parseInstant } from '../../shared/clock.js';
import type { PushJob, PushParts } from './parts.js';
import { selectStream, SILENT, type StreamRow } from './push.queries.js';

/** A stream that may be told of something now. */
export interface OpenStream {
  connection: ConnectionRow;
  connector: Connector;
  push: AnyPush<unknown, unknown>;
  row: StreamRow;
}

/** Null where the system is told nothing until a person does something about it. */
export async function openStream(parts: PushParts, job: PushJob): Promise<OpenStream | null> {
  const [connection, row] = await Promise.all([
    parts.db.readOne(selectConnection(job.integrationId)),
    parts.db.readOne(selectStream(job.integrationId, job.stream)),
  ]);
  if (!connection || connection.only_listens || !row || SILENT.includes(connection.status)) return null;
  const connector = parts.connectors.get(connection.connector);
  const push = connector?.push.get(job.stream);
  if (!connector || push?.of !== row.record_kind) return null;
  return { connection, connector, push, row };
}

/** Whether the system asked to be left alone for a while, or does not answer. */
export function isWaiting({ clock }: PushParts, { row }: OpenStream): boolean {
  return row.waits_until !== null && parseInstant(row.waits_until) > clock.now();
}
