import type { StatedAddress } from './order.js';

/** A quote, whole, as another CPQ tool has it in one version. */
export interface StatedQuote {
  externalId: string;
  externalUrl?: string;
  sourceVersion: Date;
  number?: string;
  revision?: number;
  status: 'DRAFT' | 'PENDING_APPROVAL' | 'APPROVED' | 'REJECTED' | 'SENT' | 'ACCEPTED' | 'DECLINED' | 'CANCELED';
  /** It was won there: once taken, it becomes an order here. */
  isWon: boolean;
  /** The customer's id there; its record may come later, the quote then waits for it. */
  customerExternalId: string;
  currency: string;
  validUntil: Date;
  purchaseOrderNumber?: string;
  lines: StatedQuoteLine[];
  billingAddress?: StatedAddress;
  shippingAddress?: StatedAddress;
}

export interface StatedQuoteLine {
  externalId: string;
  sku: string;
  description?: string;
  quantity: string;
  /** Per unit, before tax and discount; of a recurring line, for one period. */
  unitPrice: string;
  /** A fraction of the line: "0.1" is 10 % off. */
  discountRate?: string;
  recurrence?: { interval: 'MONTH' | 'QUARTER' | 'YEAR'; termCount: number };
  /** The line of the bundle that this one is a part of. */
  partOfLine?: string;
}
