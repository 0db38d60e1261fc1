import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CarrierNotice } from '../../provider.js';

/**
 * The signature stands over the bytes as they came; the secret is normalised first
 * (https://docs.easypost.com/guides/webhooks-guide).
 */
export function noticeOf(
  secrets: readonly string[],
  body: Buffer,
  signature: string | string[] | undefined,
): CarrierNotice | null {
  if (!secrets.some((secret) => isSignedBy(secret, body, String(signature))))
    throw new Error('the signature does not fit');
  const event = JSON.parse(body.toString('utf8')) as {
    id?: unknown;
    description?: unknown;
    result?: { id?: unknown } | null;
  };
  if (!String(event.description).startsWith('tracker.')) return null;
  const tracker = event.result?.id;
  return typeof event.id === 'string' && typeof tracker === 'string' ? { id: event.id, tracker } : null;
}

function isSignedBy(secret: string, body: Buffer, signature: string): boolean {
  const digest = createHmac('sha256', secret.normalize('NFKD')).update(body).digest('hex');
  const [own, given] = [Buffer.from(`hmac-sha256-hex=${digest}`), Buffer.from(signature)];
  return own.length === given.length && timingSafeEqual(own, given);
}
