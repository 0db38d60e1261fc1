// What the vendor sends. Put its API version here, and the link to its description.
import { z } from 'zod';

const text = z.string({ error: 'expected a text' });
const amount = text.regex(/^\d+\.\d\d$/, 'expected an amount such as "24.40"');
const instant = text
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'expected a time in UTC')
  .transform((value) => new Date(value));

/** What every record has, whatever else is wrong with it. */
export const headShape = z.looseObject({ id: text, updatedAt: instant });
export const pageShape = z.object({ orders: z.array(z.unknown()), next: text.nullable() });

export const wireOrder = z.object({
  id: text,
  number: text,
  status: z.enum(['open', 'canceled'], { error: 'expected open or canceled' }),
  placedAt: instant,
  updatedAt: instant,
  currency: text,
  buyer: z.object({ id: text, name: text, email: text }),
  shipTo: z.object({ street: text, city: text, country: text }),
  lines: z.array(
    z.object({
      id: text,
      sku: text,
      name: text,
      quantity: text.regex(/^\d+$/, 'expected a whole number'),
      price: amount,
      taxRate: text,
      tax: amount,
    }),
  ),
  tax: amount,
  total: amount,
});
export type WireOrder = z.infer<typeof wireOrder>;
