// Records as the hub tells them to connected systems: always as they are now, read when they are sent.
import type { StatedAddress } from '../stated/order.js';

/** An id in the system that is told, or null where it does not know the record yet. */
type ExternalId = string | null;

interface Outgoing {
  /** The hub's own id, typed; lasting, so that a system can keep it as its reference to the record. */
  hubId: string;
  externalId: ExternalId;
  /** Rises with each change of the record. */
  version: number;
}

/** What the hub has of a product, by location: to be told to a channel that sells it. */
export interface OutgoingStock extends Outgoing {
  sku: string;
  /** The product's id there. */
  productExternalId: ExternalId;
  /** The hub's code. */
  location: string;
  onHand: string;
  reserved: string;
  /** What can still be promised there, at least zero. */
  available: string;
}

export interface OutgoingCustomer extends Outgoing {
  number: string;
  kind: 'COMPANY' | 'PERSON';
  name: string;
  email: string | null;
  phone: string | null;
  taxId: string | null;
  isActive: boolean;
  billingAddress: StatedAddress | null;
  shippingAddresses: StatedAddress[];
  contacts: OutgoingContact[];
}
export interface OutgoingContact {
  hubId: string;
  externalId: ExternalId;
  name: string;
  email: string | null;
  phone: string | null;
  role: string | null;
  isPrimary: boolean;
}

export interface OutgoingProduct extends Outgoing {
  sku: string;
  name: string;
  description: string | null;
  isActive: boolean;
  isStocked: boolean;
  requiresShipping: boolean;
}

export interface OutgoingOrder extends Outgoing {
  number: string;
  status:
    | 'DRAFT'
    | 'RECEIVED'
    | 'CONFIRMED'
    | 'PROCESSING'
    | 'PARTIALLY_SHIPPED'
    | 'SHIPPED'
    | 'DELIVERED'
    | 'COMPLETED'
    | 'CANCELED';
  channel: string;
  /** The order came from the system that is told. */
  isTheirs: boolean;
  currency: string;
  pricesIncludeTax: boolean;
  subtotal: string;
  discountTotal: string;
  shippingTotal: string;
  taxTotal: string;
  total: string;
  placedAt: Date;
  purchaseOrderNumber: string | null;
  customer: { hubId: string; externalId: ExternalId; number: string; name: string } | null;
  email: string | null;
  billingAddress: StatedAddress | null;
  shippingAddress: StatedAddress | null;
  lines: OutgoingOrderLine[];
  /** All that is to be sent of it had left before (see the lines of OutgoingShipment). */
  hasLeftBefore: boolean;
  /** The quote it was made of. */
  quote: { hubId: string; externalId: ExternalId; number: string } | null;
}
export interface OutgoingOrderLine {
  hubId: string;
  /** The line's id in the system that is told, where the order came from there. */
  externalId: ExternalId;
  sku: string;
  productExternalId: ExternalId;
  description: string;
  /** Less what was canceled. */
  quantity: string;
  unitPrice: string;
  discountTotal: string;
  taxTotal: string;
  taxRates: string[];
  total: string;
}

export interface OutgoingShipment extends Outgoing {
  number: string;
  status: string;
  /** The hub's code. */
  location: string;
  carrier: string | null;
  service: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  shippedAt: Date | null;
  deliveredAt: Date | null;
  order: { hubId: string; externalId: ExternalId; number: string };
  lines: OutgoingShipmentLine[];
}
export interface OutgoingShipmentLine {
  lineExternalId: ExternalId;
  sku: string;
  quantity: string;
  /**
   * It left before the system that is told was connected, or before the hub first counted such goods: what is counted there
   * lacks it already.
   */
  leftBefore: boolean;
}

/** A quote that came from the system that is told, and the orders it became. */
export interface OutgoingQuote extends Outgoing {
  number: string;
  revision: number;
  status: string;
  orders: { hubId: string; externalId: ExternalId; number: string; status: string; total: string; currency: string }[];
}

export interface OutgoingRecords {
  stock: OutgoingStock;
  customer: OutgoingCustomer;
  product: OutgoingProduct;
  order: OutgoingOrder;
  shipment: OutgoingShipment;
  quote: OutgoingQuote;
}
export type OutgoingKind = keyof OutgoingRecords;
