import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether `given` is the HMAC-SHA256 of the bytes under one of the secrets (several, so that one can be replaced
 * while the old one still signs), written exactly as the encoding writes it. Takes the same time wherever it differs.
 */
export function hasValidHmac(
  rawBody: Uint8Array,
  given: string | string[] | undefined,
  secrets: string[],
  encoding: 'base64' | 'hex' = 'base64',
): boolean {
  if (typeof given !== 'string') return false;
  const received = Buffer.from(given);
  const matches = secrets.map((secret) => {
    const expected = Buffer.from(createHmac('sha256', secret).update(rawBody).digest(encoding));
    return expected.length === received.length && timingSafeEqual(expected, received);
  });
  return matches.includes(true);
}
