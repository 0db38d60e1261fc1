import type { TestHub } from '../../support/hub.js';
import { Desk, PAID_ORDER, type Money, type Order, type Payload, type UserError } from './desk.js';

export interface Payment {
  id: string;
  status: string;
  version: number;
  amount: Money;
  authorizedAmount: Money;
  capturedAmount: Money;
  refundedAmount: Money;
  provider: string;
  method: string | null;
  displayName: string | null;
  actionUrl: string | null;
  dueAt: string | null;
}
export interface PaidOrder {
  id: string;
  number: string;
  version: number;
  status: string;
  paymentStatus: string;
  paidTotal: Money;
  refundedTotal: Money;
  balanceDue: Money;
  payments: Payment[];
}
export type PaymentPayload = Payload<'payment', Payment> & { order: PaidOrder | null; userErrors: UserError[] };

/** A desk that takes money. */
export class PayDesk extends Desk {
  constructor(test: TestHub, key?: string) {
    super(test, key);
  }

  step(name: string, input: object): Promise<PaymentPayload> {
    return this.done<PaymentPayload>(name, input);
  }

  async paid(id: string): Promise<PaidOrder> {
    return (await this.ask<{ order: PaidOrder }>(`query ($id: ID!) { order(id: $id) { ${PAID_ORDER} } }`, { id }))
      .order;
  }

  async cancel(orderId: string): Promise<Order> {
    return (await this.done<Payload<'order', Order>>('cancelOrder', { orderId })).order!;
  }

  /** What an order's timeline tells of its payments: types, amounts and words. */
  async money(orderId: string): Promise<string[]> {
    const events = await this.timeline(orderId);
    return events.filter(({ data }) => data?.payment).map(({ type, message }) => `${type} ${message}`);
  }
}
