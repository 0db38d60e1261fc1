// https://shopify.dev/docs/api/admin-graphql/2026-10/objects/OrderTransaction
import type { z } from 'zod';
import { amount, gid, instant, list, record, text, word } from './parts.js';

const transaction = record({
  id: gid('OrderTransaction'),
  kind: word('AUTHORIZATION', 'CAPTURE', 'CHANGE', 'EMV_AUTHORIZATION', 'REFUND', 'SALE', 'SUGGESTED_REFUND', 'VOID'),
  status: word('AWAITING_RESPONSE', 'ERROR', 'FAILURE', 'PENDING', 'SUCCESS', 'UNKNOWN'),
  gateway: text.nullish(),
  formattedGateway: text.nullish(),
  createdAt: instant,
  amountSet: record({ shopMoney: record({ amount, currencyCode: text }) }),
  parentTransaction: record({ id: gid('OrderTransaction') }).nullish(),
  paymentDetails: record({
    company: text.nullish(),
    number: text.nullish(),
    paymentMethodName: text.nullish(),
  }).nullish(),
});
export type Transaction = z.infer<typeof transaction>;

/** The part of an order that tells of its money. */
export const orderMoneyShape = record({
  id: gid('Order'),
  updatedAt: instant,
  currencyCode: text,
  transactions: list(transaction),
});
export type OrderMoney = z.infer<typeof orderMoneyShape>;
