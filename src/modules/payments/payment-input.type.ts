import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { UserError } from '../../graph/user-errors.js';
import { MoneyInput } from '../../graph/values.type.js';
import { OrderType } from '../orders/index.js';
import { PaymentType } from './payment.type.js';
import { MANUAL_METHODS, type ManualMethod } from './providers/manual.js';

export const ManualPaymentMethod = Object.fromEntries(MANUAL_METHODS.map((method) => [method, method]));
registerEnumType(ManualPaymentMethod, {
  name: 'ManualPaymentMethod',
  description: 'How money comes that people move.',
  valuesConfig: {
    TRANSFER: { description: 'By bank transfer.' },
    CASH: { description: 'In cash.' },
    ON_ACCOUNT: { description: 'Later: the customer is trusted with it until it is due.' },
  },
});

const KEY = 'The same key and input is carried out once.';

@InputType('AuthorizePaymentInput', { description: 'Money that is to come for an order.' })
export class AuthorizePaymentInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The order.' })
  orderId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the order has another version.' })
  expectedVersion?: number | null;
  @Field(() => String, { description: 'By whom it is taken: "manual", or a provider that this hub acts through.' })
  provider!: string;
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'Left out: what of the total is neither paid nor authorized yet.',
  })
  amount?: MoneyInput | null;
  @Field(() => ManualPaymentMethod, { nullable: true, description: 'How it comes; with "manual", and only there.' })
  method?: ManualMethod | null;
  @Field(() => Int, { nullable: true, description: 'On account: in how many days it is due; left out: 30.' })
  termDays?: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'What stands for the means of payment at its provider, "pm_…" say; never a card number.',
  })
  token?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Where the payer comes back to from what the provider may ask for; without it `actionUrl` stays empty.',
  })
  returnUrl?: string | null;
}

@InputType('RecordPaymentInput', { description: 'Money that came.' })
export class RecordPaymentInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The order.' })
  orderId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the order has another version.' })
  expectedVersion?: number | null;
  @Field(() => ManualPaymentMethod, { description: 'How it came: TRANSFER or CASH.' })
  method!: ManualMethod;
  @Field(() => MoneyInput, { description: 'How much came, which may be more than is due.' })
  amount!: MoneyInput;
}

@InputType('PaymentStepInput', { description: 'What every step of one payment is told.' })
export abstract class PaymentStepInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The payment.' })
  paymentId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the payment has another version.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'Why, in words; stands in the timeline.' })
  reason?: string | null;
}

@InputType('CapturePaymentInput', { description: 'How much of a payment is taken.' })
export class CapturePaymentInput extends PaymentStepInput {
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'Left out: all that is authorized, and no more than the order still has to pay.',
  })
  amount?: MoneyInput | null;
}

@InputType('VoidPaymentInput', { description: 'Which payment is given up.' })
export class VoidPaymentInput extends PaymentStepInput {}

@InputType('RefundPaymentInput', { description: 'How much of a payment is given back.' })
export class RefundPaymentInput extends PaymentStepInput {
  @Field(() => MoneyInput, { nullable: true, description: 'Left out: all that was taken and not given back.' })
  amount?: MoneyInput | null;
}

@ObjectType('PaymentPayload', { simpleResolvers: true, description: 'What became of a step of a payment.' })
export class PaymentPayload {
  @Field(() => PaymentType, { nullable: true, description: 'The payment; null where the step was refused.' })
  payment!: PaymentType | null;
  @Field(() => OrderType, { nullable: true, description: 'Its order; null where the step was refused.' })
  order!: OrderType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], {
    description:
      'Why it was refused; empty when it was not. With a payment: what its provider said no to (PAYMENT_DECLINED), or that it ' +
      'has not answered (PROVIDER_UNAVAILABLE), which the hub finds out by itself.',
  })
  userErrors!: object[];
}
