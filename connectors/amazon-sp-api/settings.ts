import { z } from 'zod';
import { baseUrl, isCurrency, secret } from '#connect';

const code = (description: string) => z.string().min(1, 'expected some text, got ""').meta({ description });

/** https://developer-docs.amazon.com/sp-api/docs/sp-api-endpoints */
const REGIONS = {
  NA: { api: 'https://sellingpartnerapi-na.amazon.com', people: 'https://sellercentral.amazon.com' },
  EU: { api: 'https://sellingpartnerapi-eu.amazon.com', people: 'https://sellercentral-europe.amazon.com' },
  FE: { api: 'https://sellingpartnerapi-fe.amazon.com', people: 'https://sellercentral.amazon.co.jp' },
} as const;

export const settings = z.strictObject({
  sellerId: z
    .string()
    .regex(/^[A-Z0-9]{6,30}$/, 'expected the seller’s id, such as "A3TH9S8BH6GOGM"')
    .meta({ description: 'The seller’s id (merchant token). Notifications about other sellers are left alone.' }),
  region: z
    .enum(['NA', 'EU', 'FE'])
    .meta({ description: 'Where the seller’s account is: North America, Europe, Far East.' }),
  marketplaceIds: z
    .array(z.string().regex(/^[A-Z0-9]{8,20}$/, 'expected a marketplace’s id, such as "APJ6JRA9NG5V4"'))
    .min(1)
    .max(50)
    .meta({ description: 'The marketplaces that are kept in step, by their ids.' }),
  baseUrl: baseUrl()
    .optional()
    .meta({ description: 'Where the API is reached; the region’s own address, if left out.', format: 'uri' }),
  tokenUrl: baseUrl().optional().meta({
    description: 'Where access tokens are got; Login with Amazon, or below baseUrl where that is set, if left out.',
    format: 'uri',
  }),
  locations: z
    .record(z.string().min(1), code('"DEFAULT", or the id of a supply source.'))
    .refine(
      (channels) => new Set(Object.values(channels)).size === Object.keys(channels).length,
      'expected each fulfillment channel code once: the quantity of one place would replace that of another',
    )
    .optional()
    .meta({
      description:
        'The hub’s codes of locations whose stock is offered, and the fulfillment channel code of each: "DEFAULT" for the one place of most sellers.',
    }),
  amazonLocation: code('The hub’s code of the location that stands for Amazon’s own warehouses.').optional(),
  carriers: z.record(z.string().min(1), code('The carrier code at Amazon, such as "DHL".')).optional().meta({
    description: 'The hub’s names of carriers and Amazon’s codes; others are told as "Other" with their name.',
  }),
  currency: z.string().refine(isCurrency, 'expected an ISO 4217 code').optional().meta({
    description: 'The currency of orders that state no amount at all, such as replacements sent for nothing.',
  }),
});
export type Settings = z.infer<typeof settings>;

export const credentials = z.strictObject({
  clientId: code('The application’s client id at Login with Amazon.'),
  clientSecret: secret('The application’s client secret at Login with Amazon.'),
  refreshToken: secret('The refresh token that the seller’s authorization of the application gave.'),
  notificationSecret: secret('What the deliveries of notifications carry in the header x-api-key.'),
  previousNotificationSecret: secret('The one before the last rotation.').optional(),
});
export type Credentials = z.infer<typeof credentials>;

export function apiUrl({ baseUrl: given, region }: Settings): string {
  return given ?? REGIONS[region].api;
}

export function tokenUrl({ tokenUrl: given, baseUrl: base }: Settings): string {
  return given ?? `${base ?? 'https://api.amazon.com'}/auth/o2/token`;
}

/** Where a person finds an order: at the seller's own pages, wherever the API is asked. */
export function orderUrl({ region }: Settings, orderId: string): string {
  return `${REGIONS[region].people}/orders-v3/order/${orderId}`;
}
