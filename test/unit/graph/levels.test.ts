import { expect, test } from '@jest/globals';
import type { GraphQLObjectType } from 'graphql';
import {
  buildSchema,
  execute,
  getOperationAST,
  isObjectType,
  parse,
  validate,
  type ExecutionResult,
  type GraphQLAbstractType,
} from 'graphql';
import { levelPlan } from '../../../src/graph/levels/plan.js';
import { chanceFrom, type Chance } from '../../../src/sample/chance.js';

const SCHEMA = `
  enum Kind { SMALL LARGE }
  interface Named { name: String! }
  type Box implements Named {
    name: String! size: Int! weight: Float kind: Kind note: String isOpen: Boolean! tags: [String!]! grid: [[Int]!]
    lid: Lid! label: Lid owner: Owner! keeper: Owner inside(first: Int = 2): [Box!]! beside: [Box] pair: [[Box!]]
    around: Named any: [Thing!] later: String laterCount: Int! sometimes: String sometimesMust: String!
  }
  type Lid { color: String! of: Lid }
  type Owner implements Named { name: String! boxes(first: Int!): [Box!] boss: Owner luck: Owner! }
  union Thing = Box | Owner
  type Query { box: Box boxes(first: Int): [Box!]! owner: Owner named: [Named]! anything: Thing must: Box! hello(to: String): String }
`;

interface Source {
  __typename: string;
  n: number;
  [field: string]: unknown;
}
const NULL = [null, undefined];

/** Records that are what their number makes of them; every fifth read fails, where there are failures at all. */
function schemaOf(failing: boolean) {
  const schema = buildSchema(SCHEMA);
  const fails = (n: number, field: string): void => {
    if (failing && (n + field.length) % 5 === 0) throw new Error(`${field} of ${n}`);
  };
  const lid = (n: number): object => ({ color: `c"${n}\\`, of: n % 2 ? { color: 'ü', of: null } : undefined });
  const record = (n: number): Source =>
    n % 4 === 3
      ? { __typename: 'Owner', n, name: `owner ${n}` }
      : {
          __typename: 'Box',
          n,
          name: `box ${n}`,
          size: n % 2 ? n : String(n),
          weight: n % 3 ? n / 3 : null,
          kind: n % 3 ? 'SMALL' : NULL[n % 2],
          note: n % 2 ? n : undefined,
          isOpen: n % 2 === 0,
          tags: ['a', n].slice(n % 3),
          grid: n % 3 ? [[1, null], []] : null,
          lid: lid(n),
          label: n % 3 ? lid(n + 1) : null,
        };
  const box = (n: number): Source => record(n % 4 === 3 ? n + 1 : n);
  const owner = (n: number): Source => record(n * 4 + 3);
  const soon = <T>(n: number, value: T): T | Promise<T> => (n % 2 ? Promise.resolve(value) : value);
  const read = (field: string, make: (n: number, args: { first?: number }) => unknown) => {
    return (source: Source | undefined, args: { first?: number }) => {
      const n = source?.n ?? 1;
      if (n % 2 === 0) return Promise.resolve().then(() => (fails(n, field), make(n, args)));
      fails(n, field);
      return soon(n, make(n, args));
    };
  };
  const many = (n: number, first: number | null = 3): Source[] =>
    Array.from({ length: first ?? 1 }, (_, i) => box(n + i));
  const resolvers: Record<string, Record<string, (n: number, args: { first?: number }) => unknown>> = {
    Box: {
      owner,
      keeper: (n) => (n % 3 ? owner(n) : null),
      inside: (n, { first }) => many(n + 1, first),
      beside: (n) => (n % 5 ? [box(n), null, box(n + 2)] : null),
      pair: (n) => [many(n, 1), null, many(n, n % 3)],
      around: (n) => record(n + 1),
      any: (n) => [record(n), record(n + 1), record(n + 2)],
      later: (n) => `later ${n}`,
      laterCount: (n) => String(n),
      sometimes: (n) => (n % 2 ? 'x' : null),
      sometimesMust: (n) => `must ${n}`,
    },
    Owner: { boxes: (n, { first }) => many(n, first), boss: (n) => (n % 3 ? owner(n + 1) : null), luck: owner },
    Query: {
      box,
      boxes: (n, { first }) => many(n, first),
      owner,
      named: (n) => [record(n), null, record(n + 2), record(n + 1)],
      anything: () => record(7),
      must: box,
      hello: (_, args) => `hello ${JSON.stringify(args)}`,
    },
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name === 'Named' || type.name === 'Thing') {
      (type as GraphQLAbstractType).resolveType = (value: Source) => value.__typename;
    }
    if (!isObjectType(type)) continue;
    for (const [field, make] of Object.entries(resolvers[type.name] ?? {})) {
      type.getFields()[field]!.resolve = read(field, make) as never;
    }
  }
  return schema;
}
const whole = schemaOf(false);
const failing = schemaOf(true);

type Answer = Pick<ExecutionResult, 'data' | 'errors'>;

/** The reference's answer, and ours; null where ours gives up. */
async function both(
  schema: typeof whole,
  text: string,
  variables: Record<string, unknown> = {},
): Promise<[Answer, Answer | null]> {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const plan = levelPlan(schema, document, getOperationAST(document))!;
  const expected = await execute({ schema, document, variableValues: variables });
  return [expected, await plan.run(undefined, {} as never, variables)].map(
    (answer) => answer && (JSON.parse(JSON.stringify(answer)) as Answer),
  ) as [Answer, Answer | null];
}

const DOCUMENTS: { text: string; variables?: Record<string, unknown> }[] = [
  {
    text: '{ __typename box { __typename name a: name size weight kind note isOpen tags grid lid { color of { color of { color } } } label { color } } }',
  },
  {
    text: '{ boxes { inside { owner { name boxes(first: 2) { name } } keeper { boss { name } } } beside { name later } pair { name laterCount } } }',
  },
  {
    text: '{ named { name __typename ... on Box { size owner { name } } ...owned } anything { ... on Owner { boss { name } } } } fragment owned on Owner { boxes(first: 1) { size } name }',
  },
  {
    text: '{ boxes(first: 0) { name owner { name } any { __typename } } box { any { ... on Box { name around { name } } ... on Named { name } } } }',
  },
  {
    text: 'query($a: Boolean!, $b: Boolean = false) { box { name @skip(if: $a) size @include(if: $b) ...more @include(if: $a) } } fragment more on Box { kind owner @skip(if: $b) { name } }',
    variables: { a: true },
  },
  {
    text: 'query($a: Boolean!, $b: Boolean = false) { box { name @skip(if: $a) size @include(if: $b) } }',
    variables: { a: false, b: true },
  },
  {
    text: 'query($n: Int = 3, $m: Int!, $to: String) { boxes(first: $n) { inside(first: $m) { name } } hello(to: $to) other: hello(to: "x") }',
    variables: { m: 1 },
  },
  { text: '{ __proto__: box { __proto__: name constructor: size hasOwnProperty: owner { toString: name } } }' },
  {
    text: '{ box { owner { name } owner { boss { name } } ...x } box { lid { color } } } fragment x on Box { owner { boxes(first: 1) { owner { name } } } lid { of { color } } }',
  },
];

test.each(DOCUMENTS)('answers level by level what is answered field by field: $text', async ({ text, variables }) => {
  const [expected, answer] = await both(whole, text, variables);
  expect(expected.errors).toBeUndefined();
  expect(JSON.stringify(answer)).toBe(JSON.stringify(expected));
});

const MOST_DEPTH = 2;

/** A document of fields that chance takes. */
function documentFrom(chance: Chance): string {
  const selection = (type: GraphQLObjectType, depth: number): string => {
    const fields = Object.values(type.getFields()).filter(() => chance.below(4) === 0);
    const texts = fields.flatMap((field) => {
      const args = field.args.length > 0 && field.name !== 'hello' ? `(first: ${chance.below(3)})` : '';
      const named = String(field.type).replace(/[[\]!]/g, '');
      const inner = whole.getType(named);
      if (isObjectType(inner))
        return depth > MOST_DEPTH ? [] : [`${field.name}${args} { ${selection(inner, depth + 1)} }`];
      if (named !== 'Named' && named !== 'Thing') return [`${field.name}${args}`];
      if (depth > MOST_DEPTH) return [];
      const on = ['Box', 'Owner'].map(
        (name) => `... on ${name} { ${selection(whole.getType(name) as GraphQLObjectType, depth + 1)} }`,
      );
      return [`${field.name} { __typename ${on.join(' ')} }`];
    });
    return ['__typename', ...texts].join(' ');
  };
  return `{ ${selection(whole.getQueryType()!, 0)} }`;
}

const at = (data: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], data);
const named = (errors: Answer['errors']) =>
  (errors ?? []).map(({ message, path }) => JSON.stringify([message, path])).toSorted();

test('answers what the reference answers, errors and all that they take along, whatever is asked', async () => {
  const chance = chanceFrom(20260301);
  let withErrors = 0;
  let withLoss = 0;
  for (let n = 0; n < 200; n += 1) {
    const text = documentFrom(chance);
    for (const schema of [whole, failing]) {
      const [expected, answer] = await both(schema, text);
      expect([text, answer?.data]).toEqual([text, expected.data]);
      // Of several errors that take the same object along, the reference tells of the first.
      const telling = answer!.errors?.filter(({ path }) => at(expected.data, path!.slice(0, -1)) != null);
      const required = expected.errors?.filter(({ path }) => at(expected.data, path!.slice(0, -1)) != null);
      expect([text, named(telling)]).toEqual([text, named(required)]);
      expect([text, named(answer!.errors)]).toEqual([text, expect.arrayContaining(named(expected.errors))]);
      if (expected.errors) withErrors += 1;
      if (expected.errors?.length !== required?.length) withLoss += 1;
    }
  }
  expect(withErrors).toBeGreaterThan(50);
  expect(withLoss).toBeGreaterThan(20);
});

test.each([
  ['a null that may not be', { name: null }],
  ['a number that is none', { name: 'x', size: 'many' }],
  ['a list that is none', { name: 'x', size: 1, tags: 'a' }],
  ['a record that is none', { name: 'x', size: 1, tags: [], lid: 5 }],
  ['a promise in the place of a value', { name: Promise.resolve('x'), size: 1, tags: [], lid: { color: 'c' } }],
  ['a promise in the place of a record', { name: 'x', size: 1, tags: [], lid: Promise.resolve({ color: 'c' }) }],
])('gives up at %s', async (_, record) => {
  const schema = schemaOf(false);
  schema.getQueryType()!.getFields()['box']!.resolve = () => record;
  const [, answer] = await both(schema, '{ box { name size tags lid { color } } }');
  expect(answer).toBeNull();
});

test('has no plan for a mutation, which must not run twice', () => {
  const schema = buildSchema('type Query { a: Int } type Mutation { a: Int }');
  const document = parse('mutation { a }');
  expect(levelPlan(schema, document, getOperationAST(document))).toBeNull();
});

test('reads a field once for a level, its arguments shared by all records', async () => {
  const schema = schemaOf(false);
  const asked: unknown[] = [];
  const inside = (schema.getType('Box') as GraphQLObjectType).getFields()['inside']!;
  const { resolve } = inside;
  inside.resolve = (source, args, context, info) => {
    asked.push(args);
    return resolve!(source, args, context, info);
  };
  const [, answer] = await both(schema, '{ boxes(first: 3) { inside(first: 1) { inside { name } } } }');
  expect(answer?.data).not.toBeNull();
  const ours = asked.slice(asked.length / 2);
  expect(new Set(ours).size).toBe(2);
  expect(ours).toHaveLength(6);
});
