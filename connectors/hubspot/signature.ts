import { createHash, timingSafeEqual } from 'node:crypto';
import { hasValidHmac, type WebhookRequest } from '#connect';
import type { Credentials, Settings } from './settings.js';

const MOST_AGE_MS = 300_000;
/** What HubSpot signs in its plain form, whatever the address it calls has. */
const DECODED: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

/**
 * Whether a delivery is signed in the version that the settings ask for, and in no other: an older one does not show how
 * old it is. https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests
 */
export function isSigned(request: WebhookRequest<Settings, Credentials>): boolean {
  const { headers, settings, credentials, rawBody } = request;
  const { clientSecret, previousClientSecret } = credentials;
  const secrets = [clientSecret, ...(previousClientSecret === undefined ? [] : [previousClientSecret])];
  if (settings.signature === 'v3') return isSignedInV3(request, secrets);
  if (headers['x-hubspot-signature-version'] !== settings.signature) return false;
  const parts = settings.signature === 'v1' ? [] : [request.method, request.url];
  const given = headers['x-hubspot-signature'];
  return typeof given === 'string' && secrets.some((secret) => isHash(given, [secret, ...parts], rawBody));
}

function isSignedInV3(
  { method, url, headers, rawBody, receivedAt }: WebhookRequest<Settings, Credentials>,
  secrets: string[],
): boolean {
  const timestamp = headers['x-hubspot-request-timestamp'];
  if (typeof timestamp !== 'string' || !/^\d{1,16}$/.test(timestamp)) return false;
  if (Math.abs(receivedAt.getTime() - Number(timestamp)) > MOST_AGE_MS) return false;
  const uri = url.replace(/%[0-9A-F]{2}/gi, (escape) => DECODED[escape.toUpperCase()] ?? escape);
  const signed = Buffer.concat([Buffer.from(method + uri), rawBody, Buffer.from(timestamp)]);
  return hasValidHmac(signed, headers['x-hubspot-signature-v3'], secrets);
}

function isHash(given: string, parts: readonly string[], rawBody: Buffer): boolean {
  const expected = Buffer.from(createHash('sha256').update(parts.join('')).update(rawBody).digest('hex'));
  const received = Buffer.from(given);
  return expected.length === received.length && timingSafeEqual(expected, received);
}
