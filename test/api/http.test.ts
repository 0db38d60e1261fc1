import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ADMIN_KEY, startTestHub, type TestHub } from '../support/hub.js';

const PAGE = 'https://shop.example';

let served: TestHub;
beforeAll(async () => {
  served = await startTestHub({ allowedOrigins: [PAGE] });
});
afterAll(() => served.stop());

function send(init: RequestInit): Promise<Response> {
  return fetch(`${served.hub.url}/graphql`, init);
}

function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return send({
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}`, ...headers },
    body: JSON.stringify(body),
  });
}

describe('a page of another origin', () => {
  const preflight = (origin: string) =>
    send({ method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  test('may ask before it calls, and call, where its origin is allowed', async () => {
    const asked = await preflight(PAGE);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    const called = await post({ query: '{ viewer { roles } }' }, { origin: PAGE });
    expect(called.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(await called.json()).toEqual({ data: { viewer: { roles: ['ADMIN'] } } });
  });

  test('is told nothing where its origin is not allowed', async () => {
    const asked = await preflight('https://elsewhere.example');
    expect(asked.status).toBe(401);
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    const called = await post({ query: '{ viewer { roles } }' }, { origin: 'https://elsewhere.example' });
    expect(called.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('an operation that cannot be run', () => {
  const STRICT = { accept: 'application/graphql-response+json' };

  test.each([
    ['one of several that is not named', { query: 'query A { viewer { roles } } query B { viewer { roles } }' }],
    ['one that the document does not have', { query: 'query A { viewer { roles } }', operationName: 'C' }],
    ['a subscription', { query: 'subscription { orderEvents { id } }' }],
  ])('%s, is BAD_USER_INPUT and no fault', async (_, body) => {
    const answer = await post(body, STRICT);
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
    expect(errors.map((error) => error.extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect(served.log.lines.filter((line) => line.level === 'error')).toEqual([]);
  });
});
