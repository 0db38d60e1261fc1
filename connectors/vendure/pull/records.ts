import { createHash } from 'node:crypto';
import { ConnectorFailure, type PulledRecord, type PullDefinition } from '#connect';
import { z } from 'zod';
import type { Credentials, Settings } from '../settings.js';
import { count, instant, list, record } from '../wire/parts.js';

export type Pull = PullDefinition<Settings, Credentials>;

/** What was written in a transaction under way shows only when that ends. */
export const OVERLAP_MS = 2 * 60_000;

/** A record of a list, whose inside is kept as it came. */
export const changing = z.looseObject({ id: z.string(), createdAt: instantText(), updatedAt: instantText() });
export type Changing = z.infer<typeof changing>;
function instantText() {
  return z.string().refine((value) => instant.safeParse(value).success, 'expected a time with its offset');
}

export const listOf = <T extends z.ZodType>(item: T) => record({ totalItems: count, items: list(item) });

export function timeOf(value: string): Date {
  return instant.parse(value);
}

/** The same state has the same version, whatever changed: no time of the shop moves with all that belongs to a record. */
export function pulled(externalId: string, { updatedAt }: { updatedAt: string }, raw: unknown): PulledRecord {
  return { externalId, version: `${updatedAt}+${markOf(raw)}`, modifiedAt: timeOf(updatedAt), raw };
}

function markOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}

/** What cannot be read is asked for once more by its id: a list may be wrong where the record is not. */
export async function secondLook<T extends Changing>(
  found: readonly T[],
  isReadable: (each: T) => boolean,
  again: (id: string) => Promise<T | null>,
): Promise<T[]> {
  const looked: T[] = [];
  for (const each of found) {
    const isOdd = timeOf(each.updatedAt) < timeOf(each.createdAt) || !isReadable(each);
    looked.push(isOdd ? ((await again(each.id)) ?? each) : each);
  }
  return looked;
}

export function canRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof ConnectorFailure) return false;
    throw error;
  }
}
