// Orders 2026-01-01, Orders v0 (confirmShipment), Listings Items 2021-08-01, notification ORDER_CHANGE 1.0:
// https://github.com/amzn/selling-partner-api-models
import { z } from 'zod';

const text = z.string({ error: 'expected a text' });
const known = z.string({ error: 'expected a text' }).min(1, 'expected a text');
const count = z.string({ error: 'expected a whole number' }).regex(/^\d{1,9}$/, 'expected a whole number');
const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'expected a list' });
const record = <T extends z.ZodRawShape>(shape: T) => z.object(shape, { error: 'expected an object' });
const word = <const T extends readonly string[]>(...words: T) =>
  z.enum(words, { error: `expected one of ${words.join(', ')}` });
export const instant = z
  .string({ error: 'expected a time' })
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/, 'expected a time with its offset')
  .transform((value) => new Date(value))
  .refine((date) => !Number.isNaN(date.getTime()), 'expected a time that exists');

const orderId = z.string({ error: 'expected an order id' }).regex(/^[A-Z0-9-]{3,40}$/, 'expected an order id');
const money = record({
  amount: z.string({ error: 'expected an amount' }).regex(/^-?\d{1,15}(\.\d{1,6})?$/, 'expected a decimal amount'),
  currencyCode: z.string({ error: 'expected a currency' }).regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code'),
});
export type Money = z.infer<typeof money>;

export const KINDS = ['ITEM', 'SHIPPING', 'GIFT_WRAP', 'COD_FEE', 'OTHER', 'TAX', 'DISCOUNT'] as const;
export type Kind = (typeof KINDS)[number];
const part = record({
  type: word(...KINDS),
  subtotal: money,
  detailedBreakdowns: list(record({ subtype: text.nullish(), value: money.nullish() })).nullish(),
});
export type Part = z.infer<typeof part>;

const address = record({
  name: text.nullish(),
  companyName: text.nullish(),
  addressLine1: text.nullish(),
  addressLine2: text.nullish(),
  addressLine3: text.nullish(),
  city: text.nullish(),
  districtOrCounty: text.nullish(),
  stateOrRegion: text.nullish(),
  municipality: text.nullish(),
  postalCode: text.nullish(),
  countryCode: text.nullish(),
  phone: text.nullish(),
});
export type Address = z.infer<typeof address>;

const item = record({
  orderItemId: known,
  quantityOrdered: count,
  product: record({
    asin: text.nullish(),
    title: text.nullish(),
    sellerSku: text.nullish(),
    price: record({ unitPrice: money.nullish() }).nullish(),
  }),
  proceeds: record({ proceedsTotal: money.nullish(), breakdowns: list(part).nullish() }).nullish(),
  cancellation: record({
    cancellationExecution: record({ cancelledBy: text.nullish(), cancelReason: text.nullish() }).nullish(),
  }).nullish(),
  fulfillment: record({
    quantityFulfilled: count.nullish(),
    quantityUnfulfilled: count.nullish(),
    packing: record({ giftOption: record({ giftMessage: text.nullish() }).nullish() }).nullish(),
  }).nullish(),
  tax: record({ taxCollections: list(record({ model: text.nullish() })).nullish() }).nullish(),
});
export type Item = z.infer<typeof item>;

export const STATUSES = [
  'PENDING_AVAILABILITY',
  'PENDING',
  'UNSHIPPED',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'CANCELLED',
  'UNFULFILLABLE',
] as const;
const pack = record({
  packageReferenceId: known,
  packageStatus: record({
    status: word('PENDING', 'IN_TRANSIT', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'UNDELIVERABLE'),
    detailedStatus: text.nullish(),
  }).nullish(),
  carrier: text.nullish(),
  shipTime: instant.nullish(),
  shippingService: text.nullish(),
  trackingNumber: text.nullish(),
  packageItems: list(record({ orderItemId: known, quantity: count })).nullish(),
});
export type Pack = z.infer<typeof pack>;

const buyer = record({
  buyerName: text.nullish(),
  buyerEmail: text.nullish(),
  buyerCompanyName: text.nullish(),
  buyerPurchaseOrderNumber: text.nullish(),
});
const registration = record({ entityType: text.nullish(), taxRegistrationNumber: text.nullish() });
const orderProceeds = record({
  grandTotal: money.nullish(),
  breakdowns: list(record({ type: text, status: text.nullish(), subtotal: money })).nullish(),
});

export const orderShape = record({
  orderId,
  createdTime: instant,
  lastUpdatedTime: instant,
  salesChannel: record({ channelName: text, marketplaceId: text.nullish() }),
  associatedOrders: list(record({ associationType: text.nullish() })).nullish(),
  buyer: buyer.nullish(),
  recipient: record({ deliveryAddress: address.nullish() }).nullish(),
  proceeds: orderProceeds.nullish(),
  tax: record({ taxRegistrations: list(registration).nullish() }).nullish(),
  // Optional in the model, since it is told only where it is asked for: it always is.
  fulfillment: record({
    fulfillmentStatus: word(...STATUSES),
    fulfilledBy: word('AMAZON', 'MERCHANT').nullish(),
    fulfillmentServiceLevel: text.nullish(),
  }),
  orderItems: list(item),
  packages: list(pack).nullish(),
});
export type Order = z.infer<typeof orderShape>;

/** What names a record and its state, whatever the rest of it is like; kept whole. */
export const keptOrder = z.looseObject({ orderId: z.string(), lastUpdatedTime: z.string() });
export type KeptOrder = z.infer<typeof keptOrder>;
export const pageShape = record({
  orders: list(keptOrder),
  pagination: record({ nextToken: text.nullish() }).nullish(),
});
export const oneShape = record({ order: keptOrder });

export const tokenShape = record({ access_token: known, expires_in: count });

export const listingShape = record({
  sku: text,
  fulfillmentAvailability: list(record({ fulfillmentChannelCode: text })).nullish(),
});
export const submissionShape = record({
  status: word('ACCEPTED', 'INVALID', 'VALID'),
  submissionId: text,
  issues: list(record({ code: text, message: text, severity: text, attributeNames: list(text).nullish() })).nullish(),
});
