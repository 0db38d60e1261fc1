import {
  readWire,
  type Allowance,
  type ConnectorHttp,
  type Headers,
  type HttpDefinition,
  type IncomingResponse,
  type StreamContext,
} from '#connect';
import { failureOf } from './failures.js';
import { insist } from './insist.js';
import type { Credentials, Settings } from './settings.js';
import {
  associationsShape,
  batchShape,
  objectShape,
  pageShape,
  tokenShape,
  type CrmObject,
  type ObjectType,
  type Page,
} from './wire.js';

export type Context = StreamContext<Settings, Credentials>;

export const MOST_IN_BATCH = 100;
export const SEARCH_PAGE = 200;
const LIST_PAGE = 100;
const MOST_ASSOCIATED = 1_000;
/** What is kept back of the ten seconds' allowance, so that a burst never goes beyond it. */
const BURST = 20;

/** https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
export const http: HttpDefinition<Settings, Credentials> = {
  baseUrl: ({ settings }) => settings.baseUrl ?? 'https://api.hubapi.com',
  headers: ({ token }): Headers => (token ? { authorization: `Bearer ${token.accessToken}` } : {}),
  async token(sender, { credentials, token, now }) {
    const { accessToken, clientId, clientSecret, refreshToken } = credentials;
    if (accessToken !== undefined) return { accessToken, expiresAt: null };
    const { body } = await insist(sender, {
      operation: 'refreshToken',
      method: 'POST',
      path: '/oauth/v1/token',
      form: {
        grant_type: 'refresh_token',
        client_id: clientId!,
        client_secret: clientSecret,
        refresh_token: token?.refreshToken ?? refreshToken!,
      },
    });
    const answer = readWire(tokenShape, body);
    return {
      accessToken: answer.access_token,
      expiresAt: new Date(now.getTime() + Number(answer.expires_in) * 1_000),
      ...(answer.refresh_token != null && { refreshToken: answer.refresh_token }),
    };
  },
  limits: {
    // 110 in any ten seconds: the bucket and what flows back meanwhile.
    default: { burst: BURST, perSecond: 9, concurrency: 8 },
    // Five in any second, counted apart.
    search: { burst: 1, perSecond: 4, concurrency: 2 },
  },
  allowance,
  failure: failureOf,
};

/** A private app may have more than an OAuth app: the headers say. Searches have none. */
function allowance({ headers }: IncomingResponse): Allowance | null {
  const numberIn = (name: string): number | null => {
    const value = headers[`x-hubspot-ratelimit-${name}`];
    return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : null;
  };
  const [max, remaining, intervalMs] = [numberIn('max'), numberIn('remaining'), numberIn('interval-milliseconds')];
  if (max === null || remaining === null || !intervalMs || max <= BURST) return null;
  return {
    limit: 'default',
    available: Math.min(remaining, BURST),
    burst: BURST,
    perSecond: ((max - BURST) * 1_000) / intervalMs,
  };
}

export interface Search {
  filters: readonly { propertyName: string; operator: 'EQ' | 'GT' | 'GTE'; value: string }[];
  sortBy: string;
  properties: readonly string[];
}

export async function search({ http: sender }: Context, type: ObjectType, asked: Search): Promise<Page> {
  const { body } = await insist(sender, {
    operation: `search ${type}`,
    method: 'POST',
    path: `/crm/v3/objects/${type}/search`,
    limit: 'search',
    json: {
      filterGroups: [{ filters: asked.filters }],
      sorts: [asked.sortBy],
      properties: asked.properties,
      limit: SEARCH_PAGE,
    },
  });
  return readWire(pageShape, body);
}

/** All objects in the order of their ids; no change feed. */
export async function list(
  { http: sender }: Context,
  type: ObjectType,
  { after, properties }: { after: string | null; properties: readonly string[] },
): Promise<Page> {
  const { body } = await insist(sender, {
    operation: `list ${type}`,
    method: 'GET',
    path: `/crm/v3/objects/${type}`,
    query: { limit: LIST_PAGE, after: after ?? undefined, properties: properties.join(','), archived: false },
  });
  return readWire(pageShape, body);
}

/** Null where it is not there or archived. The id of a record that was merged into another gives that other. */
export async function get(
  { http: sender }: Context,
  type: ObjectType,
  { id, properties }: { id: string; properties: readonly string[] },
): Promise<CrmObject | null> {
  const { status, body } = await insist(sender, {
    operation: `get ${type}`,
    method: 'GET',
    path: `/crm/v3/objects/${type}/${encodeURIComponent(id)}`,
    query: { properties: properties.join(',') },
    accept: [404],
  });
  return status === 404 ? null : readWire(objectShape, body);
}

/** Those of the objects that are there, in no order. */
export async function readMany(
  { http: sender }: Context,
  type: ObjectType,
  { ids, properties, idProperty }: { ids: readonly string[]; properties: readonly string[]; idProperty?: string },
): Promise<CrmObject[]> {
  const found: CrmObject[] = [];
  for (const chunk of chunksOf([...new Set(ids)], MOST_IN_BATCH)) {
    const { body } = await insist(sender, {
      operation: `read ${type}`,
      method: 'POST',
      path: `/crm/v3/objects/${type}/batch/read`,
      json: {
        inputs: chunk.map((id) => ({ id })),
        properties,
        propertiesWithHistory: [],
        ...(idProperty !== undefined && { idProperty }),
      },
    });
    found.push(...readWire(batchShape, body).results);
  }
  return found;
}

export interface Associated {
  id: string;
  /** Under which labels; see ASSOCIATIONS. */
  typeIds: string[];
}

/** What each of the objects is associated with, by its id; in the order of the ids. */
export async function associated(
  { http: sender }: Context,
  { from, to }: { from: ObjectType; to: ObjectType },
  ids: readonly string[],
): Promise<Map<string, Associated[]>> {
  const found = new Map<string, Associated[]>(ids.map((id) => [id, []]));
  let inputs: { id: string; after?: string }[] = [...found.keys()].map((id) => ({ id }));
  while (inputs.length > 0) {
    const [asked, later] = [inputs.slice(0, MOST_ASSOCIATED), inputs.slice(MOST_ASSOCIATED)];
    const { results } = await associationsOf(sender, `/crm/v4/associations/${from}/${to}/batch/read`, asked);
    inputs = later;
    for (const { from: owner, to: others, paging } of results) {
      const known = found.get(owner.id) ?? [];
      known.push(
        ...others.map((each) => ({
          id: each.toObjectId,
          typeIds: each.associationTypes.map(({ typeId }) => typeId).sort(),
        })),
      );
      found.set(owner.id, known.sort(byId));
      const after = paging?.next?.after;
      if (after !== undefined && others.length > 0) inputs.push({ id: owner.id, after });
    }
  }
  return found;
}

async function associationsOf(sender: ConnectorHttp, path: string, inputs: readonly { id: string; after?: string }[]) {
  const { body } = await insist(sender, {
    operation: 'read associations',
    method: 'POST',
    path,
    json: { inputs },
  });
  return readWire(associationsShape, body);
}

/** Ids are texts of digits: the shorter is the smaller. */
export function byId(a: { id: string }, b: { id: string }): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}
