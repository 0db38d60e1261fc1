import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { DateTime } from '../../graph/scalars.js';
import { MoneyType } from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, type Money } from '../../shared/money.js';
import { PAYMENT_STATUSES, type PaymentStatus } from './payment.states.js';

/** The kind by which external references name it. */
export const PAYMENT = 'payment';
export const PAYMENT_PREFIX = 'pay';

export const PaymentStatusEnum = Object.fromEntries(PAYMENT_STATUSES.map((status) => [status, status]));
registerEnumType(PaymentStatusEnum, {
  name: 'PaymentStatus',
  description: 'Where a payment is. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    PENDING: { description: 'Begun; nothing is certain yet.' },
    REQUIRES_ACTION: { description: 'The payer has to do something.' },
    AUTHORIZED: { description: 'The money is set aside, and none of it taken.' },
    PARTIALLY_CAPTURED: { description: 'Some of it was taken.' },
    CAPTURED: { description: 'All of it was taken.' },
    PARTIALLY_REFUNDED: { description: 'Some of what was taken was given back.' },
    REFUNDED: { description: 'All that was taken was given back.' },
    VOIDED: { description: 'Given up before any of it was taken.' },
    FAILED: { description: 'Refused, or expired before any of it was taken.' },
  },
});

export interface PaymentRow {
  id: string;
  order_id: string;
  status: PaymentStatus;
  provider: string;
  method: string | null;
  display_name: string | null;
  currency: string;
  amount_minor: string;
  authorized_minor: string;
  captured_minor: string;
  refunded_minor: string;
  voided_minor: string;
  begun_at: string;
  version: number;
  /** The provider by which the hub acts on it; null where a channel reports it. */
  acts_through: string | null;
  provider_reference: string | null;
  action_url: string | null;
  due_at: string | null;
}

@ObjectType('Payment', {
  implements: Node,
  description: 'One way in which money comes for an order, and how far it is.',
})
export class PaymentType {
  readonly __typename = 'Payment';
  constructor(readonly row: PaymentRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(PAYMENT_PREFIX, this.row.id);
  }
  @Field(() => PaymentStatusEnum, { description: 'Where it is.' })
  get status(): PaymentStatus {
    return this.row.status;
  }
  @Field(() => MoneyType, { description: 'What it is about, taken or not.' })
  get amount(): Money {
    return moneyOfMinor(this.row.amount_minor, this.row.currency);
  }
  @Field(() => MoneyType, {
    description: 'What was set aside for it; what was taken or let go since is still counted here.',
  })
  get authorizedAmount(): Money {
    return moneyOfMinor(this.row.authorized_minor, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'What was taken; what was given back since is still counted here.' })
  get capturedAmount(): Money {
    return moneyOfMinor(this.row.captured_minor, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'What was given back.' })
  get refundedAmount(): Money {
    return moneyOfMinor(this.row.refunded_minor, this.row.currency);
  }
  @Field(() => String, {
    description: 'By whom it is taken: the provider that the hub acts through, or what the channel calls it.',
  })
  get provider(): string {
    return this.row.provider;
  }
  @Field(() => String, { nullable: true, description: 'How it is paid, e.g. "card".' })
  get method(): string | null {
    return this.row.method;
  }
  @Field(() => String, {
    nullable: true,
    description: 'Safe to show, e.g. "visa •••• 4242"; the hub never holds card numbers.',
  })
  get displayName(): string | null {
    return this.row.display_name;
  }
  @Field(() => String, {
    nullable: true,
    description: 'Where the payer does what REQUIRES_ACTION asks for, where the provider gives an address.',
  })
  get actionUrl(): string | null {
    return this.row.status === 'REQUIRES_ACTION' ? this.row.action_url : null;
  }
  @Field(() => DateTime, { nullable: true, description: 'On account: when it is due.' })
  get dueAt(): string | null {
    return this.row.due_at;
  }
  @Field(() => DateTime, { description: 'When it was begun.' })
  get createdAt(): string {
    return this.row.begun_at;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}
