// Vendure has an event bus and no webhooks: a plugin posts what happens. The form read here is
// {id, type, at, data}, signed over the raw bytes; see README.md.
import {
  glanceAtJson,
  hasValidHmac,
  readWire,
  rejected,
  type Change,
  type WebhookDefinition,
  type WebhookMessage,
} from '#connect';
import { z } from 'zod';
import type { Credentials, Settings } from './settings.js';
import { levelId } from './wire/goods.js';
import { id, instant, list, record, text } from './wire/parts.js';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

const envelope = z.looseObject({ id: text, type: text, at: z.unknown(), data: z.unknown() });
const one = record({ data: record({ id }) });
const several = record({ data: record({ ids: list(id) }) });
const movements = record({ data: record({ movements: list(record({ variantId: id })) }) });

type Reader = (payload: unknown, context: { settings: Settings }) => Change[];
const hint =
  (stream: string): Reader =>
  (payload) => [{ kind: 'hint', stream, externalId: readWire(one, payload).data.id }];

export const webhooks: WebhookDefinition<Settings, Credentials> = {
  verify({ headers, rawBody, credentials: { webhookSecret, previousWebhookSecret } }) {
    const given = headers['x-signature'];
    const signature = typeof given === 'string' ? SIGNATURE.exec(given)?.[1] : undefined;
    const secrets = [webhookSecret, previousWebhookSecret].filter((secret) => secret !== undefined);
    return hasValidHmac(rawBody, signature, secrets, 'hex');
  },

  identify({ rawBody }): WebhookMessage[] {
    const read = envelope.safeParse(glanceAtJson(rawBody));
    if (!read.success) throw rejected('body: expected an event with an id and a type');
    const { id: eventId, type: topic, at } = read.data;
    const time = instant.safeParse(at);
    const whole = { topic, occurredAt: time.success ? time.data : undefined };
    const parts = partsOf(topic, read.data);
    if (!parts) return [{ ...whole, eventId, externalId: recordIn(read.data.data) }];
    // What is told of several records at once becomes a message for each.
    return [...new Set(parts)].map((externalId) => ({
      ...whole,
      eventId: `${eventId}/${externalId}`,
      externalId,
      body: Buffer.from(JSON.stringify({ id: eventId, type: topic, data: { id: externalId } })),
    }));
  },

  topics: {
    'order.placed': hint('orders'),
    'order.state': hint('orders'),
    // It does not tell of which order: the next pull of those that are open finds it.
    'fulfillment.state': () => [],
    'stock.movement': (payload, { settings: { locations = {} } }) => {
      const variantId = readWire(one, payload).data.id;
      return Object.values(locations).map((locationId) => ({
        kind: 'hint',
        stream: 'stock',
        externalId: levelId(variantId, locationId),
      }));
    },
    customer: hint('customers'),
    variant: hint('products'),
  },
};

function partsOf(topic: string, event: unknown): string[] | null {
  if (topic === 'variant') return readWire(several, event).data.ids;
  if (topic !== 'stock.movement') return null;
  return readWire(movements, event).data.movements.map(({ variantId }) => variantId);
}

function recordIn(data: unknown): string | undefined {
  const read = record({ id }).safeParse(data);
  return read.success ? read.data.id : undefined;
}
