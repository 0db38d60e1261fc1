/** Money that a channel says moved for an order; it is recorded, nothing is done about it. */
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
  /** By whom it was taken, e.g. "shop_payments". */
  provider: string;
  method?: string;
  /** Safe to show, e.g. "visa •••• 4242". */
  displayName?: string;
  createdAt: Date;
}
