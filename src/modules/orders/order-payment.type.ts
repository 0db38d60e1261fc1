import { registerEnumType } from 'type-graphql';
import { ORDER_PAYMENT_STATUSES } from './order.payment.rules.js';

export const OrderPaymentStatusEnum = Object.fromEntries(ORDER_PAYMENT_STATUSES.map((status) => [status, status]));
registerEnumType(OrderPaymentStatusEnum, {
  name: 'OrderPaymentStatus',
  description:
    'How far an order is paid, by the sums of its payments against its total. The list may grow: treat an unknown value ' +
    'as "other".',
  valuesConfig: {
    NOT_REQUIRED: { description: 'Nothing is due, and no money moved.' },
    PENDING: { description: 'Nothing is paid or authorized yet.' },
    AUTHORIZED: { description: 'Money is authorized for it, and none of it taken.' },
    PARTIALLY_PAID: { description: 'Some of the total is paid.' },
    PAID: { description: 'The total is paid.' },
    OVERPAID: {
      description: 'More than the total is paid and was not given back; so too of a paid order that was canceled.',
    },
    PARTIALLY_REFUNDED: { description: 'Some of what was paid was given back.' },
    REFUNDED: { description: 'All that was paid was given back.' },
    VOIDED: { description: 'What was authorized was given up before any of it was taken.' },
    FAILED: { description: 'Every attempt to pay has failed.' },
  },
});
