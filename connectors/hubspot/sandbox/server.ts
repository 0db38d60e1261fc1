import { serveSandbox, type Faults, type SandboxAnswer, type SandboxRequest, type ServedSandbox } from '#connect';
import { createAssociation, createAssociations, readAssociations } from './associating.js';
import type { Crm } from './crm.js';
import { failed, refusal, throttled } from './errors.js';
import { namesIn, Reading, shown } from './reading.js';
import { TYPES, type Type } from './schema.js';
import type { Tokens } from './tokens.js';
import { writeMany } from './writing.js';

const LIMITS = {
  'x-hubspot-ratelimit-max': '110',
  'x-hubspot-ratelimit-remaining': '109',
  'x-hubspot-ratelimit-interval-milliseconds': '10000',
};
type Answering = (request: SandboxRequest, parts: string[]) => SandboxAnswer;

/** HubSpot’s API, as far as it is about objects and their associations. */
export function serveCrm(crm: Crm, { tokens, faults }: { tokens: Tokens; faults?: Faults }): Promise<ServedSandbox> {
  const routes = routesOf(crm, new Reading(crm, faults));
  return serveSandbox({
    ...(faults && { faults }),
    throttled,
    failed,
    answer: (request) => {
      if (request.path === '/oauth/v1/token') return tokens.issue(request.body);
      if (!tokens.isGood(request.headers.authorization)) {
        return refusal(401, 'EXPIRED_AUTHENTICATION', 'The access token is expired or was never issued');
      }
      for (const [method, pattern, answer] of routes) {
        const [, ...parts] = pattern.exec(request.path) ?? [];
        if (method !== request.method || !pattern.test(request.path)) continue;
        const answered = answer(request, parts.map(decodeURIComponent));
        // Searches tell nothing of their own limit.
        return request.path.endsWith('/search')
          ? answered
          : { ...answered, headers: { ...LIMITS, ...answered.headers } };
      }
      return refusal(404, 'OBJECT_NOT_FOUND', `no resource ${request.method} ${request.path}`);
    },
  });
}

function routesOf(crm: Crm, reading: Reading): [method: string, pattern: RegExp, answer: Answering][] {
  const type = `(${TYPES.join('|')})`;
  const ends = (parts: string[]) => ({ from: parts[0] as Type, to: parts[1] as Type });
  return [
    ['GET', new RegExp(`^/crm/v3/objects/${type}$`), ({ query }, [of]) => reading.list(of as Type, query)],
    [
      'POST',
      new RegExp(`^/crm/v3/objects/${type}/search$`),
      ({ body }, [of]) => reading.search(of as Type, jsonIn(body)),
    ],
    [
      'POST',
      new RegExp(`^/crm/v3/objects/${type}/batch/read$`),
      ({ body }, [of]) => reading.readMany(of as Type, jsonIn(body)),
    ],
    [
      'POST',
      new RegExp(`^/crm/v3/objects/${type}/batch/(update|upsert)$`),
      ({ body }, [of, verb]) => {
        const { inputs } = jsonIn<{ inputs: never[] }>(body);
        return writeMany(crm, { type: of as Type, verb: verb as 'update' | 'upsert', inputs });
      },
    ],
    [
      'GET',
      new RegExp(`^/crm/v3/objects/${type}/(\\d+)$`),
      ({ query }, [of, id]) => {
        const thing = crm.find(of as Type, id!);
        if (!thing) return refusal(404, 'OBJECT_NOT_FOUND', 'Object not found.');
        return { status: 200, body: shown(thing, namesIn(query)) };
      },
    ],
    [
      'POST',
      new RegExp(`^/crm/v4/associations/${type}/${type}/batch/read$`),
      ({ body }, parts) => readAssociations(crm, ends(parts), jsonIn(body)),
    ],
    [
      'POST',
      new RegExp(`^/crm/v4/associations/${type}/${type}/batch/create$`),
      ({ body }, parts) => createAssociations(crm, ends(parts), jsonIn(body)),
    ],
    [
      'PUT',
      new RegExp(`^/crm/v4/objects/${type}/(\\d+)/associations/${type}/(\\d+)$`),
      ({ body }, [from, fromId, to, toId]) => {
        const pair = { from: { type: from as Type, id: fromId! }, to: { type: to as Type, id: toId! } };
        return createAssociation(crm, pair, jsonIn(body));
      },
    ],
  ];
}

function jsonIn<T>(body: Buffer): T {
  return JSON.parse(body.toString('utf8')) as T;
}
