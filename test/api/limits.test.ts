import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { LiveClient } from '../support/live-client.js';
import { ADMIN_KEY, startTestHub, type TestHub } from '../support/hub.js';
import { Desk } from './support/desk.js';

const LIMITS = { depth: 6, aliases: 5, tokens: 300, cost: 2_000, bodyBytes: 20_000, subscriptionsPerSocket: 3 };

let hub: TestHub;
let desk: Desk;
let socket: LiveClient;

beforeAll(async () => {
  hub = await startTestHub({ limits: LIMITS });
  desk = new Desk(hub);
  socket = await connect();
});
afterAll(async () => {
  socket.close();
  await hub.stop();
});

function connect(key = ADMIN_KEY): Promise<LiveClient> {
  return LiveClient.connect(`${hub.hub.url.replace('http', 'ws')}/graphql`, key);
}

interface GraphError {
  message: string;
  extensions: { code: string; limit?: string };
}

let operations = 0;
async function overSocket(query: string, variables?: Record<string, unknown>): Promise<GraphError[]> {
  const id = `op${(operations += 1)}`;
  socket.subscribe(id, query, variables);
  await socket.until('an answer', () => socket.of(id).length > 0);
  const { type, payload } = socket.of(id)[0]!;
  return (type === 'error' ? payload : ((payload as { errors?: GraphError[] }).errors ?? [])) as GraphError[];
}

/** The answer of both transports, which must be the same: the message of the first error, or that there is none. */
async function refusalOf(query: string, variables?: Record<string, unknown>): Promise<string> {
  const http = ((await desk.answer(query, variables)).errors ?? []) as GraphError[];
  const live = await overSocket(query, variables);
  const shown = (errors: GraphError[]) => errors.map(({ message, extensions }) => `${extensions.code} ${message}`);
  expect(shown(live)).toEqual(shown(http));
  return shown(http)[0] ?? 'nothing';
}

const DEEP = 'LIMIT_EXCEEDED depth: at most 6, this document has 7';

describe.each<[string, string, string]>([
  ['six fields deep', '{ orders(first: 9) { nodes { customer { orders(first: 9) { nodes { id } } } } } }', 'nothing'],
  ['seven fields deep', '{ orders { nodes { customer { orders { nodes { lines { id } } } } } } }', DEEP],
  [
    'seven through a fragment',
    '{ orders { nodes { ...o } } } fragment o on Order { customer { orders { nodes { lines { id } } } } }',
    DEEP,
  ],
  [
    'seven through fragments in fragments',
    `{ orders { ...a } } fragment a on OrderConnection { nodes { ...b } }
    fragment b on Order { customer { ...c } } fragment c on Customer { orders { nodes { lines { id } } } }`,
    DEEP,
  ],
  [
    'seven through an inline fragment',
    '{ node(id: "x") { ... on Order { customer { orders { nodes { lines { product { id } } } } } } } }',
    DEEP,
  ],
  ['five aliases', '{ a: __typename b: __typename c: __typename d: __typename e: __typename }', 'nothing'],
  [
    'six aliases, of __typename',
    '{ a: __typename b: __typename c: __typename d: __typename e: __typename f: __typename }',
    'LIMIT_EXCEEDED aliases: at most 5, this document has 6',
  ],
  [
    'six aliases in a fragment',
    '{ viewer { ...v } } fragment v on Viewer { a: roles b: roles c: roles d: roles e: roles f: roles }',
    'LIMIT_EXCEEDED aliases: at most 5, this document has 6',
  ],
  ['a page of 250 of one field', '{ orders(first: 250) { nodes { id } } }', 'nothing'],
  [
    'pages within pages',
    '{ customers(first: 50) { nodes { orders(first: 50) { nodes { id } } } } }',
    'LIMIT_EXCEEDED cost: at most 2000, this document costs 5101',
  ],
  [
    'pages within pages of the usual size',
    '{ customers { nodes { orders { nodes { id } } } } }',
    'LIMIT_EXCEEDED cost: at most 2000, this document costs 5101',
  ],
  [
    'the last of pages within pages',
    '{ customers(last: 50) { nodes { orders(last: 50) { nodes { id } } } } }',
    'LIMIT_EXCEEDED cost: at most 2000, this document costs 5101',
  ],
])('a document with %s', (_, query, expected) => {
  test(`is answered alike over HTTP and WebSocket, each time: ${expected}`, async () => {
    for (let time = 0; time < 3; time += 1) expect(await refusalOf(query)).toBe(expected);
  });
});

test('the cost counts page sizes that come as variables, and the ids that are asked for', async () => {
  const query = 'query($n: Int) { customers(first: $n) { nodes { orders(first: $n) { nodes { id } } } } }';
  expect(await refusalOf(query, { n: 10 })).toBe('nothing');
  expect(await refusalOf(query, { n: 50 })).toBe('LIMIT_EXCEEDED cost: at most 2000, this document costs 5101');
  const nodes = 'query($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { orders(first: 100) { nodes { id } } } } }';
  expect(await refusalOf(nodes, { ids: Array(5).fill('x') })).toBe('nothing');
  expect(await refusalOf(nodes, { ids: Array(50).fill('x') })).toBe(
    'LIMIT_EXCEEDED cost: at most 2000, this document costs 10051',
  );
});

test('a document of too many tokens is refused before it is read to its end', async () => {
  const query = (fields: number) => `{ viewer { ${'roles '.repeat(fields)} } }`;
  expect(await refusalOf(query(290))).toBe('nothing');
  expect(await refusalOf(query(400))).toBe(
    'GRAPHQL_PARSE_FAILED Syntax Error: Document contains more that 300 tokens. Parsing aborted.',
  );
});

test('a page of more than 250 is refused', async () => {
  expect(await refusalOf('{ orders(first: 251) { totalCount } }')).toBe(
    'BAD_USER_INPUT first: expected 0 to 250, got 251',
  );
});

test('what neither knows is refused alike, without a suggestion', async () => {
  expect(await refusalOf('{ ordrs { id } }')).toBe(
    'GRAPHQL_VALIDATION_FAILED Cannot query field "ordrs" on type "Query".',
  );
  expect(await refusalOf('{ orders(')).toBe('GRAPHQL_PARSE_FAILED Syntax Error: Expected Name, found <EOF>.');
  expect(
    await refusalOf('query($c: CurrencyCode!) { product(sku: "x") { price(currency: $c) { amount } } }', { c: 'euro' }),
  ).toContain('BAD_USER_INPUT');
});

test('takes so many subscriptions on one socket and no more, and goes on with those it has', async () => {
  const client = await connect();
  for (const id of ['one', 'two', 'three']) client.subscribe(id, 'subscription { orderEvents { sequence } }');
  client.subscribe('four', 'subscription { orderEvents { sequence } }');
  expect((await client.untilError('four')).extensions).toEqual({
    code: 'LIMIT_EXCEEDED',
    limit: 'subscriptionsPerSocket',
  });
  const sku = await desk.product('1.00', null, { isStocked: false });
  await desk.order({ lines: [{ sku, quantity: '1' }] });
  for (const id of ['one', 'two', 'three']) await client.untilNexts(id, 1);
  client.send({ id: 'one', type: 'complete' });
  client.subscribe('five', '{ __typename }');
  await client.untilNexts('five', 1);
  client.close();
});

describe('a body', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${hub.hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}`, ...headers },
      body,
    });
  const facts = async (response: Response) => [
    response.status,
    response.headers.get('content-type'),
    ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code,
  ];
  const JSON_BODY = 'application/json; charset=utf-8';

  test('of the size allowed is read, and a byte more is refused with 413 as JSON', async () => {
    const body = (bytes: number) => {
      const text = JSON.stringify({ query: '{ __typename }', extensions: { pad: '' } });
      return text.replace('"pad":""', `"pad":"${'x'.repeat(bytes - text.length)}"`);
    };
    expect((await post(body(LIMITS.bodyBytes))).status).toBe(200);
    const refused = await post(body(LIMITS.bodyBytes + 1));
    expect(await facts(refused)).toEqual([413, JSON_BODY, 'BAD_USER_INPUT']);
  });

  test('that does not say its length is cut off at the limit', async () => {
    const stream = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 5; n += 1) controller.enqueue(new TextEncoder().encode('x'.repeat(10_000)));
        controller.close();
      },
    });
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` },
      body: stream,
      duplex: 'half',
    };
    expect(await facts(await fetch(`${hub.hub.url}/graphql`, init as RequestInit))).toEqual([
      413,
      JSON_BODY,
      'BAD_USER_INPUT',
    ]);
  });

  test.each(['', '{', '{"query":', 'query { __typename }', "{'query': 1}", '\0'])(
    '%j, which is no JSON, is refused with 400 as JSON',
    async (body) => {
      expect(await facts(await post(body))).toEqual([400, JSON_BODY, 'BAD_USER_INPUT']);
    },
  );

  test('of another type is refused with 415', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
      expect((await post('{"query":"{ __typename }"}', { 'content-type': type })).status).toBe(415);
    }
  });

  test.each(['[]', '[{"query":"{ __typename }"}]', '[{"query":"{ __typename }"},{"query":"{ __typename }"}]'])(
    'with a batch, %s, is refused',
    async (body) => {
      const response = await post(body);
      expect(response.status).toBe(400);
      expect(((await response.json()) as { errors: object[] }).errors).toHaveLength(1);
    },
  );

  test.each(['null', '5', '"x"', '{}', '{"query":5}', '{"query":"{ __typename }","variables":[]}', '{"query":""}'])(
    '%s, which is no request, is refused with 400',
    async (body) => {
      expect((await post(body)).status).toBe(400);
    },
  );

  test('that cannot be parsed as GraphQL is a mistake of the client’s, never a fault', async () => {
    const accept = 'application/graphql-response+json';
    for (const query of ['{', '}', '{ a(b: ) }', '"', '{ __typename } {', ' ']) {
      expect((await post(JSON.stringify({ query }), { accept })).status).toBe(400);
    }
    expect(hub.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test('refuses a mutation by GET', async () => {
  const query = 'mutation { placeOrder(input: { orderId: "x" }) { replayed } }';
  const response = await fetch(`${hub.hub.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  expect(response.status).toBe(405);
});

test('a key that has spent its minute is refused with 429 and told when to come again; others are not', async () => {
  const small = await startTestHub({ limits: { requestsPerMinute: 20 } });
  try {
    const admin = new Desk(small);
    const spender = await admin.colleague(['VIEWER']);
    const statuses = await Promise.all(
      Array.from({ length: 25 }, async () => (await spender.answer('{ __typename }')).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    const response = await fetch(`${small.hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${spender.key}` },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'TOO_MANY_REQUESTS' } }] });
    expect((await admin.answer('{ __typename }')).status).toBe(200);
    const client = await LiveClient.connect(`${small.hub.url.replace('http', 'ws')}/graphql`, ADMIN_KEY);
    const codes: unknown[] = [];
    for (let n = 0; n < 25; n += 1) client.subscribe(`op${n}`, '{ __typename }');
    await eventually('the refusals', () =>
      Array.from({ length: 25 }, (_, n) => client.of(`op${n}`).length > 0).every(Boolean),
    );
    for (let n = 0; n < 25; n += 1) {
      const error = client.of(`op${n}`).find(({ type }) => type === 'error');
      if (error) codes.push((error.payload as GraphError[])[0]!.extensions.code);
    }
    expect(new Set(codes)).toEqual(new Set(['TOO_MANY_REQUESTS']));
    client.close();
  } finally {
    await small.stop();
  }
});
