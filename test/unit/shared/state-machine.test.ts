import { expect, test } from '@jest/globals';
import { machine } from '../../../src/shared/state-machine.js';

test('answers what a status may become', () => {
  const door = machine('door', ['OPEN', 'SHUT', 'GONE'], {
    initial: ['OPEN'],
    moves: { OPEN: ['SHUT'], SHUT: ['OPEN', 'GONE'], GONE: [] },
  });
  expect([door.canMove('OPEN', 'SHUT'), door.canMove('OPEN', 'GONE'), door.canMove('OPEN', 'OPEN')]).toEqual([
    true,
    false,
    false,
  ]);
  expect([door.allowed('SHUT'), door.allowed('GONE')]).toEqual([['OPEN', 'GONE'], []]);
  expect([door.isInitial('OPEN'), door.isInitial('SHUT')]).toEqual([true, false]);
});

test('refuses a table that names an unknown status', () => {
  const moves = { OPEN: ['SHUT' as 'OPEN'] };
  expect(() => machine('door', ['OPEN'], { initial: ['OPEN'], moves })).toThrow('door: unknown status SHUT');
});

test('refuses a table with a status that no way leads to', () => {
  const moves = { OPEN: [], SHUT: ['GONE' as const], GONE: [] };
  expect(() => machine('door', ['OPEN', 'SHUT', 'GONE'] as const, { initial: ['OPEN'], moves })).toThrow(
    'door: no way leads to SHUT, GONE',
  );
});
