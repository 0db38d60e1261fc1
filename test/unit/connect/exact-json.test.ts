import { describe, expect, test } from '@jest/globals';
import { ConnectorFailure, glanceAtJson, parseJsonExactly } from '../../../src/connect/index.js';

const parse = (text: string) => parseJsonExactly(Buffer.from(text));

describe('parseJsonExactly', () => {
  test('gives every number as the text it was sent as', () => {
    expect(parse('{"id":820982911946154508,"price":1.10,"rate":6e-2,"n":[-0.0]}')).toEqual({
      id: '820982911946154508',
      price: '1.10',
      rate: '6e-2',
      n: ['-0.0'],
    });
  });

  test('leaves texts, flags and nothing as they are', () => {
    expect(parse('{"a":"820982911946154508","b":true,"c":null,"d":"Caffè – 5 €"}')).toEqual({
      a: '820982911946154508',
      b: true,
      c: null,
      d: 'Caffè – 5 €',
    });
  });

  test('finds no number in a text or a name', () => {
    expect(parse('{"a 1":"2, \\"3\\", [4]","5":"\\\\6","":-7E+2}')).toEqual({
      'a 1': '2, "3", [4]',
      5: '\\6',
      '': '-7E+2',
    });
  });

  test.each([
    ['half an object', '{"a":'],
    ['nothing', ''],
    ['a nest without end', '['.repeat(1_000_000)],
    ['a nest that ends, but is too deep to be written again', '['.repeat(5_000) + ']'.repeat(5_000)],
    ['a number for a name', '{"a":1,2 :3}'],
    ['numbers that JSON does not write so', '[01]'],
    ['a number that breaks off', '[1.]'],
    ['two values in a row', '[1 2]'],
    ['a number behind a text', '["a"1]'],
    ['a number in a text that does not end', '["abc 1]'],
    ['a text that ends in the middle of a sign', '"a1\\\\\\'],
  ])('calls %s an unexpected shape', (_, text) => {
    expect(() => parse(text)).toThrow(ConnectorFailure);
  });

  test('calls what is not UTF-8 an unexpected shape', () => {
    expect(() => parseJsonExactly(Buffer.from([0x22, 0xff, 0x22]))).toThrow(/expected JSON in UTF-8/);
  });
});

test('glanceAtJson sees nothing in what is no JSON', () => {
  expect(glanceAtJson(Buffer.from('{"a":1}'))).toEqual({ a: '1' });
  expect(glanceAtJson(Buffer.from('<xml/>'))).toBeUndefined();
});
