import { describe, expect, test } from '@jest/globals';
import { buildSchema, NoDeprecatedCustomRule, parse, specifiedRules, validate } from 'graphql';
import { DOCUMENTS } from '../documents.js';
import { schema } from '../sandbox/api.js';
import vendure from '../index.js';
import { connected, push, walk } from './shop.js';
import { differences } from './subset.js';

const faultsOf = (text: string) =>
  validate(schema, parse(text), [...specifiedRules, NoDeprecatedCustomRule]).map(({ message }) => message);

describe('what is asked of the shop', () => {
  test('is valid, document by document', () => {
    expect(DOCUMENTS).toHaveLength(19);
    expect(DOCUMENTS.flatMap(({ text }) => faultsOf(text))).toEqual([]);
    expect(faultsOf('{ orders { items { nam } } }')).toHaveLength(1);
  });

  test('is a document of the list, whenever something is sent', async () => {
    const opened = await connected({ acts: 3 });
    try {
      for (const stream of vendure.pull.keys()) {
        await walk(stream, opened, null);
        await walk(stream, opened, new Date(0));
        await vendure.pull.get(stream)!.one?.(opened.context, stream === 'stock' ? '1@1' : '1');
      }
      const order = { externalId: '1', number: 'SO-1', isTheirs: true };
      await push('orders', opened).send([{ ...order, status: 'CONFIRMED' }]);
      await push('orders', opened).send([{ ...order, status: 'CANCELED' }]);
      const texts = new Set(DOCUMENTS.map(({ text }) => text));
      for (const { operation, path, json } of opened.sent) {
        expect([operation, path, texts.has((json as { query: string }).query)]).toEqual([operation, '', true]);
      }
      expect(new Set(opened.sent.map(({ operation }) => operation)).size).toBeGreaterThanOrEqual(13);
    } finally {
      await opened.stop();
    }
  });
});

describe('a schema that is no part of another', () => {
  test('is found out, difference by difference', () => {
    const mine = buildSchema('type Query { id: ID other: Int } enum E { A B } input I { a: Int } union U = Query');
    const theirs = buildSchema(
      'type Query { id: ID! } type T { a: Int } enum E { A } input I { a: Int! b: Int! } union U = T',
    );
    expect(differences(mine, theirs)).toEqual([
      'Query.id: ID, but ID!',
      'Query.other: is not there',
      'E.B: is not there',
      'I.a: Int, but Int!',
      'I.b: is needed',
      'U: has no Query',
    ]);
  });
});
