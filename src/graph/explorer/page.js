// Runs in the browser: GraphiQL, with one key for all tabs and for HTTP and WebSocket alike.
/* global document, fetch, location, sessionStorage, window */
'use strict';

const PLACEHOLDER = 'Bearer <key>';
const STORED = 'hub.authorization';
const SETTLED_MS = 400;
const HINT = '# Put an API key into Headers below: it goes for all tabs.\n\n';
const TRUSTED_ONLY =
  '# This hub runs registered documents only, such as this one: change its variables, not its fields.\n\n';

/** The key that a tab named last; it goes for every tab that still has the placeholder, until the browser is closed. */
const key = {
  current: sessionStorage.getItem(STORED) ?? undefined,
  waiting: [],
  remember(authorization) {
    if (authorization === this.current) return;
    this.current = authorization;
    sessionStorage.setItem(STORED, authorization);
    for (const resume of this.waiting.splice(0)) resume();
  },
  changed() {
    return new Promise((resolve) => this.waiting.push(resolve));
  },
};

function namedKey(headers) {
  const entry = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization');
  const value = entry?.[1];
  return typeof value === 'string' && value !== PLACEHOLDER && /^Bearer\s+\S+$/i.test(value) ? value : undefined;
}

function withKey(headers) {
  const others = Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== 'authorization');
  return { ...Object.fromEntries(others), ...(key.current && { authorization: key.current }) };
}

function post(params, headers) {
  return fetch('/graphql', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
}

/** The schema is read as soon as there is a key that opens it. */
async function introspect(params, headers) {
  for (;;) {
    if (!key.current) await key.changed();
    const answer = await post(params, withKey(headers));
    if (answer.status !== 401) return answer.json();
    await key.changed();
  }
}

/** Over a socket of its own, which closes with the subscription. */
function subscribe(params, headers) {
  const client = window.graphqlWs.createClient({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    connectionParams: withKey(headers),
    retryAttempts: 0,
  });
  const messages = client.iterate(params);
  const end = (result) => {
    void client.dispose();
    return result;
  };
  return {
    next: () => messages.next().then((result) => (result.done ? end(result) : result), fail),
    return: () => messages.return().then(end),
    throw: (error) => messages.throw(error).then(end),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  function fail(error) {
    end();
    if (error instanceof Error || Array.isArray(error)) throw error;
    throw new Error(`The hub closed the socket: ${error.reason || 'no reason given'} (${error.code ?? 'no code'})`);
  }
}

/** What a document holds to run: right behind a change of tabs, GraphiQL still speaks of the tab before. */
function operationsOf(query) {
  const bare = query.replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#.*/g, ' ');
  const found = [];
  let depth = 0;
  for (const [text, kind, name] of bare.matchAll(/[{}()]|\b(query|mutation|subscription)\b\s*(\w+)?/g)) {
    if (text === '{' || text === '(') depth += 1;
    else if (text === '}' || text === ')') depth -= 1;
    else if (depth === 0) found.push({ kind, name });
  }
  return found;
}

function fetcher({ query, operationName, variables }, { headers } = {}) {
  const named = namedKey(headers);
  if (named) key.remember(named);
  const operations = operationsOf(query);
  const chosen = operations.find(({ name }) => name === operationName) ?? operations[0];
  const params = { query, variables, ...(chosen?.name && { operationName: chosen.name }) };
  if (chosen?.name === 'IntrospectionQuery') return introspect(params, headers);
  if (chosen?.kind === 'subscription') return subscribe(params, headers);
  return post(params, withKey(headers)).then((answer) => answer.json());
}

let settling;
/** Whoever types a key has not finished at its first letter. */
function onEditHeaders(text) {
  clearTimeout(settling);
  settling = setTimeout(() => {
    try {
      const named = namedKey(JSON.parse(text));
      if (named) key.remember(named);
    } catch {
      // Not JSON yet.
    }
  }, SETTLED_MS);
}

const WORKERS = { json: 'json-worker.js', graphql: 'graphql-worker.js' };
window.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_, label) => `/explorer/${WORKERS[label] ?? 'editor-worker.js'}`,
};

async function open() {
  const headers = JSON.stringify({ authorization: PLACEHOLDER }, null, 2);
  const [{ isTrustedOnly, tabs }, logo] = await Promise.all([
    fetch('/explorer/tabs.json').then((answer) => answer.json()),
    fetch('/explorer/icon.svg').then((answer) => answer.text()),
  ]);
  window.YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
    title: 'Commerce hub',
    logo,
    fetcher,
    defaultTabs: tabs.map((tab, index) => {
      const query = (index === 0 ? HINT : '') + (isTrustedOnly ? TRUSTED_ONLY : '') + tab.query;
      return { ...tab, headers, query };
    }),
    // GraphiQL's document for the schema is none of the registered: it is not asked for at all.
    ...(isTrustedOnly && { schema: null }),
    defaultHeaders: headers,
    // A key is a secret: it is not written to the disk unless the visitor wants that.
    shouldPersistHeaders: false,
    onEditHeaders,
    // GraphiQL of this make would write each edit to the address.
    onEditQuery: () => {},
  });
}

void open();
