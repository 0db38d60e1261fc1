import { createHmac } from 'node:crypto';
import { z } from 'zod';
import {
  baseUrl,
  ConnectorFailure,
  defineConnector,
  glanceAtJson,
  hasValidHmac,
  readWire,
  type Connector,
} from '../../src/connect/index.js';

const settings = z.strictObject({ baseUrl: baseUrl().default('http://127.0.0.1') });
const credentials = z.strictObject({ secret: z.string() });
export const wireOrder = z.object({
  id: z.string(),
  version: z.string(),
  price: z.string().regex(/^\d+\.\d\d$/, 'expected an amount'),
  note: z.string().optional(),
  sku: z.string().optional(),
  buyer: z.string().optional(),
  /** What its lines add up to, if left out. */
  total: z.string().optional(),
});
const wirePerson = z.object({ id: z.string(), version: z.string(), email: z.string(), of: z.string().optional() });

/** A vendor of the tests' own: orders of one line, signed in a header. */
export const fakeVendor: Connector = defineConnector({
  code: 'fake-vendor',
  name: 'Fake vendor',
  kinds: ['CHANNEL'],
  channelKind: 'WEB_SHOP',
  settings,
  credentials,
  streams: ['orders'],
  webhooks: {
    verify: ({ headers, rawBody, credentials: { secret } }) => hasValidHmac(rawBody, headers['x-signature'], [secret]),
    identify: ({ headers, rawBody }) => {
      if (typeof headers['x-topic'] !== 'string')
        throw new ConnectorFailure('rejected', 'x-topic: expected a topic, got none');
      const payload = glanceAtJson(rawBody) as { id?: string } | undefined;
      return [{ topic: headers['x-topic'], eventId: String(headers['x-event']), externalId: payload?.id }];
    },
    topics: {
      'order/changed': (payload) => [{ kind: 'order', order: statedOrder(readWire(wireOrder, payload)) }],
      'order/viewed': () => [],
      // As it was and as it is now.
      'order/corrected': (payload) => {
        const order = readWire(wireOrder, payload);
        const version = new Date(Date.parse(order.version) - 1_000).toISOString();
        return [{ ...order, version, price: '1.00' }, order].map((each) => ({
          kind: 'order',
          order: statedOrder(each),
        }));
      },
      'customer/changed': (payload) => {
        const { id: externalId, version, email } = readWire(wirePerson, payload);
        const customer = { externalId, sourceVersion: new Date(version), name: `Customer ${externalId}`, email };
        return [{ kind: 'customer', customer }];
      },
      'contact/changed': (payload) => {
        const { id: externalId, version, email, of } = readWire(wirePerson, payload);
        const sourceVersion = new Date(version);
        const contact = { externalId, sourceVersion, name: `Person ${externalId}`, email, customerExternalIds: [of!] };
        return [{ kind: 'contact', contact }];
      },
      'customer/merged': (payload) => {
        const { id: externalId, version, of } = readWire(wirePerson, payload);
        return [{ kind: 'merged', record: 'customer', externalId, mergedIds: [of!], sourceVersion: new Date(version) }];
      },
    },
  },
});

export type WireOrder = z.infer<typeof wireOrder>;

export function statedOrder({ id, version, price, note, sku, buyer, total = price }: WireOrder) {
  const at = new Date(version);
  return {
    externalId: id,
    sourceVersion: at,
    placedAt: at,
    channelNumber: `#${id}`,
    note,
    currency: 'EUR',
    pricesIncludeTax: true,
    ...(buyer !== undefined && { customer: { externalId: buyer, name: `Customer ${buyer}` } }),
    lines: [
      {
        externalId: `${id}-1`,
        sku: sku ?? 'LAMP-1',
        description: 'Lamp',
        quantity: '1',
        unitPrice: price,
        discount: '0.00',
        taxLines: [],
        requiresShipping: true,
      },
    ],
    shippingLines: [],
    adjustments: [],
    stated: { subtotal: price, discountTotal: '0.00', shippingTotal: '0.00', taxTotal: '0.00', total },
  };
}

export const SECRET = 'hush';

export interface Delivery {
  event: string;
  topic?: string;
  order: ({ id: string; version?: string } & Partial<WireOrder & z.infer<typeof wirePerson>>) | string;
  signature?: string;
  headers?: Record<string, string>;
}

/** Delivers as the vendor does; what is left out is as it should be. */
export function deliver(
  url: string,
  { event, topic = 'order/changed', order: content, signature, headers }: Delivery,
): Promise<Response> {
  const body =
    typeof content === 'string'
      ? content
      : JSON.stringify({ version: '2026-03-01T10:00:00Z', price: '24.40', ...content });
  const signed = signature ?? createHmac('sha256', SECRET).update(body).digest('base64');
  return fetch(url, {
    method: 'POST',
    body,
    headers: { 'x-topic': topic, 'x-event': event, 'x-signature': signed, ...headers },
  });
}
