import { describe, expect, test } from '@jest/globals';
import { instantOfVersion, parseSourceVersion } from '../../../src/modules/references/source-version.rules.js';

const value = (text: string) => parseSourceVersion(text)!.value;

describe('a source’s version', () => {
  test.each([
    ['9', '10'],
    ['9007199254740992', '9007199254740993'],
    ['2026-03-01T09:00:00Z', '2026-03-01T09:00:00.000000001Z'],
    ['2026-03-01T09:00:00.1Z', '2026-03-01T09:00:00.11Z'],
    ['2026-03-01T10:00:00+02:00', '2026-03-01T09:00:00Z'],
    ['1969-12-31T23:59:59.5Z', '1970-01-01T00:00:00Z'],
  ])('%s comes before %s', (earlier, later) => {
    expect(value(earlier) < value(later)).toBe(true);
  });

  test('is the same however it is written', () => {
    expect(value('007')).toBe(value('7'));
    expect(value('2026-03-01T10:30:00.50+01:30')).toBe(value('2026-03-01T09:00:00.5Z'));
  });

  test.each(['', '-1', '1.5', 'v7', '2026-03-01', '2026-03-01T09:00:00', '2026-13-01T09:00:00Z', '1'.repeat(31)])(
    '%j is none',
    (text) => expect(parseSourceVersion(text)).toBeNull(),
  );

  test('is an instant only where it is written as one', () => {
    expect(instantOfVersion('17')).toBeNull();
    expect(instantOfVersion('2026-03-01T10:00:00.123456+01:00')!.toISOString()).toBe('2026-03-01T09:00:00.123Z');
  });
});
