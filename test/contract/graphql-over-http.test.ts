import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serverAudits, type Audit } from 'graphql-http';
import { ADMIN_KEY, startTestHub, type TestHub } from '../support/hub.js';

/** How many audits the package has: fewer would mean that some were not run. */
const AUDITS = 61;

let hub: TestHub;
let audits: Audit[];

beforeAll(async () => {
  hub = await startTestHub();
  const withKey: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${ADMIN_KEY}`);
    return fetch(input, { ...init, headers });
  };
  audits = serverAudits({ url: () => `${hub.hub.url}/graphql`, fetchFn: withKey });
});
afterAll(() => hub.stop());

test('keeps every MUST and SHOULD of the GraphQL-over-HTTP audit', async () => {
  expect(audits).toHaveLength(AUDITS);
  const complaints: string[] = [];
  let passed = 0;
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status === 'ok') passed += 1;
    else complaints.push(`${audit.id} ${audit.name}: ${result.reason}`);
  }
  expect(complaints).toEqual([]);
  expect(passed).toBe(AUDITS);
});

test.each([
  ['application/graphql-response+json', 400, 'application/graphql-response+json; charset=utf-8'],
  ['application/json', 200, 'application/json; charset=utf-8'],
  ['application/json, application/graphql-response+json', 200, 'application/json; charset=utf-8'],
  [
    'application/graphql-response+json, application/json;q=0.9',
    400,
    'application/graphql-response+json; charset=utf-8',
  ],
  ['*/*', 200, 'application/json; charset=utf-8'],
])('answers variables that do not fit to "accept: %s" with %i', async (accept, status, type) => {
  const response = await fetch(`${hub.hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}`, accept },
    body: JSON.stringify({ query: 'query($id: ID!) { node(id: $id) { id } }', variables: { id: [1] } }),
  });
  const body = (await response.json()) as { data?: unknown; errors: { extensions: { code: string } }[] };
  expect([response.status, response.headers.get('content-type'), body.errors[0]!.extensions.code, body.data]).toEqual([
    status,
    type,
    'BAD_USER_INPUT',
    undefined,
  ]);
});

test('answers 406 to a client that takes neither media type', async () => {
  const response = await fetch(`${hub.hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}`, accept: 'text/html' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(response.status).toBe(406);
});
