import { z } from 'zod';
import { baseUrl, rejected, secret } from '#connect';

const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/;

export const settings = z.strictObject({
  shopDomain: z.string().regex(SHOP_DOMAIN, 'expected the shop’s own domain, such as "my-shop.myshopify.com"').meta({
    description: 'The shop’s own domain, such as "my-shop.myshopify.com". Deliveries of other shops are refused.',
  }),
  baseUrl: baseUrl()
    .optional()
    .meta({ description: 'Where the shop is reached; its own domain, if left out.', format: 'uri' }),
  locations: z
    .record(
      z.string().min(1),
      z.string().regex(/^\d{1,20}$/, 'expected the location’s id there, such as "61000000001"'),
    )
    .optional()
    .meta({
      description:
        'The hub’s codes of locations and the ids of the same places in the shop. Stock of other places is not kept in step.',
    }),
  stockCountedBy: z.enum(['HUB', 'SHOP']).optional().meta({
    description:
      'HUB (as if left out): the shop is told what is free to sell. SHOP: the hub takes over what the shop says lies there.',
  }),
});
export type Settings = z.infer<typeof settings>;

export const credentials = z.strictObject({
  clientSecret: secret('The app’s client secret: the shop signs its webhooks with it.'),
  previousClientSecret: secret(
    'The secret before the last rotation; the shop goes on signing with it for a while.',
  ).optional(),
  clientId: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'The app’s client id: with it the hub gets access tokens itself and renews them.' }),
  accessToken: secret('An access token of the Admin API that lasts, in place of a client id.').optional(),
});
export type Credentials = z.infer<typeof credentials>;

/** Without either the hub only listens to webhooks: it cannot ask the shop. */
export function canAsk({ clientId, accessToken }: Credentials): boolean {
  return clientId !== undefined || accessToken !== undefined;
}

/** "Nothing is there" would mean that it was deleted: so what cannot be asked is refused. */
export function refuseUnlessCanAsk(given: Credentials): void {
  if (!canAsk(given))
    throw rejected('credentials: expected a clientId or an accessToken; without either the hub only listens');
}

export function hubLocation({ locations = {} }: Settings, locationId: string): string | undefined {
  return Object.entries(locations).find(([, id]) => id === locationId)?.[0];
}

/** Where a person finds a record of the shop: at the shop itself, wherever its API is asked. */
export function adminUrl({ shopDomain }: Settings, kind: 'orders' | 'customers' | 'products', id: string): string {
  return `https://${shopDomain}/admin/${kind}/${id}`;
}
