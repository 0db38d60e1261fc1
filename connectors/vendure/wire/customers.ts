import type { z } from 'zod';
import { flag, id, instant, listOrNone, record, text } from './parts.js';

const address = record({
  id,
  updatedAt: instant,
  fullName: text.nullish(),
  company: text.nullish(),
  streetLine1: text,
  streetLine2: text.nullish(),
  city: text.nullish(),
  province: text.nullish(),
  postalCode: text.nullish(),
  country: record({ code: text }),
  phoneNumber: text.nullish(),
  defaultBillingAddress: flag.nullish(),
  defaultShippingAddress: flag.nullish(),
});
export type CustomerAddress = z.infer<typeof address>;

export const customerShape = record({
  id,
  updatedAt: instant,
  firstName: text,
  lastName: text,
  emailAddress: text,
  phoneNumber: text.nullish(),
  addresses: listOrNone(address),
});
export type Customer = z.infer<typeof customerShape>;
