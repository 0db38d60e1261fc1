import { parseInstant } from '../../shared/clock.js';

const WHOLE_NUMBER = /^\d{1,30}$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/** A version as a source counts: by whole numbers, or by instants, which have up to nine digits behind the second. */
export interface SourceVersion {
  kind: 'number' | 'instant';
  value: bigint;
}

/** Null where the text is neither a whole number nor an RFC 3339 instant. */
export function parseSourceVersion(text: string): SourceVersion | null {
  if (WHOLE_NUMBER.test(text)) return { kind: 'number', value: BigInt(text) };
  const match = INSTANT.exec(text);
  if (!match) return null;
  const second = parseInstant(`${match[1]}${match[3]}`).getTime();
  if (Number.isNaN(second)) return null;
  return { kind: 'instant', value: BigInt(second) * 1_000_000n + BigInt((match[2] ?? '').padEnd(9, '0')) };
}

/** The instant that a version is, to the millisecond; null for a number. */
export function instantOfVersion(text: string): Date | null {
  return parseSourceVersion(text)?.kind === 'instant' ? parseInstant(text) : null;
}
