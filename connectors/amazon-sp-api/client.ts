import {
  readWire,
  type ConnectorHttp,
  type Headers,
  type HttpDefinition,
  type IncomingResponse,
  type Limit,
  type OutgoingRequest,
  type StreamContext,
} from '#connect';
import { failureIn, rateIn } from './failures.js';
import { apiUrl, tokenUrl, type Credentials, type Settings } from './settings.js';
import { keptOrder, listingShape, oneShape, pageShape, submissionShape, tokenShape, type KeptOrder } from './wire.js';

export type Context = StreamContext<Settings, Credentials>;

const MOST_ON_PAGE = 100;
const ORDERS = '/orders/2026-01-01/orders';
/** For a user agent Amazon asks by name: https://developer-docs.amazon.com/sp-api/docs/include-a-user-agent-header */
const USER_AGENT = 'Hub/1.0 (Language=TypeScript)';

/** Each operation has a bucket of its own, per seller and application: rate and burst as the models have them. */
const LIMITS = {
  default: { burst: 5, perSecond: 1 },
  searchOrders: { burst: 20, perSecond: 0.0056 },
  getOrder: { burst: 30, perSecond: 0.5 },
  confirmShipment: { burst: 10, perSecond: 2 },
  getListingsItem: { burst: 10, perSecond: 5 },
  patchListingsItem: { burst: 5, perSecond: 5 },
} satisfies Record<string, Limit>;

export const http: HttpDefinition<Settings, Credentials> = {
  baseUrl: ({ settings }) => apiUrl(settings),
  headers: ({ token }): Headers => ({
    'user-agent': USER_AGENT,
    ...(token && { 'x-amz-access-token': token.accessToken }),
  }),
  // https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api
  async token(sender, { settings, credentials, now }) {
    const { body } = await sender.send({
      operation: 'refreshToken',
      method: 'POST',
      url: tokenUrl(settings),
      form: {
        grant_type: 'refresh_token',
        refresh_token: credentials.refreshToken,
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
      },
      isRepeatable: true,
    });
    const given = readWire(tokenShape, body);
    return { accessToken: given.access_token, expiresAt: new Date(now.getTime() + Number(given.expires_in) * 1_000) };
  },
  limits: LIMITS,
  allowance({ headers }: IncomingResponse) {
    const perSecond = rateIn(headers);
    return perSecond === null ? null : { perSecond };
  },
  failure: (response, request) => failureIn(response, request, LIMITS),
};

/** An operation counts against the limit of its name. */
function call(sender: ConnectorHttp, request: OutgoingRequest & { operation: keyof typeof LIMITS }) {
  return sender.send({ ...request, limit: request.operation });
}

export interface Window {
  after: string;
  before: string;
}
export interface Filter {
  includedData: readonly string[];
  fulfilledBy?: string;
  fulfillmentStatuses?: readonly string[];
}

/** Null where the token of the page is not taken, or not any more: it lasts for a day. */
export async function searchOrders(
  { http: sender, settings }: Context,
  { after, before }: Window,
  { includedData, fulfilledBy, fulfillmentStatuses }: Filter,
  paginationToken: string | null,
): Promise<{ orders: KeptOrder[]; next: string | null } | null> {
  const { status, body } = await call(sender, {
    operation: 'searchOrders',
    method: 'GET',
    path: ORDERS,
    query: {
      lastUpdatedAfter: after,
      lastUpdatedBefore: before,
      marketplaceIds: settings.marketplaceIds.join(','),
      maxResultsPerPage: MOST_ON_PAGE,
      includedData: includedData.join(','),
      fulfilledBy,
      fulfillmentStatuses: fulfillmentStatuses?.join(','),
      paginationToken: paginationToken ?? undefined,
    },
    ...(paginationToken !== null && { accept: [400] }),
  });
  if (status === 400) return null;
  const { orders, pagination } = readWire(pageShape, body);
  return { orders, next: pagination?.nextToken || null };
}

/** Null where there is no such order. */
export async function getOrder(
  sender: ConnectorHttp,
  orderId: string,
  includedData: readonly string[],
): Promise<KeptOrder | null> {
  const { status, body } = await call(sender, {
    operation: 'getOrder',
    method: 'GET',
    path: `${ORDERS}/${encodeURIComponent(orderId)}`,
    query: { includedData: includedData.join(',') },
    accept: [404],
  });
  return status === 404 ? null : readWire(keptOrder, readWire(oneShape, body).order);
}

/** The same reference again changes the package, and makes no second one: so it may be sent again. */
export async function confirmShipment(sender: ConnectorHttp, orderId: string, json: object): Promise<void> {
  await call(sender, {
    operation: 'confirmShipment',
    method: 'POST',
    path: `/orders/v0/orders/${encodeURIComponent(orderId)}/shipmentConfirmation`,
    json,
    isRepeatable: true,
  });
}

export interface ListingKey {
  sellerId: string;
  sku: string;
  marketplaceId: string;
}
const listingPath = ({ sellerId, sku }: ListingKey) =>
  `/listings/2021-08-01/items/${encodeURIComponent(sellerId)}/${encodeURIComponent(sku)}`;

/** How a SKU is sold in a marketplace: by which channels; null where it is not. */
export async function channelsOf(sender: ConnectorHttp, key: ListingKey): Promise<string[] | null> {
  const { status, body } = await call(sender, {
    operation: 'getListingsItem',
    method: 'GET',
    path: listingPath(key),
    query: { marketplaceIds: key.marketplaceId, includedData: 'fulfillmentAvailability' },
    accept: [404],
  });
  if (status === 404) return null;
  const { fulfillmentAvailability } = readWire(listingShape, body);
  return (fulfillmentAvailability ?? []).map(({ fulfillmentChannelCode }) => fulfillmentChannelCode);
}

export async function patchListing(sender: ConnectorHttp, key: ListingKey, json: object) {
  const { body } = await call(sender, {
    operation: 'patchListingsItem',
    method: 'PATCH',
    path: listingPath(key),
    query: { marketplaceIds: key.marketplaceId },
    json,
    // A quantity is set, not added to.
    isRepeatable: true,
  });
  return readWire(submissionShape, body);
}
