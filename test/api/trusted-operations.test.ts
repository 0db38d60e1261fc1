import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { getIntrospectionQuery, parse, print, stripIgnoredCharacters, type DocumentNode } from 'graphql';
import { eventually } from '../support/eventually.js';
import { ADMIN_KEY, newKey, startTestHub, type TestHub } from '../support/hub.js';
import { LiveClient, type StreamPayload } from '../support/live-client.js';
import { CREATE_ORDER, makeProducts, must } from '../support/shop.js';

const FOLDER = new URL('../../../schema/operations/', import.meta.url);
const EXAMPLES = readdirSync(FOLDER).map((file) => [file, readFileSync(new URL(file, FOLDER), 'utf8')] as const);
const example = (file: string) => EXAMPLES.find(([name]) => name === `${file}.graphql`)![1];

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (sha256Hash: unknown, version = 1) => ({ persistedQuery: { version, sha256Hash } });

/** What an operator registers besides the examples, as `generate-persisted-query-manifest` writes it. */
const SKUS = 'query Skus {\n  products {\n    nodes {\n      sku\n      __typename\n    }\n    __typename\n  }\n}';
const MANIFEST = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [
    { id: sha256(SKUS), name: 'Skus', type: 'query', body: SKUS },
    { id: 'who-am-i', name: 'WhoAmI', type: 'query', body: 'query WhoAmI { viewer { roles } }' },
  ],
};

let open: TestHub;
let trusted: TestHub;
const sockets = new Map<TestHub, LiveClient>();

beforeAll(async () => {
  open = await startTestHub();
  await makeProducts(open.graph, ['LAMP-1'], '10');
  trusted = await startTestHub({
    databaseUrl: open.database.url,
    trusted: { only: true, operations: MANIFEST.operations },
  });
  for (const hub of [open, trusted]) {
    sockets.set(hub, await LiveClient.connect(`${hub.hub.url.replace('http', 'ws')}/graphql`, ADMIN_KEY));
  }
});
afterAll(async () => {
  for (const socket of sockets.values()) socket.close();
  await trusted.stop();
  await open.stop();
});

interface Answer extends StreamPayload {
  status?: number;
}

async function post(hub: TestHub, body: object, accept = 'application/json'): Promise<Answer> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json', accept };
  const response = await fetch(`${hub.hub.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, ...((await response.json()) as object) };
}

async function get(hub: TestHub, params: Record<string, unknown>): Promise<Answer> {
  const texts = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const response = await fetch(`${hub.hub.url}/graphql?${new URLSearchParams(Object.fromEntries(texts))}`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  return { status: response.status, ...((await response.json()) as object) };
}

let operations = 0;
/** The first message that a socket answers; graphql-ws wants a text there, if only an empty one. */
async function live(hub: TestHub, payload: object): Promise<Answer> {
  const id = `op${(operations += 1)}`;
  const socket = sockets.get(hub)!;
  socket.send({ id, type: 'subscribe', payload: { query: '', ...payload } });
  await socket.until('an answer', () => socket.of(id).length > 0);
  const { type, payload: answer } = socket.of(id)[0]!;
  return type === 'error' ? ({ errors: answer } as Answer) : (answer as Answer);
}

const codes = ({ errors }: Answer) => (errors ?? []).map(({ extensions }) => extensions?.code);
const TRANSPORTS = [
  ['POST', post],
  ['GET', get],
  ['WebSocket', live],
] as const;

describe.each(TRANSPORTS)('by %s', (transport, send) => {
  test('a text that was sent with its hash is known by the hash from then on, to both transports', async () => {
    const query = `query By${transport} { viewer { roles } }`;
    const extensions = persisted(sha256(query));
    const unknown = await send(open, { extensions });
    expect([unknown.errors?.[0]?.message, codes(unknown)]).toEqual([
      'PersistedQueryNotFound',
      ['PERSISTED_QUERY_NOT_FOUND'],
    ]);
    const data = { viewer: { roles: ['ADMIN'] } };
    expect(await send(open, { query, extensions })).toMatchObject({ data });
    for (const [, other] of TRANSPORTS) {
      expect(await other(open, { extensions })).toMatchObject({ data });
      expect(await other(open, { documentId: `sha256:${sha256(query).toUpperCase()}` })).toMatchObject({ data });
    }
  });

  test('a text with another’s hash is refused and not kept', async () => {
    const hash = sha256(`nobody has sent this by ${transport}`);
    const query = '{ viewer { roles } }';
    expect(codes(await send(open, { query, extensions: persisted(hash) }))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await send(open, { query, documentId: hash }))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await send(open, { extensions: persisted(hash) }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(codes(await send(open, { query: '{ viewer { keyId } }', extensions: persisted(sha256(query)) }))).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  test('a name that cannot be read is refused', async () => {
    const hash = sha256('x');
    for (const extensions of [persisted(hash, 2), persisted(5), { persistedQuery: 'x' }, { persistedQuery: {} }]) {
      expect(codes(await send(open, { extensions }))).toEqual(['BAD_USER_INPUT']);
    }
  });

  test('variables and the operation’s name go with a hash as with a text', async () => {
    const query = 'query A { __typename } query B($sku: String) { product(sku: $sku) { sku } }';
    const call = { operationName: 'B', variables: { sku: 'LAMP-1' }, extensions: persisted(sha256(query)) };
    await send(open, { ...call, query });
    expect(await send(open, call)).toMatchObject({ data: { product: { sku: 'LAMP-1' } } });
    expect(await send(open, { ...call, variables: { sku: 'none' } })).toMatchObject({ data: { product: null } });
  });

  test('trusted only: refuses every other document, introspection included, and remembers none', async () => {
    const others = ['{ viewer { roles } }', '{ __typename }', '{ _service { sdl } }', '{', getIntrospectionQuery()];
    for (const query of others) {
      const extensions = persisted(sha256(query));
      expect(codes(await send(trusted, { query }))).toEqual(['DOCUMENT_NOT_TRUSTED']);
      expect(codes(await send(trusted, { query, extensions }))).toEqual(['DOCUMENT_NOT_TRUSTED']);
      expect(codes(await send(trusted, { extensions }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    }
  });

  test('trusted only: refuses a registered document with a field more', async () => {
    const query = example('search-customers').replace('number', 'number version');
    expect(query).not.toBe(example('search-customers'));
    expect(codes(await send(trusted, { query }))).toEqual(['DOCUMENT_NOT_TRUSTED']);
    const hash = sha256(example('search-customers'));
    expect(codes(await send(trusted, { query, extensions: persisted(hash) }))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await send(trusted, { query, documentId: 'who-am-i' }))).toEqual(['BAD_USER_INPUT']);
  });

  test('trusted only: runs a manifest’s documents by id or hash', async () => {
    const { body } = MANIFEST.operations[1]!;
    const data = { viewer: { roles: ['ADMIN'] } };
    const names = [
      { documentId: 'who-am-i' },
      { documentId: `sha256:${sha256(body)}` },
      { extensions: persisted('who-am-i') },
      { extensions: persisted(sha256(print(parse(body)))) },
      { query: body },
      { query: `# mine\n${body}` },
    ];
    for (const name of names) expect(await send(trusted, name)).toMatchObject({ data });
  });
});

test.each(EXAMPLES)('trusted only: %s runs in each form that a client makes of it', async (_, text) => {
  const document = parse(text);
  const withTypenames = print(new InMemoryCache().transformDocument(document));
  for (const form of [text, print(document), withTypenames]) {
    for (const request of [
      { query: form },
      { extensions: persisted(sha256(form)) },
      { documentId: `sha256:${sha256(form)}` },
      { documentId: sha256(form) },
    ]) {
      // Without its variables it comes as far as they, and a stream as far as to be told its transport.
      const isSubscription = /^subscription/m.test(text);
      const found = codes(await post(trusted, request));
      expect(isSubscription ? found : found.filter((code) => code !== 'BAD_USER_INPUT')).toEqual(
        isSubscription ? ['BAD_USER_INPUT'] : [],
      );
    }
  }
  const compact = { query: stripIgnoredCharacters(text) };
  expect(codes(await post(trusted, compact))).not.toContain('DOCUMENT_NOT_TRUSTED');
});

test('a refused document answers 200 as application/json, 400 as application/graphql-response+json', async () => {
  for (const [body, refusal] of [
    [{ query: '{ __typename }' }, 'DOCUMENT_NOT_TRUSTED'],
    [{ documentId: sha256('nothing') }, 'PERSISTED_QUERY_NOT_FOUND'],
  ] as const) {
    for (const [accept, status] of [
      ['application/json', 200],
      ['application/graphql-response+json', 400],
    ] as const) {
      const answer = await post(trusted, body, accept);
      expect([answer.status, codes(answer)]).toEqual([status, [refusal]]);
    }
  }
});

test('trusted only: the key is asked for before the document is looked at', async () => {
  for (const body of [{ query: '{ __typename }' }, { documentId: 'who-am-i' }]) {
    const response = await fetch(`${trusted.hub.url}/graphql`, { method: 'POST', body: JSON.stringify(body) });
    expect(response.status).toBe(401);
  }
});

test('trusted only: nothing slips by in another shape', async () => {
  const url = `${trusted.hub.url}/graphql?`;
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const registered = encodeURIComponent(MANIFEST.operations[1]!.body);
  const twice = await fetch(`${url}query=${registered}&query=%7B__typename%7D`, { headers });
  expect([twice.status, JSON.stringify(await twice.json())]).toEqual([400, expect.not.stringContaining('"data"')]);
  for (const body of [
    [{ query: '{ __typename }' }],
    { query: ['{ __typename }'] },
    { query: parse('{ __typename }') },
  ]) {
    const answer = await post(trusted, body);
    expect([answer.status, 'data' in answer]).toEqual([400, false]);
  }
});

test('trusted only: a subscription is opened by the hash of its document', async () => {
  const socket = sockets.get(trusted)!;
  const extensions = persisted(sha256(print(parse(example('order-events')))));
  socket.send({ id: 'live', type: 'subscribe', payload: { query: '', extensions, variables: { after: 'no cursor' } } });
  await socket.until('the answer', () => socket.of('live').length > 0);
  expect(socket.of('live')[0]).toMatchObject({ type: 'error', payload: [{ extensions: { field: 'after' } }] });

  socket.send({ id: 'events', type: 'subscribe', payload: { query: '', extensions } });
  await eventually('the subscription', async () =>
    /^hub_live_subscriptions 1$/m.test(await (await fetch(`${trusted.hub.url}/metrics`)).text()),
  );
  const input = {
    idempotencyKey: newKey(),
    channel: 'api',
    currency: 'EUR',
    lines: [{ sku: 'LAMP-1', quantity: '1' }],
  };
  await must(open.graph(CREATE_ORDER, { input }));
  const [first] = await socket.untilNexts('events', 1);
  expect(first).toMatchObject({ data: { orderEvents: { sequence: 1, order: { status: 'RECEIVED' } } } });
});

describe('Apollo Client', () => {
  function client(hub: TestHub, persist: PersistedQueryLink.Options) {
    const sent: { query?: string }[] = [];
    const http = new HttpLink({
      uri: `${hub.hub.url}/graphql`,
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
      fetch: (uri, options) => {
        sent.push(options?.body ? (JSON.parse(options.body as string) as { query?: string }) : {});
        return fetch(uri, options);
      },
    });
    const link = ApolloLink.from([new PersistedQueryLink(persist), http]);
    const apollo = new ApolloClient({ link, cache: new InMemoryCache() });
    const ask = async (query: DocumentNode) => (await apollo.query({ query, fetchPolicy: 'no-cache' })).data;
    return { sent, ask };
  }

  test.each([false, true])('sends a text once, then its hash alone (by GET: %s)', async (useGETForHashedQueries) => {
    const { sent, ask } = client(open, { sha256, useGETForHashedQueries });
    const query = gql`query Mine${useGETForHashedQueries ? 'Got' : ''} { product(sku: "LAMP-1") { sku } }`;
    const data = { product: { __typename: 'Product', sku: 'LAMP-1' } };
    for (let time = 0; time < 3; time += 1) expect(await ask(query)).toEqual(data);
    expect(sent.map((body) => 'query' in body)).toEqual([false, true, false, false]);
  });

  test('trusted only: runs an example by its hash, with the type names it asks for', async () => {
    const { sent, ask } = client(trusted, { sha256 });
    expect(await ask(gql(example('search-customers')))).toMatchObject({
      customers: { __typename: 'CustomerConnection', nodes: [] },
    });
    expect(sent).toHaveLength(1);
  });

  test('trusted only: runs what its manifest lists', async () => {
    // It requires Apollo Client, which Jest can only do when that is loaded.
    const { generatePersistedQueryIdsFromManifest } = await import('@apollo/persisted-query-lists');
    const ids = generatePersistedQueryIdsFromManifest({ loadManifest: () => Promise.resolve(MANIFEST as never) });
    const { sent, ask } = client(trusted, ids);
    expect(await ask(gql('query Skus { products { nodes { sku } } }'))).toMatchObject({
      products: { nodes: [{ sku: 'LAMP-1' }] },
    });
    expect(sent).toMatchObject([{ operationName: 'Skus', extensions: persisted(sha256(SKUS)) }]);
  });

  test('trusted only: is told that its document is none of the registered', async () => {
    const { sent, ask } = client(trusted, { sha256 });
    await expect(ask(gql('query Other { products { totalCount } }'))).rejects.toMatchObject({
      errors: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }],
    });
    expect(sent.map((body) => 'query' in body)).toEqual([false, true]);
  });
});

test('the explorer says that only registered documents run, and each of its tabs is one', async () => {
  const tabsOf = async ({ hub }: TestHub) =>
    (await (await fetch(`${hub.url}/explorer/tabs.json`)).json()) as {
      isTrustedOnly: boolean;
      tabs: { query: string }[];
    };
  expect((await tabsOf(open)).isTrustedOnly).toBe(false);
  const { isTrustedOnly, tabs } = await tabsOf(trusted);
  expect([isTrustedOnly, tabs.length]).toEqual([true, EXAMPLES.length]);
  // A stream that cannot begin answers at once.
  const variables = { after: 'no cursor' };
  for (const { query } of tabs) {
    for (const answer of [
      await post(trusted, { query: `# A line above.\n\n${query}` }),
      await live(trusted, { query, variables }),
    ]) {
      expect(codes(answer)).not.toContain('DOCUMENT_NOT_TRUSTED');
    }
  }
});
