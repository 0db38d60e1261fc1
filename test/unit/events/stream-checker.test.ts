import { expect, test } from '@jest/globals';
import { faultsOf, type SeenEvent } from '../../support/stream-checker.js';

const stream: SeenEvent[] = [
  { position: 1, id: '11', subjectKind: 'order', subjectId: 'a', sequence: 1 },
  { position: 2, id: '12', subjectKind: 'order', subjectId: 'b', sequence: 1 },
  { position: 3, id: '14', subjectKind: 'order', subjectId: 'a', sequence: 2 },
  { position: 4, id: '13', subjectKind: 'quote', subjectId: 'a', sequence: 1 },
];
const committed = ['11', '12', '13', '14'];

test('finds nothing wrong with a whole stream', () => {
  expect(faultsOf(stream, committed)).toEqual([]);
});

test.each([0, 1, 2, 3])('finds that a client dropped event %i', (dropped) => {
  expect(
    faultsOf(
      stream.filter((_, index) => index !== dropped),
      committed,
    ),
  ).not.toEqual([]);
});

test('finds an event that came twice', () => {
  expect(faultsOf([...stream, stream[3]!], committed)).not.toEqual([]);
});

test('finds events of one record in the wrong order', () => {
  const swapped = [stream[2]!, stream[1]!, stream[0]!, stream[3]!].map((event, index) => ({
    ...event,
    position: index + 1,
  }));
  expect(faultsOf(swapped, committed)).toEqual([
    'order a: sequence 2 where 1 was due',
    'order a: sequence 1 where 3 was due',
  ]);
});

test('finds an event that nobody committed', () => {
  expect(faultsOf(stream, committed.slice(1))).toEqual(['event 11 was never committed']);
});
