import { describe, expect, test } from '@jest/globals';
import { secretBox } from '../../../src/connect/index.js';

const KEY = 'a secret key of the hub';

describe('secretBox', () => {
  test('opens what was sealed under the same key for the same record', () => {
    const sealed = secretBox(KEY).seal('{"clientSecret":"hush"}', '1001');
    expect(secretBox(KEY).open(sealed, '1001')).toBe('{"clientSecret":"hush"}');
    expect(sealed.toString('latin1')).not.toContain('hush');
  });

  test('seals the same text differently each time', () => {
    const box = secretBox(KEY);
    expect(box.seal('x', '1').equals(box.seal('x', '1'))).toBe(false);
  });

  test('does not open for another record, under another key, or after a change', () => {
    const sealed = secretBox(KEY).seal('hush', '1001');
    expect(() => secretBox(KEY).open(sealed, '1002')).toThrow();
    expect(() => secretBox('another key of another hub').open(sealed, '1001')).toThrow();
    for (const at of [1, 13, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => secretBox(KEY).open(changed, '1001')).toThrow();
    }
    expect(() => secretBox(KEY).open(sealed.subarray(0, 20), '1001')).toThrow();
  });

  test('refuses a key that is too short to be secret', () => {
    expect(() => secretBox('short')).toThrow('at least 16 characters, got 5');
  });
});
