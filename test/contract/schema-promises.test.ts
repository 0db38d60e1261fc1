import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Compiled tests run in dist/test/contract. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Outcome {
  code: number;
  output: string;
}

let folder: string;
let schema: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-schema-promises-'));
  schema = await readFile(join(root, 'schema', 'schema.graphql'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// Most of its cases need no process of their own: that a broken promise fails the command, two of them show.
const { checkPromise } = (await import(pathToFileURL(join(root, 'scripts', 'promise.mjs')).href)) as {
  checkPromise(args: string[]): Promise<Outcome>;
};

function run(script: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'scripts', script), ...args], { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, output: `${stdout}${stderr}` });
    });
  });
}

let files = 0;
async function file(text: string): Promise<string> {
  const path = join(folder, `schema-${(files += 1)}.graphql`);
  await writeFile(path, text);
  return path;
}

/** The schema with one piece in another's place; a piece that is not there would test nothing. */
function planted(piece: string | RegExp, other: string, into = schema): string {
  const text = into.replace(piece, other);
  if (text === into) throw new Error(`the schema has no ${piece}`);
  return text;
}

/** All in one schema: the rule that must find it, what its message names, and what is planted. */
const faults: [string, string, string, (into: string) => string][] = [
  [
    'a field without a description',
    'require-description',
    '"still" in type "Silent"',
    added('"""T."""\ntype Silent {\n  still: Int\n}'),
  ],
  ['a type without a description', 'require-description', '"Untold"', added('type Untold {\n  "It."\n  it: Int\n}')],
  [
    'a field with an underscore',
    'naming-convention',
    'the_field',
    added('"""T."""\ntype Scored {\n  "It."\n  the_field: Int\n}'),
  ],
  [
    'a type in lower case',
    'naming-convention',
    'lower_case',
    added('"""T."""\ntype lower_case {\n  "It."\n  it: Int\n}'),
  ],
  ['an enum value in lower case', 'naming-convention', 'quiet', added('"""E."""\nenum Loudness {\n  "Q."\n  quiet\n}')],
  [
    'a field that repeats its type',
    'no-typename-prefix',
    'parcelSize',
    added('"""T."""\ntype Parcel {\n  "It."\n  parcelSize: Int\n}'),
  ],
  [
    'a connection without pageInfo',
    'relay-connection-types',
    'pageInfo',
    added('"""C."""\ntype BareConnection {\n  "E."\n  edges: [OrderEdge!]!\n}'),
  ],
  [
    'an edge without a cursor',
    'relay-edge-types',
    'cursor',
    (into) => planted(/(type OrderEdge \{\n)[\s\S]*?cursor: String!\n/, '$1', into),
  ],
  [
    'a PageInfo without endCursor',
    'relay-page-info',
    'endCursor',
    (into) => planted(/ {2}"""[^"]*"""\n {2}endCursor: String\n/, '', into),
  ],
  [
    'a list without its arguments',
    'relay-arguments',
    'Connection',
    (into) => planted(/(type Query \{)/, '$1\n  "O."\n  allOrders: OrderConnection!', into),
  ],
  ['a type that nothing leads to', 'no-unreachable-types', 'Untold', (into) => into],
  [
    'a mutation that answers a scalar',
    'no-scalar-result-type-on-mutation',
    'Boolean',
    (into) => planted(/(type Mutation \{)/, '$1\n  "D."\n  doIt: Boolean!', into),
  ],
  [
    'a deprecation without a date',
    'hub/deprecation-date',
    'until',
    added('"""T."""\ntype Old {\n  "It."\n  it: Int @deprecated(reason: "Use another.")\n}'),
  ],
  [
    'a deprecation without a reason',
    'require-deprecation-reason',
    'reason',
    added('"""T."""\ntype Older {\n  "It."\n  it: Int @deprecated\n}'),
  ],
];

function added(text: string): (into: string) => string {
  return (into) => `${into}\n${text}\n`;
}

describe('the rules of the graph', () => {
  let after: Outcome;
  beforeAll(async () => {
    const all = faults.reduce((text, [, , , plant]) => plant(text), schema);
    after = await run('check-graph-rules.mjs', await file(all));
  });

  test('find nothing in the schema as it is, with a deprecation that has a date', async () => {
    const dated = '  amount: Decimal! @deprecated(reason: "Use another; stays until 2027-01-31.")';
    const text = planted('  amount: Decimal!', dated);
    expect(await run('check-graph-rules.mjs', await file(text))).toEqual({ code: 0, output: '' });
  });

  test('fail the check when one is broken', () => {
    expect(after.code).toBe(1);
  });

  test.each(faults.map(([title, rule, name]) => [title, rule, name] as const))('find %s', (_, rule, name) => {
    const found = after.output.split('\n').filter((line) => line.endsWith(`${rule})`));
    expect(found.join('\n')).toContain(name);
  });
});

describe('the promise of the last release', () => {
  const compare = async (promised: string, now: string): Promise<Outcome> =>
    checkPromise(['--promised', await file(promised), '--schema', await file(now)]);

  test('is kept by the schema as it is', async () => {
    expect(await run('check-promise.mjs')).toEqual({ code: 0, output: '' });
  });

  test.each<[string, string | RegExp, string]>([
    ['a field that is gone', /\n {2}"""[^"]*"""\n {2}hasNextPage: Boolean!/, ''],
    ['an enum value that is gone', /\n {2}"""[^"]*"""\n {2}POINT_OF_SALE/, ''],
    ['a field of another type', '  amount: Decimal!', '  amount: Float!'],
    ['a field that may be null now', '  amount: Decimal!', '  amount: Decimal'],
    ['an argument that is required now', /(\n {2}customer\([\s\S]*?id: ID)\n/, '$1!\n'],
    ['an input that is required now', /(input CustomerFilter \{[\s\S]*?tag: String)\n/, '$1!\n'],
  ])('is broken by %s', async (_, piece, other) => {
    const { code, output } = await compare(schema, planted(piece, other));
    expect(output).toMatch(/^breaks a promise: /);
    expect(code).toBe(1);
  });

  test('is kept by what is added', async () => {
    const more = planted('  amount: Decimal!', '  amount: Decimal!\n\n  "More."\n  more: Int');
    expect(await compare(schema, more)).toEqual({ code: 0, output: '' });
  });

  test.each([
    ['2026-01-31', 0],
    ['2999-01-31', 1],
  ])('lets a name that is deprecated until %s go only when that day has passed', async (day, code) => {
    const old = '\n\n  "Old."\n  old: Int';
    const promised = planted(
      '  amount: Decimal!',
      `  amount: Decimal!${old} @deprecated(reason: "Stays until ${day}.")`,
    );
    expect((await compare(promised, schema)).code).toBe(code);
    expect((await compare(planted('  amount: Decimal!', `  amount: Decimal!${old}`), schema)).code).toBe(1);
  });

  test('is only ever extended', async () => {
    const more = planted('  amount: Decimal!', '  amount: Decimal!\n\n  "More."\n  more: Int');
    const promised = await file(schema);
    expect((await checkPromise(['--extend', '--promised', promised, '--schema', await file(more)])).code).toBe(0);
    expect(await readFile(promised, 'utf8')).toBe(more);
    expect(
      (await run('check-promise.mjs', '--extend', '--promised', promised, '--schema', await file(schema))).code,
    ).toBe(1);
    expect(await readFile(promised, 'utf8')).toBe(more);
  });
});

test('a schema that is stale fails the check', async () => {
  const { cp } = await import('node:fs/promises');
  const house = await mkdtemp(join(folder, 'house-'));
  await cp(join(root, 'schema'), join(house, 'schema'), { recursive: true });
  await writeFile(join(house, 'schema', 'schema.graphql'), planted('  amount: Decimal!', '  amount: String!'));
  const cli = join(root, 'dist', 'src', 'cli.js');
  const outcome = await new Promise<Outcome>((resolve) => {
    execFile(process.execPath, [cli, 'schema', '--check'], { cwd: house }, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, output: `${stdout}${stderr}` }),
    );
  });
  expect(outcome.code).toBe(1);
  expect(outcome.output).toContain('schema/schema.graphql is stale');
});
