import { serveSandbox, type Faults, type SandboxAnswer, type SandboxRequest, type ServedSandbox } from '#connect';
import type { Account } from './account.js';
import { failed, refusal, throttled, TOLD } from './errors.js';
import { Searching } from './searching.js';
import type { Tokens } from './tokens.js';
import { orderView, type Json } from './views.js';
import { confirmShipment, getListing, isOurs, patchListing } from './writing.js';

const ORDERS = '/orders/2026-01-01/orders';
const ORDER = /^\/orders\/2026-01-01\/orders\/([^/]+)$/;
const CONFIRMATION = /^\/orders\/v0\/orders\/([^/]+)\/shipmentConfirmation$/;
const LISTING = /^\/listings\/2021-08-01\/items\/([^/]+)\/([^/]+)$/;

/** The operations that a hub uses, and Login with Amazon beside them. */
export function serveAccount(
  account: Account,
  { tokens, now, faults }: { tokens: Tokens; now: () => Date; faults?: Faults },
): Promise<ServedSandbox> {
  const searching = new Searching(account, now, faults);
  return serveSandbox({
    ...(faults && { faults }),
    throttled,
    failed,
    answer: (request) => {
      if (request.path === '/auth/o2/token') return tokens.issue(request.body);
      if (!tokens.isGood(request.headers['x-amz-access-token'])) {
        const details = 'The access token you provided has expired.';
        return refusal(403, 'Unauthorized', 'Access to requested resource is denied.', details);
      }
      const answered = answer(account, searching, request);
      return { ...answered, headers: { ...TOLD, ...answered.headers } };
    },
  });
}

function answer(account: Account, searching: Searching, { method, path, query, body }: SandboxRequest): SandboxAnswer {
  if (method === 'GET' && path === ORDERS) return searching.answer(query);
  const [, orderId] = ORDER.exec(path) ?? [];
  if (method === 'GET' && orderId !== undefined) {
    const order = account.orders.get(decodeURIComponent(orderId));
    if (!order) return refusal(404, 'NotFound', 'The requested order was not found');
    const included = new Set((query.get('includedData') ?? '').split(','));
    return { status: 200, body: { order: orderView(account, order, included) } };
  }
  const [, confirmed] = CONFIRMATION.exec(path) ?? [];
  if (method === 'POST' && confirmed !== undefined) {
    return confirmShipment(account, decodeURIComponent(confirmed), jsonIn(body));
  }
  const [, sellerId, sku] = LISTING.exec(path) ?? [];
  if (sellerId === undefined || sku === undefined || !isOurs(sellerId)) {
    return refusal(404, 'NotFound', `no resource ${method} ${path}`);
  }
  if (method === 'GET') return getListing(account, decodeURIComponent(sku));
  return patchListing(account, decodeURIComponent(sku), jsonIn(body));
}

function jsonIn(body: Buffer): Json {
  return JSON.parse(body.toString('utf8')) as Json;
}
