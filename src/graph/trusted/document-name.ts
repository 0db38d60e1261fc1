import { badInput } from '../../shared/failures.js';

/** What of a request holds or names its document; nothing of it is checked yet. */
export interface DocumentRequest {
  query?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

const HASH = /^[0-9a-f]{64}$/i;

/**
 * The name by which a request asks for its document: `extensions.persistedQuery` as Apollo's clients send it, or a
 * `documentId`, with or without "sha256:". Throws BAD_USER_INPUT where it cannot be read.
 */
export function documentName({ documentId, extensions }: DocumentRequest): string | undefined {
  const persisted = isRecord(extensions) ? extensions.persistedQuery : undefined;
  if (persisted != null) {
    const { version, sha256Hash } = isRecord(persisted) ? persisted : ({} as Record<string, unknown>);
    if (version !== 1 || typeof sha256Hash !== 'string') {
      throw badInput('extensions.persistedQuery', '{"version": 1, "sha256Hash": "…"}', persisted);
    }
    return asName(sha256Hash);
  }
  if (documentId == null) return undefined;
  if (typeof documentId !== 'string') throw badInput('documentId', 'a text', documentId);
  return asName(documentId.replace(/^sha256:/i, ''));
}

function asName(text: string): string {
  return HASH.test(text) ? text.toLowerCase() : text;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
