import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  GraphQLObjectType,
  GraphQLSchema,
  lexicographicSortSchema,
  parse,
  printSchema,
  type IntrospectionQuery,
} from 'graphql';
import { hubSchema } from '../../../src/app.js';
import { GraphContext, type GraphServices } from '../../../src/graph/context.js';
import { Executor } from '../../../src/graph/execution.js';
import { leanSchema } from '../../../src/graph/lean-schema.js';
import { DecimalScalar } from '../../../src/graph/scalars.js';
import { TestLog } from '../../support/hub.js';

const context = () => new GraphContext({ log: new TestLog() } as unknown as GraphServices, {} as never, 'test');

async function twice(schema: GraphQLSchema, text: string): Promise<unknown[]> {
  const executor = new Executor(schema);
  const operation = { document: parse(text), hash: text, operationName: undefined, variables: {} };
  const first = await executor.execute(operation, context());
  const second = await executor.execute(operation, context());
  return [first, second].map((result) => JSON.parse(JSON.stringify(result)) as unknown);
}

const VALUES = `type Query { count: Int! ratio: Float text: String! id: ID! flag: Boolean! nothing: Int list: [Int!]! }`;
const answers = { count: '12', ratio: '0.5', text: 'x', id: 'y', flag: true, nothing: null, list: ['1', 2] };

function schemaOf(values: Record<string, unknown>): GraphQLSchema {
  const schema = buildSchema(VALUES);
  for (const field of Object.values(schema.getQueryType()!.getFields())) field.resolve = () => values[field.name];
  return schema;
}

test('answers the same from a document seen first and from one that is compiled', async () => {
  const document = '{ count ratio text id flag nothing list }';
  const [first, second] = await twice(schemaOf(answers), document);
  expect(first).toEqual({
    data: { count: 12, ratio: 0.5, text: 'x', id: 'y', flag: true, nothing: null, list: [1, 2] },
  });
  expect(second).toEqual(first);
});

test.each([
  ['null where a value must be', { ...answers, text: null }],
  ['a number that is none', { ...answers, count: 'many' }],
  ['an integer out of range', { ...answers, count: '3000000000' }],
])('answers the same errors compiled: %s', async (_, values) => {
  const [first, second] = (await twice(schemaOf(values), '{ count text }')) as { errors: { locations?: object }[] }[];
  expect(first!.errors).toHaveLength(1);
  // Where in the document: known to those who run it uncompiled alone.
  for (const error of first!.errors) delete error.locations;
  expect(second).toEqual(first);
});

test('tells of the public schema however often it is asked', async () => {
  const schema = hubSchema();
  const [first, second] = (await twice(schema, getIntrospectionQuery({ specifiedByUrl: true }))) as {
    data: IntrospectionQuery;
  }[];
  const sorted = (of: GraphQLSchema) => printSchema(lexicographicSortSchema(of));
  expect(sorted(buildClientSchema(first!.data))).toBe(sorted(schema));
  expect(second).toEqual(first);
  const [, type] = await twice(schema, '{ __type(name: "Money") { fields { name type { ofType { name } } } } }');
  expect(type).toMatchObject({ data: { __type: { fields: [{ type: { ofType: { name: 'Decimal' } } }, {}] } } });
});

test('the schema of compiled queries differs in scalars alone, and in answers alone', () => {
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: { rate: { type: DecimalScalar, args: { of: { type: DecimalScalar } } } },
    }),
  });
  expect(printSchema(leanSchema(schema))).toContain('rate(of: Decimal): String');
});

test('takes the default of a variable that may not be null, compiled or not', async () => {
  const schema = buildSchema(`type Query { echo(a: Int!, b: E!): String! } enum E { X Y }`);
  schema.getQueryType()!.getFields().echo!.resolve = (_, { a, b }: { a: number; b: string }) => `${a} ${b}`;
  const text = 'query($a: Int! = 5, $b: E! = Y) { echo(a: $a, b: $b) }';
  const executor = new Executor(schema);
  const ask = (variables: Record<string, unknown>) =>
    executor.execute({ document: parse(text), hash: text, operationName: undefined, variables }, context());
  const asked = [{}, {}, { a: 7 }, { b: 'X' }];
  expect(await Promise.all(asked.map(ask))).toEqual(['5 Y', '5 Y', '7 Y', '5 X'].map((echo) => ({ data: { echo } })));
});
