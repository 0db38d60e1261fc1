import { z } from 'zod';
import { baseUrl, secret } from '#connect';
import { ID } from './wire/parts.js';

export const settings = z.strictObject({
  // Every shop has its own address; there is none to fall back on.
  baseUrl: baseUrl(),
  adminApiPath: z
    .string()
    .regex(/^\/[\w./-]*\w$/, 'expected a path such as "/admin-api"')
    .optional()
    .meta({ description: 'The path of the Admin API; "/admin-api", if left out.' }),
  dashboardUrl: baseUrl().optional().meta({
    description: 'Where people look at the shop, such as "https://shop.example.com/dashboard": records link to it.',
    format: 'uri',
  }),
  channelToken: z.string().min(1).optional().meta({
    description: 'The token of the channel that is kept in step; the default channel, if left out.',
  }),
  locations: z
    .record(z.string().min(1), z.string().regex(ID, 'expected the id of a stock location there, such as "1"'))
    .optional()
    .meta({
      description:
        'The hub’s codes of locations and the ids of the same stock locations in the shop. Stock of others is not kept in step.',
    }),
  stockCountedBy: z.enum(['HUB', 'SHOP']).optional().meta({
    description:
      'HUB (as if left out): the shop is told what is free to sell. SHOP: the hub takes over what the shop says lies there.',
  }),
  orderStates: z.array(z.string().min(1)).optional().meta({
    description: 'States of orders that the shop has beside Vendure’s own; an order in one of them counts as open.',
  }),
  orderReferenceField: z
    .string()
    .regex(/^[a-z]\w{0,63}$/i, 'expected the name of a custom field, such as "externalRef"')
    .optional()
    .meta({ description: 'The custom field of orders, a text, into which the hub writes its own order number.' }),
  fulfillmentHandler: z.string().min(1).optional().meta({
    description:
      'The handler that takes the hub’s parcels, with the arguments method and trackingCode; "manual-fulfillment", if left out.',
  }),
  moneyDigits: z.int().min(0).max(4).optional().meta({
    description: 'How many digits the shop’s money strategy keeps behind the point; 2, if left out.',
  }),
});
export type Settings = z.infer<typeof settings>;

export const credentials = z.strictObject({
  username: z.string().min(1).meta({ description: 'The e-mail address of an administrator made for the hub.' }),
  password: secret('That administrator’s password.'),
  webhookSecret: secret('What the shop’s webhook plugin signs with; without it no webhook is taken.').optional(),
  previousWebhookSecret: secret('The secret before the last change of it.').optional(),
});
export type Credentials = z.infer<typeof credentials>;

export function hubLocation({ locations = {} }: Settings, locationId: string): string | undefined {
  return Object.entries(locations).find(([, id]) => id === locationId)?.[0];
}

/** Where a person finds a record, if it is known where people look. */
export function adminUrl(
  { dashboardUrl }: Settings,
  kind: 'orders' | 'customers' | 'products',
  id: string,
): { externalUrl?: string } {
  return dashboardUrl === undefined ? {} : { externalUrl: `${dashboardUrl}/${kind}/${id}` };
}
