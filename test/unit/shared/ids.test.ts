import { expect, test } from '@jest/globals';
import { idOf, parseTypeId, randomSecret, typeId } from '../../../src/shared/ids.js';
import { seeded } from '../../api/support/desk.js';

const ZEROS = '0'.repeat(25);

test.each([
  ['0', `ord_${ZEROS}0`],
  ['1', `ord_${ZEROS}1`],
  ['31', `ord_${ZEROS}z`],
  ['32', `ord_${'0'.repeat(24)}10`],
  ['9007199254740991', `ord_${'0'.repeat(15)}7zzzzzzzzzz`],
  ['9007199254740992', `ord_${'0'.repeat(15)}80000000000`],
  ['9223372036854775807', `ord_${'0'.repeat(13)}7zzzzzzzzzzzz`],
])('shows the database id %s as %s and reads it back', (id, text) => {
  expect(typeId('ord', id)).toBe(text);
  expect(parseTypeId(text)).toEqual({ prefix: 'ord', id });
});

test('goes there and back for random ids of every size', () => {
  const below = seeded(3);
  for (let run = 0; run < 2_000; run += 1) {
    const bits = 1 + below(63);
    let id = 0n;
    for (let bit = 0; bit < bits; bit += 1) id = id * 2n + BigInt(below(2));
    expect(idOf('cus', typeId('cus', id.toString()))).toBe(id.toString());
  }
});

test.each([
  '',
  'ord',
  `ord_${ZEROS}`,
  `ord_${ZEROS}00`,
  `ord_${ZEROS}i`,
  `ord_${ZEROS}l`,
  `ord_${ZEROS}o`,
  `ord_${ZEROS}u`,
  `ORD_${ZEROS}1`,
  `ord_${ZEROS}A`,
  `_${ZEROS}1`,
  ` ord_${ZEROS}1`,
  `ord_${ZEROS}1\n`,
  `ord_${'0'.repeat(13)}8${'0'.repeat(12)}`,
  `ord_${'z'.repeat(26)}`,
])('reads %j as no id', (text) => {
  expect(parseTypeId(text)).toBeNull();
});

test('takes the id of one prefix for no other', () => {
  const text = typeId('ord', '5');
  expect([idOf('ord', text), idOf('cus', text)]).toEqual(['5', null]);
});

test('makes secrets of 256 random bits that need no escaping', () => {
  const secrets = Array.from({ length: 100 }, () => randomSecret());
  expect(new Set(secrets).size).toBe(100);
  for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/);
});
