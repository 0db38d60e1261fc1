import { createHash } from 'node:crypto';
import type { Snapshot } from './snapshots/index.js';

/**
 * One key for each state of a record that an integration is told, whichever process tells it and however often. In the
 * form of a UUID, which is as long as every system takes.
 */
export function idempotencyKey(
  told: { integrationId: string; stream: string; recordId: string; round: number },
  snapshot: Snapshot,
): string {
  const { integrationId, stream, recordId, round } = told;
  const hash = createHash('sha256')
    .update(JSON.stringify([integrationId, stream, recordId, round, snapshot]))
    .digest('hex');
  const variant = ((Number.parseInt(hash[16]!, 16) & 0x3) | 0x8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
