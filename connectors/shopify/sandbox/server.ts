import { createHmac } from 'node:crypto';
import {
  NO_FAULTS,
  serveSandbox,
  type Faults,
  type SandboxAnswer,
  type SandboxRequest,
  type ServedSandbox,
} from '#connect';
import { AdminApi, costTold } from './api.js';
import { wireText } from './orders.js';
import type { Shop } from './shop.js';

const GRAPHQL = /^\/admin\/api\/[\w-]+\/graphql\.json$/;
const CLIENT_ID = 'sandbox-app';

/** What the shop gives to the app that has the secret. */
export function accessTokenOf(secret: string): string {
  return `shpat_${createHmac('sha256', secret).update('access token').digest('hex').slice(0, 32)}`;
}

/** The shop's Admin API: GraphQL, the grant of a token, the files of bulk operations, and orders by REST. */
export async function serveShop(
  shop: Shop,
  { secret, faults = NO_FAULTS }: { secret: string; faults: Faults | undefined },
): Promise<ServedSandbox> {
  const token = accessTokenOf(secret);
  const api = new AdminApi(shop, faults, (id) => `${served.baseUrl}/bulk/${id}.jsonl?signature=of-the-shop`);
  const served = await serveSandbox({
    faults,
    answer: (request) => answer(shop, api, { secret, token }, request),
    throttled: ({ path }) => (GRAPHQL.test(path) ? throttledGraph : throttledRest),
    failed: () => ({ status: 500, body: { errors: 'Internal Server Error' } }),
  });
  return served;
}

async function answer(
  shop: Shop,
  api: AdminApi,
  { secret, token }: { secret: string; token: string },
  request: SandboxRequest,
): Promise<SandboxAnswer> {
  const { path, headers, body } = request;
  if (GRAPHQL.test(path)) {
    if (headers['x-shopify-access-token'] !== token) {
      const errors = '[API] Invalid API key or access token (unrecognized login or wrong password)';
      return { status: 401, body: { errors } };
    }
    const asked = JSON.parse(body.toString()) as { query: string; variables?: Record<string, unknown> };
    return { status: 200, headers: { 'x-shopify-api-version': '2026-10' }, body: await api.answer(asked) };
  }
  if (path === '/admin/oauth/access_token') return grant(new URLSearchParams(body.toString()), secret, token);
  const file = /^\/bulk\/(\d+)\.jsonl$/.exec(path);
  return file ? part(api.bulkFile(file[1]!), headers.range) : rest(shop, path);
}

function grant(form: URLSearchParams, secret: string, token: string): SandboxAnswer {
  const isApp = form.get('client_id') === CLIENT_ID && form.get('client_secret') === secret;
  if (!isApp || form.get('grant_type') !== 'client_credentials')
    return { status: 401, body: { error: 'invalid_client' } };
  return { status: 200, body: { access_token: token, scope: 'read_orders', expires_in: 86399 } };
}

/** A file, or what of it is asked for. */
function part(text: string | null, range: string | undefined): SandboxAnswer {
  const headers = { 'content-type': 'application/jsonl' };
  if (text === null) return { status: 404, body: { errors: 'Not Found' } };
  const from = /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
  if (from === undefined) return { status: 200, headers, body: text };
  return { status: 206, headers, body: Buffer.from(text).subarray(Number(from)).toString() };
}

function rest({ orders }: Shop, path: string): SandboxAnswer {
  const one = /^\/admin\/api\/[\w-]+\/orders\/(\d+)\.json$/.exec(path);
  const order = one && orders.get(one[1]!);
  const isList = /^\/admin\/api\/[\w-]+\/orders\.json$/.test(path);
  const body = order ? { order } : isList ? { orders: [...orders.values()] } : { errors: 'Not Found' };
  return { status: order || isList ? 200 : 404, body: wireText(body) };
}

const throttledGraph: SandboxAnswer = {
  status: 200,
  body: {
    errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
    extensions: { cost: { ...costTold(50, 40), actualQueryCost: null } },
  },
};
const throttledRest: SandboxAnswer = {
  status: 429,
  headers: { 'retry-after': '2.0' },
  body: {
    errors: 'Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service.',
  },
};
