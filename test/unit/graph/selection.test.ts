import { expect, test } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { selectionOf } from '../../../src/graph/selection.js';

const SCHEMA = buildSchema(`
  interface Node { id: ID! }
  type Order implements Node { id: ID! number: String customer: Customer }
  type Customer implements Node { id: ID! name: String orders: [Order!]! }
  type Query { order: Order node: Node }`);

function fieldsOf(document: string): Record<string, string[]> {
  const selection = selectionOf(SCHEMA, parse(document));
  return Object.fromEntries([...selection].map(([type, fields]) => [type, [...fields].sort()]));
}

test('follows fragments and adds up what is selected of a type in several places', () => {
  const found = fieldsOf(`
    query { order { ...Named customer { orders { id } ... on Node { id } } } }
    fragment Named on Order { number: number }`);
  expect(found).toEqual({ Query: ['order'], Order: ['customer', 'id', 'number'], Customer: ['id', 'orders'] });
});

test('counts a field of an interface for every type that has it, and one behind a condition as selected', () => {
  const found = fieldsOf(`query ($no: Boolean!) { node { id ... on Customer { name @include(if: $no) } } }`);
  expect(found).toEqual({ Query: ['node'], Order: ['id'], Customer: ['id', 'name'] });
});
