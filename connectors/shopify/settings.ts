import { z } from 'zod';
import { baseUrl, secret } from '#connect';

const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/;

export const settings = z.strictObject({
  shopDomain: z.string().regex(SHOP_DOMAIN, 'expected the shop’s own domain, such as "my-shop.myshopify.com"').meta({
    description: 'The shop’s own domain, such as "my-shop.myshopify.com". Deliveries of other shops are refused.',
  }),
  baseUrl: baseUrl()
    .optional()
    .meta({ description: 'Where the shop is reached; its own domain, if left out.', format: 'uri' }),
});
export type Settings = z.infer<typeof settings>;

export const credentials = z.strictObject({
  clientSecret: secret('The app’s client secret: the shop signs its webhooks with it.'),
  previousClientSecret: secret(
    'The secret before the last rotation; the shop goes on signing with it for a while.',
  ).optional(),
});
export type Credentials = z.infer<typeof credentials>;

/** Where a person finds an order of the shop. */
export function orderUrl({ shopDomain, baseUrl: base }: Settings, orderId: string): string {
  return `${base ?? `https://${shopDomain}`}/admin/orders/${orderId}`;
}
