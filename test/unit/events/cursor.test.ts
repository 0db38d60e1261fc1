import { expect, test } from '@jest/globals';
import { decodeCursor, encodeCursor } from '../../../src/events/cursor.js';

test.each([
  ['0a1b2c3d', 0, 0],
  ['0a1b2c3d', 1, 0],
  ['ffffffff', 9_007_199_254_740_991, 0],
  ['0a1b2c3d', 42, 7],
])('reads back epoch %s, position %i, index %i', (epoch, position, index) => {
  expect(decodeCursor(encodeCursor(epoch, position, index))).toEqual({ epoch, position, index });
});

test.each([
  '',
  ' ',
  'abc',
  '!!!!',
  'MA==',
  encodeCursor('0a1b2c3d', 5) + '=',
  encodeCursor('0a1b2c3d', 5) + '!',
  Buffer.from('0a1b2c3d.-1').toString('base64url'),
  Buffer.from('0a1b2c3d.01').toString('base64url'),
  Buffer.from('0a1b2c3d.1.0').toString('base64url'),
  Buffer.from('0a1b2c3d.99999999999999999').toString('base64url'),
  Buffer.from('UPPERCASE.1').toString('base64url'),
  'x'.repeat(10_000),
])('refuses %j as no cursor of ours', (text) => {
  expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
});
