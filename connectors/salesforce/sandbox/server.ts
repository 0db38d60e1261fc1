import { serveSandbox, type Faults, type SandboxAnswer, type SandboxRequest, type ServedSandbox } from '#connect';
import { failed, Refusal, refusal, throttled } from './errors.js';
import type { Org } from './org.js';
import type { Reading } from './reading.js';
import type { Tokens } from './tokens.js';
import { updateAll, upsertAll } from './writing.js';

const MOST_CALLS = 100_000;

interface Parts {
  tokens: Tokens;
  reading: Reading;
  instanceUrl(): string;
  faults?: Faults;
}

/** The REST API, as far as it is about lists and collections of records. */
export async function serveOrg(org: Org, { tokens, reading, instanceUrl, faults }: Parts): Promise<ServedSandbox> {
  let calls = 0;
  return serveSandbox({
    ...(faults && { faults }),
    throttled,
    failed,
    answer: (request) => {
      if (request.path === '/services/oauth2/token') return tokens.issue(request.body, instanceUrl());
      const refused = tokens.check(request.headers.authorization);
      if (refused) return refused;
      calls += 1;
      const headers = { 'sforce-limit-info': `api-usage=${Math.min(calls, MOST_CALLS / 2)}/${MOST_CALLS}` };
      return { headers, ...answerOf(org, reading, request) };
    },
  });
}

function answerOf(org: Org, reading: Reading, { method, path, query, body }: SandboxRequest): SandboxAnswer {
  const [, resource = ''] = /^\/services\/data\/v62\.0\/(.+)$/.exec(path) ?? [];
  try {
    if (method === 'GET' && /^query(All)?$/.test(resource)) return reading.query(query.get('q') ?? '', path);
    const [, locator, offset] = /^query(?:All)?\/(01g\w+)-(\d+)$/.exec(resource) ?? [];
    if (method === 'GET' && locator !== undefined) return reading.page(locator, Number(offset));
    if (method === 'PATCH' && resource === 'composite/sobjects') return updateAll(org, jsonIn(body));
    const [, type, field] = /^composite\/sobjects\/(\w+)\/(\w+)$/.exec(resource) ?? [];
    if (method === 'PATCH' && type !== undefined) return upsertAll(org, { type, field: field! }, jsonIn(body));
  } catch (error) {
    if (error instanceof Refusal) return refusal(400, error.errorCode, error.message);
    throw error;
  }
  return refusal(404, 'NOT_FOUND', 'The requested resource does not exist');
}

function jsonIn<T>(body: Buffer): T {
  return JSON.parse(body.toString('utf8')) as T;
}
