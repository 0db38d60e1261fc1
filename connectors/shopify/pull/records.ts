import { z } from 'zod';
import {
  ConnectorFailure,
  type PulledPage,
  type PulledRecord,
  type PullDefinition,
  type StreamContext,
} from '#connect';
import type { Credentials, Settings } from '../settings.js';
import { behind } from '../client.js';
import { instant, record, text } from '../wire/parts.js';
import { markOf } from './bulk.js';

export type Context = StreamContext<Settings, Credentials>;
export type Pull = PullDefinition<Settings, Credentials>;
export type Reader = Pull['read'];

/** Changes show in a search only some time after they happened. */
export const OVERLAP_MS = 10 * 60_000;
export const NOTHING: PulledPage = { records: [], next: null };

export const pageInfo = record({ hasNextPage: z.boolean(), endCursor: text.nullish() });
/** A page of records whose insides are kept as they came. */
export const connection = <T extends z.ZodType>(node: T) => record({ nodes: z.array(node), pageInfo });
export const changing = z.looseObject({ id: z.string(), updatedAt: z.string() });
export type Changing = z.infer<typeof changing>;

/**
 * A record to be kept. One that cannot be read has a mark of what came behind its version, so that it is read again
 * where the shop tells the same state whole the next time.
 */
export function pulled(
  raw: Record<string, unknown>,
  known: { externalId: string; updatedAt: string; read: Reader; settings: Settings },
): PulledRecord {
  const { externalId, updatedAt, read, settings } = known;
  const version = isReadable(() => read(raw, { settings })) ? updatedAt : `${updatedAt}~${markOf(raw)}`;
  return { externalId, version, modifiedAt: instant.parse(updatedAt), raw };
}

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof ConnectorFailure) return false;
    throw error;
  }
}

export function digitsOf(gid: string): string {
  return /\/(\d+)(\?|$)/.exec(gid)?.[1] ?? gid;
}

/** The later of two times as the shop writes them. */
export function laterText(a: string, b: string): string {
  return instant.parse(a) > instant.parse(b) ? a : b;
}

interface Page<T> {
  nodes: T[];
  pageInfo: z.infer<typeof pageInfo>;
}

/** All of a list of which the first page is there. Throws where a page leads back to itself. */
export async function allOf<T>(
  first: Page<T>,
  more: (after: string) => Promise<Page<T> | null | undefined>,
): Promise<T[]> {
  const all = [...first.nodes];
  const seen = new Set<string>();
  for (let after = behind(first.pageInfo); after !== null;) {
    if (seen.has(after))
      throw new ConnectorFailure('unexpected_shape', `pageInfo: the page behind "${after}" leads back to it`);
    seen.add(after);
    const page = await more(after);
    // The record is gone meanwhile: what was read of it stands.
    if (!page) return all;
    all.push(...page.nodes);
    after = behind(page.pageInfo);
  }
  return all;
}
