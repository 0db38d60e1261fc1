import type {
  StatedContactRecord,
  StatedCustomerRecord,
  StatedOrder,
  StatedPayment,
  StatedProduct,
  StatedQuote,
  StatedShipment,
  StatedStock,
} from '../shared/stated/index.js';

/** What a connected system keeps records of. */
export type RecordKind = 'order' | 'customer' | 'contact' | 'product' | 'stock' | 'quote' | 'shipment' | 'payment';

/** One thing that another system says of one of its records, in the hub's words. */
export type Change =
  | { kind: 'order'; order: StatedOrder }
  | { kind: 'customer'; customer: StatedCustomerRecord }
  | { kind: 'contact'; contact: StatedContactRecord }
  | { kind: 'product'; product: StatedProduct }
  | { kind: 'stock'; level: StatedStock }
  | { kind: 'quote'; quote: StatedQuote }
  | { kind: 'shipment'; shipment: StatedShipment }
  | { kind: 'payment'; payment: StatedPayment }
  | Deletion
  | Merger
  | Hint;

/** The record is no longer there. */
export interface Deletion {
  kind: 'deleted';
  record: RecordKind;
  externalId: string;
  sourceVersion: Date;
}

/** Several records became one: all of their ids mean `externalId` from now on. */
export interface Merger {
  kind: 'merged';
  record: 'customer' | 'contact';
  externalId: string;
  mergedIds: string[];
  sourceVersion: Date;
}

/** The record changed, but its state is not told: the engine reads it by the stream's `one`. */
export interface Hint {
  kind: 'hint';
  stream: string;
  externalId: string;
}
