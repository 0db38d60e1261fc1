import { z } from 'zod';
import { baseUrl, secret } from '#connect';
import { ID } from './wire/parts.js';

const id = (what: string) => z.string().regex(ID, `expected the id of ${what} there, such as "3"`);

export const settings = z.strictObject({
  // Every server has its own address, which ends with the name of its database; there is none to fall back on.
  baseUrl: baseUrl(),
  company: id('a company').optional().meta({ description: 'The id of the company there; "1", if left out.' }),
  clientUrl: baseUrl().optional().meta({
    description: 'Where people look at it, such as "https://erp.example.com/live": records link to it.',
    format: 'uri',
  }),
  locations: z.record(z.string().min(1), id('a warehouse')).optional().meta({
    description:
      'The hub’s codes of locations and the ids of the same warehouses there. Stock and shipments of others are not kept in step.',
  }),
  saleLocation: z.string().min(1).optional().meta({
    description:
      'The hub’s code of the location whose warehouse new sales are made for; the first of `locations`, if left out.',
  }),
  paymentTerm: id('a payment term').optional().meta({
    description: 'The payment term of sales to parties that have none of their own.',
  }),
  taxes: z
    .record(z.string().regex(/^0(\.\d{1,6})?$/, 'expected a rate such as "0.19"'), id('a tax'))
    .optional()
    .meta({
      description: 'Which tax stands for which rate of the hub’s orders; the only one of that rate there, if left out.',
    }),
  chargeProduct: z.string().min(1).optional().meta({
    description:
      'The code of a service under which a sale shows shipping and other charges of an order; without it such orders are refused.',
  }),
  guestParty: id('a party').optional().meta({ description: 'The party that orders without a customer are sold to.' }),
  customerCategory: id('a party category').optional().meta({
    description: 'Only parties of this category are customers; all but the company itself, if left out.',
  }),
  priceDigits: z.int().min(2).max(8).optional().meta({
    description: 'How many digits unit prices have there behind the point (price_decimal); 4, if left out.',
  }),
});
export type Settings = z.infer<typeof settings>;

export const credentials = z.strictObject({
  username: z.string().min(1).meta({ description: 'The login of a user made for the hub.' }),
  password: secret('That user’s password.'),
});
export type Credentials = z.infer<typeof credentials>;

export function companyOf({ company = '1' }: Settings): number {
  return Number(company);
}

export function hubLocation({ locations = {} }: Settings, warehouse: string): string | undefined {
  return Object.entries(locations).find(([, there]) => there === warehouse)?.[0];
}

/** Where a person finds a record, if it is known where people look. */
export function recordUrl({ clientUrl }: Settings, model: string, record: string): { externalUrl?: string } {
  return clientUrl === undefined ? {} : { externalUrl: `${clientUrl}/model/${model}/${record}` };
}
