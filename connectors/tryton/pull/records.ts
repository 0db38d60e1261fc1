import { createHash } from 'node:crypto';
import { ConnectorFailure, type PulledRecord, type PullDefinition } from '#connect';
import type { Context } from '../client.js';
import type { Credentials, Settings } from '../settings.js';
import { newest } from './walk.js';

export type Pull = PullDefinition<Settings, Credentials>;
export type Row = Record<string, unknown> & { id: string };

/** A record’s time is when its transaction began: it shows when that ends. */
export const OVERLAP_MS = 2 * 60_000;
export const TIMES = ['create_date', 'write_date'];

/**
 * The same state has the same version. The newest time of all its rows stands first, and what they say behind it: a row
 * that was deleted leaves no time.
 */
export function pulled(externalId: string, raw: object, rows: readonly Row[]): PulledRecord {
  const at = newest(rows);
  return { externalId, version: `${at}+${markOf(raw)}`, modifiedAt: new Date(at), raw };
}

function markOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}

/** What cannot be read is asked for once more by its id: a list may be wrong where the record is not. */
export async function secondLook(
  context: Context,
  found: readonly PulledRecord[],
  { read, again }: { read: Pull['read']; again(id: string): Promise<PulledRecord[]> },
): Promise<PulledRecord[]> {
  const looked: PulledRecord[] = [];
  for (const each of found) {
    if (canRead(() => read(each.raw, context))) looked.push(each);
    else looked.push(...(await again(each.externalId)));
  }
  return looked;
}

function canRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof ConnectorFailure) return false;
    throw error;
  }
}

export function groupBy(rows: readonly Row[], field: string): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => String(row[field]));
}
