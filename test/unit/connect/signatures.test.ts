import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { hasValidHmac } from '../../../src/connect/index.js';

const body = Buffer.from('{"n":1.10}');
const sign = (secret: string, encoding: 'base64' | 'hex' = 'base64') =>
  createHmac('sha256', secret).update(body).digest(encoding);

describe('hasValidHmac', () => {
  test('holds for the bytes that were signed and for no others', () => {
    expect(hasValidHmac(body, sign('s'), ['s'])).toBe(true);
    expect(hasValidHmac(Buffer.from('{"n":1.1}'), sign('s'), ['s'])).toBe(false);
  });

  test('takes any of several secrets', () => {
    expect(hasValidHmac(body, sign('old'), ['new', 'old'])).toBe(true);
    expect(hasValidHmac(body, sign('older'), ['new', 'old'])).toBe(false);
    expect(hasValidHmac(body, sign('new'), [])).toBe(false);
  });

  test('takes no other way of writing the same signature', () => {
    const signature = sign('s');
    for (const other of [
      sign('s', 'hex'),
      signature.replace(/=+$/, ''),
      `${signature} `,
      signature.toLowerCase(),
      '',
      undefined,
      [signature],
    ]) {
      expect(hasValidHmac(body, other, ['s'])).toBe(false);
    }
    expect(hasValidHmac(body, sign('s', 'hex'), ['s'], 'hex')).toBe(true);
  });
});
