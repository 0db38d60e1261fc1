import { z } from 'zod';
import { baseUrl, isCurrency, secret } from '#connect';

const PROPERTY = /^[a-z][a-z0-9_]{0,99}$/;
const property = (description: string) =>
  z
    .string()
    .regex(PROPERTY, 'expected the internal name of a property, such as "hub_order_number"')
    .meta({ description });

export const settings = z.strictObject({
  portalId: z
    .string()
    .regex(/^\d{1,20}$/, 'expected the account’s number, such as "123456"')
    .meta({ description: 'The account’s number (Hub ID). Events of other accounts are left alone.' }),
  baseUrl: baseUrl()
    .optional()
    .meta({ description: 'Where the API is reached; HubSpot itself, if left out.', format: 'uri' }),
  customerNumberProperty: property(
    'A property of companies and of contacts with unique values that holds the hub’s number of the customer.',
  ).default('hub_customer_number'),
  orderNumberProperty: property(
    'Holds the hub’s order number: on orders with unique values, on deals and quotes without.',
  ).default('hub_order_number'),
  orderStatusProperty: property('Holds the hub’s status of the order, on orders, deals and quotes.').default(
    'hub_order_status',
  ),
  taxIdProperty: property('A company’s property that holds its tax number; without it none is exchanged.').optional(),
  contactsWithoutCompany: z.enum(['ignore', 'customers']).default('ignore').meta({
    description: 'Whether a contact that belongs to no company is a customer of its own.',
  }),
  dealsWithoutQuote: z.enum(['ignore', 'quotes']).default('ignore').meta({
    description: 'Whether a deal that has line items and no quote counts as a quote itself.',
  }),
  openEndedMonths: z.int().min(1).max(1200).optional().meta({
    description:
      'For how many months a line counts that recurs until it is called off; without it, such lines are refused.',
  }),
  currency: z.string().refine(isCurrency, 'expected an ISO 4217 code').optional().meta({
    description: 'The currency of quotes and deals that name none: the account’s own.',
  }),
  signature: z.enum(['v3', 'v2', 'v1']).default('v3').meta({
    description:
      'The version in which deliveries are signed; only v3 tells an old delivery that is sent again by somebody.',
  }),
});
export type Settings = z.infer<typeof settings>;

/** A private app’s token, or what an OAuth app refreshes its tokens with. Either app signs with its client secret. */
export const credentials = z
  .strictObject({
    clientSecret: secret('The app’s client secret: it signs webhooks and, with OAuth, gets tokens.'),
    previousClientSecret: secret('The client secret before the last rotation.').optional(),
    accessToken: secret('The access token of a private app.').optional(),
    clientId: z.string().min(1).optional().meta({ description: 'The OAuth app’s client id.' }),
    refreshToken: secret('The refresh token that the OAuth app was given for this account.').optional(),
  })
  .refine(({ accessToken, clientId, refreshToken }) => {
    const isOauth = clientId !== undefined && refreshToken !== undefined;
    return accessToken === undefined ? isOauth : clientId === undefined && refreshToken === undefined;
  }, 'expected either accessToken, or clientId and refreshToken');
export type Credentials = z.infer<typeof credentials>;

const TYPE_IDS = { contacts: '0-1', companies: '0-2', deals: '0-3', quotes: '0-14', orders: '0-123' } as const;

/** Where a person finds a record. */
export function recordUrl({ portalId }: Settings, type: keyof typeof TYPE_IDS, id: string): string {
  return `https://app.hubspot.com/contacts/${portalId}/record/${TYPE_IDS[type]}/${id}`;
}
