/**
 * An order as a channel states it: the hub keeps these prices and taxes and computes none of its own. Amounts are
 * decimal texts in `currency`, in the basis of `pricesIncludeTax`, none below zero unless said so.
 */
export interface StatedOrder {
  /** The channel's lasting id of the order, all its digits. */
  externalId: string;
  /** Where a person finds it there. */
  externalUrl?: string;
  /** When this state came to be there; an older one than the newest applied is stale. */
  sourceVersion: Date;
  placedAt: Date;
  /** The number that people use there, e.g. "#1001". */
  channelNumber: string;
  email?: string;
  note?: string;
  purchaseOrderNumber?: string;
  currency: string;
  pricesIncludeTax: boolean;
  customer?: StatedCustomer;
  lines: StatedLine[];
  shippingLines: StatedShippingLine[];
  /** Only what does not stand on lines or shipping lines already. */
  adjustments: StatedAdjustment[];
  billingAddress?: StatedAddress;
  shippingAddress?: StatedAddress;
  canceledAt?: Date;
  cancelReason?: string;
  stated: StatedTotals;
}

export interface StatedCustomer {
  externalId: string;
  name: string;
  kind?: 'COMPANY' | 'PERSON';
  email?: string;
  phone?: string;
  taxId?: string;
}

export interface StatedLine {
  externalId: string;
  /** Never empty: a connector whose vendor allows none puts its own name and the vendor's id of the article. */
  sku: string;
  description: string;
  quantity: string;
  unitPrice: string;
  /** Of the whole line. */
  discount: string;
  taxLines: StatedTax[];
  requiresShipping: boolean;
}

export interface StatedShippingLine {
  method: string;
  /** Before the discount. */
  price: string;
  discount: string;
  taxLines: StatedTax[];
}

export interface StatedTax {
  name: string;
  /** A fraction: "0.22" is 22 %. */
  rate: string;
  amount: string;
}

export interface StatedAdjustment {
  kind: 'DISCOUNT' | 'FEE' | 'ROUNDING';
  label: string;
  /** Positive for a discount given and for a fee charged; a rounding has its sign. */
  amount: string;
}

/** In the hub's meaning of the words, whatever the channel calls them. */
export interface StatedTotals {
  /** Of the lines, before discounts. */
  subtotal: string;
  /** Of lines, shipping and order together. */
  discountTotal: string;
  /** Before discounts. */
  shippingTotal: string;
  taxTotal: string;
  total: string;
}

export interface StatedAddress {
  name?: string;
  company?: string;
  line1: string;
  line2?: string;
  city: string;
  region?: string;
  postalCode?: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  phone?: string;
}
