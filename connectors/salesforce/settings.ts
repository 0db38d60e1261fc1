import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { baseUrl, isCurrency, secret } from '#connect';

const FIELD = /^[A-Za-z][A-Za-z0-9_]{0,78}$/;
const field = (description: string) =>
  z.string().regex(FIELD, 'expected the API name of a field, such as "Hub_Number__c"').meta({ description });

const QUOTE_STATUSES = [
  'DRAFT',
  'PENDING_APPROVAL',
  'APPROVED',
  'REJECTED',
  'SENT',
  'ACCEPTED',
  'DECLINED',
  'CANCELED',
] as const;

export const settings = z.strictObject({
  baseUrl: baseUrl().optional().meta({
    description:
      'Where tokens are asked for: the org’s My Domain; if left out, login or test.salesforce.com. The token’s answer says where the API is.',
    format: 'uri',
  }),
  environment: z.enum(['production', 'sandbox']).default('production').meta({
    description: 'Whether the org is a sandbox: decides whom the assertion is for.',
  }),
  numberField: field(
    'A text field of Account and Order, external id and unique, that holds the hub’s number of the customer and order.',
  ).default('Hub_Number__c'),
  contactKeyField: field(
    'A text field of Contact, external id and unique, that holds the hub’s id of the person.',
  ).default('Hub_Id__c'),
  orderNumberField: field('A text field of SBQQ__Quote__c for the hub’s order number.').default('Hub_Order_Number__c'),
  orderStatusField: field('A text field of Order and SBQQ__Quote__c for the hub’s status of the order.').default(
    'Hub_Order_Status__c',
  ),
  orderTotalField: field('A number field of Order for the hub’s total: Salesforce computes its own.').default(
    'Hub_Total__c',
  ),
  taxIdField: field('A text field of Account with its tax number; without it none is exchanged.').optional(),
  skuField: z.enum(['ProductCode', 'StockKeepingUnit']).default('ProductCode').meta({
    description: 'Which field of a product is the hub’s SKU.',
  }),
  currency: z.string().refine(isCurrency, 'expected an ISO 4217 code').optional().meta({
    description: 'The org’s currency; left out for an org with several, where each record names its own.',
  }),
  quotes: z.enum(['cpq', 'ignore']).default('cpq').meta({
    description: 'Whether the org has Salesforce CPQ (SBQQ); without it, quotes are left alone.',
  }),
  orders: z.enum(['activated', 'ignore']).default('activated').meta({
    description: 'Whether orders that were made and activated in Salesforce become orders here.',
  }),
  wonWhen: z
    .array(z.enum(['ordered', 'opportunity', 'accepted']))
    .min(1)
    .default(['ordered', 'opportunity', 'accepted'])
    .meta({ description: 'What makes a quote a won one; one of them is enough.' }),
  quoteStatuses: z
    .record(z.string().min(1).max(255), z.enum(QUOTE_STATUSES))
    .default({})
    .meta({ description: 'What the org’s own values of SBQQ__Status__c mean.' }),
  quoteValidDays: z.int().min(1).max(3650).default(30).meta({
    description: 'How long after it was made a quote counts that states no expiration date.',
  }),
});
export type Settings = z.infer<typeof settings>;

/** A connected app that may use the JWT bearer flow, and the user that it acts for. */
export const credentials = z.strictObject({
  consumerKey: z.string().min(1).meta({ description: 'The connected app’s consumer key.' }),
  username: z.string().min(1).meta({ description: 'The integration user, whom the app is approved for.' }),
  privateKey: secret('The RSA private key in PEM whose certificate the connected app holds.').refine(
    isRsaKey,
    'expected an RSA private key in PEM',
  ),
});
export type Credentials = z.infer<typeof credentials>;

/** A key that went through a form may have lost its line ends. */
export function keyOf({ privateKey }: Pick<Credentials, 'privateKey'>): string {
  return privateKey.replaceAll('\\n', '\n');
}

function isRsaKey(privateKey: string): boolean {
  try {
    return createPrivateKey(keyOf({ privateKey })).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

export function loginUrl({ baseUrl: given, environment }: Settings): string {
  return given ?? audienceOf({ environment });
}
export function audienceOf({ environment }: Pick<Settings, 'environment'>): string {
  return environment === 'sandbox' ? 'https://test.salesforce.com' : 'https://login.salesforce.com';
}
