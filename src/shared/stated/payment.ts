/**
 * Where a payment of an order stands, as its channel states it; it is recorded, nothing is done about it. Amounts are sums,
 * as they are by then.
 */
export interface StatedPayment {
  externalId: string;
  sourceVersion: Date;
  orderExternalId: string;
  status:
    | 'PENDING'
    | 'REQUIRES_ACTION'
    | 'AUTHORIZED'
    | 'PARTIALLY_CAPTURED'
    | 'CAPTURED'
    | 'PARTIALLY_REFUNDED'
    | 'REFUNDED'
    | 'VOIDED'
    | 'FAILED';
  currency: string;
  amount: string;
  captured: string;
  refunded: string;
  /** What of it will not be taken any more although it was authorized; left out where the channel does not tell. */
  voided?: string;
  /** By whom it was taken, e.g. "shop_payments". */
  provider: string;
  method?: string;
  /** Safe to show, e.g. "visa •••• 4242". */
  displayName?: string;
  createdAt: Date;
}
