import { glanceAtJson, hasValidHmac, readWire, rejected, type WebhookDefinition } from '#connect';
import { z } from 'zod';
import type { Credentials, Settings } from './settings.js';

const event = z.looseObject({ id: z.string(), type: z.string(), orderId: z.string() });

export const webhooks: WebhookDefinition<Settings, Credentials> = {
  verify: ({ headers, rawBody, credentials: { webhookSecret } }) =>
    hasValidHmac(rawBody, headers['x-signature'], [webhookSecret], 'hex'),
  identify({ rawBody }) {
    const read = event.safeParse(glanceAtJson(rawBody));
    if (!read.success) throw rejected('body: expected an event with an id, a type and an order');
    const { id, type, orderId } = read.data;
    return [{ topic: type, eventId: id, externalId: orderId }];
  },
  topics: {
    // The order itself is read from the vendor: a delivery may come late.
    'order.changed': (payload) => [{ kind: 'hint', stream: 'orders', externalId: readWire(event, payload).orderId }],
  },
};
