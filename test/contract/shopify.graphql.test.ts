import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  validate,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { runBulk } from '../../connectors/shopify/documents/bulk.js';
import { DOCUMENTS, IN_BULK } from '../../connectors/shopify/documents/index.js';
import { failureIn, allowanceIn } from '../../connectors/shopify/failures.js';
import { GRAPHQL_PATH } from '../../connectors/shopify/client.js';
import shopify from '../../connectors/shopify/index.js';
import { schema as served } from '../../connectors/shopify/sandbox/api.js';
import { connected, walk } from '../../connectors/shopify/test/walk.js';
import { parseJsonExactly } from '../../src/connect/index.js';

// The vendor's contracts lie beside the working copy; they are not the project's to give away.
const contracts = new URL('../../../../shared/contracts/shopify/', import.meta.url);
const sdl = new URL('admin_2026-10.schema.graphql', contracts);
const recordings = new URL('graphql-recordings/', contracts);
const whenThere = (title: string, run: () => void | Promise<void>) =>
  existsSync(contracts)
    ? test(title, run)
    : test.skip(`${title} (skipped: no vendor contracts beside the working copy)`, run);

let known: GraphQLSchema | undefined;
function vendor(): GraphQLSchema {
  known ??= buildSchema(readFileSync(sdl, 'utf8'), { assumeValidSDL: true });
  return known;
}
const faultsOf = (text: string): string[] =>
  validate(vendor(), parse(text), [...specifiedRules, NoDeprecatedCustomRule]).map(({ message }) => message);

describe('what is asked of the vendor’s Admin API 2026-10', () => {
  whenThere('is valid, document by document, and uses nothing that is going away', () => {
    expect(DOCUMENTS.length).toBeGreaterThan(25);
    expect(IN_BULK).toHaveLength(5);
    const faulty = [...DOCUMENTS.map(({ text }) => text), ...IN_BULK].flatMap(faultsOf);
    expect(faulty).toEqual([]);
  });

  whenThere('would be found out if it were not', () => {
    expect(faultsOf('{ orders(first: 1) { nodes { nam } } }')).toHaveLength(1);
    expect(faultsOf('{ customer(id: "1") { email } }')[0]).toMatch(/deprecated/);
  });

  test('is a document of the list, whenever something is sent', async () => {
    const opened = await connected();
    try {
      const texts = new Set(DOCUMENTS.map(({ text }) => text));
      const sent = new Set<string>();
      const { http } = opened.context;
      const spied = {
        ...http,
        send: (request: Parameters<typeof http.send>[0]) => {
          const { query } = request.json as { query: string };
          expect([request.path, request.method, texts.has(query)]).toEqual([GRAPHQL_PATH, 'POST', true]);
          sent.add(request.operation);
          return http.send(request);
        },
      };
      opened.shop.act(5);
      const spying = { ...opened, context: { ...opened.context, http: spied } };
      for (const stream of shopify.pull.keys()) {
        await walk(stream, spying, null);
        await walk(stream, spying, new Date('2020-01-01T00:00:00Z'));
      }
      expect(sent.size).toBeGreaterThanOrEqual(7);
    } finally {
      await opened.stop();
    }
  });
});

describe('what the sandbox serves', () => {
  whenThere('is a part of the vendor’s schema', () => {
    const types = Object.values(served.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
    expect(types.length).toBeGreaterThan(80);
    expect(types.flatMap((type) => differences(type, vendor().getType(type.name)))).toEqual([]);
    expect(String(served.getDirective('idempotent')!.args[0]!.type)).toBe(
      String(vendor().getDirective('idempotent')!.args[0]!.type),
    );
  });

  whenThere('would be found out if it were not', () => {
    const other = buildSchema(
      'type Order { id: ID name: String! made: Int } enum OrderCancelReason { CUSTOMER BOREDOM }',
    );
    const found = ['Order', 'OrderCancelReason'].flatMap((name) =>
      differences(other.getType(name)!, vendor().getType(name)),
    );
    expect(found).toEqual([
      'Order.id: ID, but ID!',
      'Order.made: is not there',
      'OrderCancelReason.BOREDOM: is not there',
    ]);
  });
});

function differences(mine: GraphQLNamedType, theirs: GraphQLNamedType | undefined): string[] {
  if (!theirs) return [`${mine.name}: is not there`];
  if (isEnumType(mine)) {
    if (!isEnumType(theirs)) return [`${mine.name}: is no enum`];
    return mine.getValues().flatMap(({ name }) => (theirs.getValue(name) ? [] : `${mine.name}.${name}: is not there`));
  }
  if (isInputObjectType(mine)) {
    if (!isInputObjectType(theirs)) return [`${mine.name}: is no input`];
    const wanted = Object.values(theirs.getFields()).filter(isNeeded);
    return [
      ...Object.values(mine.getFields()).flatMap((field) =>
        typeFault(`${mine.name}.${field.name}`, field, theirs.getFields()[field.name]),
      ),
      ...wanted.filter(({ name }) => !mine.getFields()[name]).map(({ name }) => `${mine.name}.${name}: is needed`),
    ];
  }
  if (!isObjectType(mine) && !isInterfaceType(mine)) return [];
  if (!isObjectType(theirs) && !isInterfaceType(theirs)) return [`${mine.name}: is no object`];
  return Object.values(mine.getFields()).flatMap((field) => {
    const at = `${mine.name}.${field.name}`;
    const other = theirs.getFields()[field.name];
    if (!other) return [`${at}: is not there`];
    const args = field.args.flatMap((arg) =>
      typeFault(
        `${at}(${arg.name})`,
        arg,
        other.args.find(({ name }) => name === arg.name),
      ),
    );
    const missing = other.args.filter((arg) => isNeeded(arg) && !field.args.some(({ name }) => name === arg.name));
    return [...typeFault(at, field, other), ...args, ...missing.map(({ name }) => `${at}(${name}): is needed`)];
  });
}

function typeFault(at: string, mine: { type: unknown }, theirs: { type: unknown } | undefined): string[] {
  if (!theirs) return [`${at}: is not there`];
  return String(mine.type) === String(theirs.type) ? [] : [`${at}: ${String(mine.type)}, but ${String(theirs.type)}`];
}

function isNeeded({ type, defaultValue }: GraphQLArgument | GraphQLInputField): boolean {
  return String(type).endsWith('!') && defaultValue === undefined;
}

interface Exchange {
  query?: string;
  response: { data?: unknown; errors?: unknown[]; extensions?: object };
}

/** Every answer of a recording, wherever it stands in it. */
function answersIn(value: unknown): Exchange['response'][] {
  if (value === null || typeof value !== 'object') return [];
  const { data, extensions } = value as { data?: unknown; extensions?: { cost?: unknown } };
  if (data !== undefined && extensions?.cost) return [value as Exchange['response']];
  return Object.values(value).flatMap(answersIn);
}

describe('the vendor’s recorded answers', () => {
  whenThere('all tell what may still be asked, and none is taken for a failure', () => {
    const answers = readdirSync(recordings).flatMap((file) =>
      answersIn(parseJsonExactly(readFileSync(new URL(file, recordings)))),
    );
    expect(answers.length).toBeGreaterThan(30);
    for (const body of answers) {
      expect(allowanceIn(body)).toEqual({ available: expect.any(Number), burst: 2000, perSecond: 100 });
      const response = { status: 200, headers: {}, body };
      if (!body.errors) expect(failureIn(response, { operation: 'x', method: 'POST' })).toBeNull();
    }
  });

  whenThere('of bulk operations are what the sandbox answers, fault by fault', async () => {
    const file = new URL('bulk-operation-run-query-validators.json', recordings);
    const { validations } = JSON.parse(readFileSync(file, 'utf8')) as {
      validations: Record<
        string,
        { variables: { query: string }; response: { data: { bulkOperationRunQuery: unknown } } }
      >;
    };
    const opened = await connected();
    try {
      const compared: string[] = [];
      for (const [name, { variables, response }] of Object.entries(validations)) {
        if (!isServed(variables.query)) continue;
        const text = runBulk.text.replace(/bulkOperation \{[^}]*\}/, 'bulkOperation { id status }');
        const { body } = await opened.http.send({
          operation: 'x',
          method: 'POST',
          path: GRAPHQL_PATH,
          json: { query: text, variables: { query: variables.query } },
        });
        compared.push(name);
        expect([name, (body as { data: { bulkOperationRunQuery: unknown } }).data.bulkOperationRunQuery]).toEqual([
          name,
          response.data.bulkOperationRunQuery,
        ]);
      }
      expect(compared.length).toBeGreaterThanOrEqual(2);
    } finally {
      await opened.stop();
    }
  });
});

/** Whether the sandbox has what a recorded query asks about. */
function isServed(text: string): boolean {
  try {
    return validate(served, parse(text)).length === 0 && getNamedType(served.getQueryType()!) !== undefined;
  } catch {
    return false;
  }
}
