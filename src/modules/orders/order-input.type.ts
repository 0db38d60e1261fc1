import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CurrencyCode, DateTime, DecimalScalar } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { AddressInput, MoneyInput } from '../../graph/values.type.js';
import { ExternalIdInput } from '../references/index.js';
import { AdjustmentKind } from './order-money.type.js';
import { OrderType } from './order.type.js';

@InputType('OrderLineInput', { description: 'One product of an order.' })
export class OrderLineInput {
  @Field(() => String, { description: 'The product.' })
  sku!: string;
  @Field(() => DecimalScalar, { description: 'More than zero.' })
  quantity!: string;
  @Field(() => MoneyInput, {
    nullable: true,
    description:
      'Per unit, before tax unless `pricesIncludeTax`. Left out: the customer’s price. Not for customers to set.',
  })
  unitPrice?: MoneyInput | null;
  @Field(() => [String], { nullable: true, description: 'SKUs of a bundle’s optional parts that are wanted.' })
  optionalParts?: string[] | null;
}

@InputType('AdjustmentInput', { description: 'A discount or fee on the whole order.' })
export class AdjustmentInput {
  @Field(() => AdjustmentKind, { description: 'What it does.' })
  kind!: AdjustmentKind;
  @Field(() => String, { description: 'Why, in words.' })
  label!: string;
  @Field(() => MoneyInput, {
    description: 'Positive for a discount given and for a fee charged; a rounding has its sign.',
  })
  amount!: MoneyInput;
}

@InputType('OrderContentInput', { description: 'What an order is about.' })
export abstract class OrderContentInput {
  @Field(() => String, { description: 'The channel’s code; `channels` lists them.' })
  channel!: string;
  @Field(() => ID, { nullable: true, description: 'Who orders; a customer’s key orders for that customer.' })
  customerId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The person there; a contact of the customer.' })
  contactId?: string | null;
  @Field(() => String, { nullable: true, description: 'Where to write to; left out: the customer’s address.' })
  email?: string | null;
  @Field(() => CurrencyCode, { description: 'Currency of all its amounts.' })
  currency!: string;
  @Field(() => [OrderLineInput], { description: 'At least one, none yet for a draft; at most 500.' })
  lines!: OrderLineInput[];
  @Field(() => String, { nullable: true, description: 'How it is sent, in words.' })
  shippingMethod?: string | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'The prices of lines, shipping and adjustments include tax; a price that is the customer’s gets its tax added.',
  })
  pricesIncludeTax?: boolean | null;
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'What shipping costs, before tax unless `pricesIncludeTax`. Not for customers to set.',
  })
  shippingPrice?: MoneyInput | null;
  @Field(() => [AdjustmentInput], {
    nullable: true,
    description: 'Discounts and fees on the whole. Not for customers to set.',
  })
  adjustments?: AdjustmentInput[] | null;
  @Field(() => AddressInput, { nullable: true, description: 'Where the invoice goes; left out: the customer’s.' })
  billingAddress?: AddressInput | null;
  @Field(() => AddressInput, { nullable: true, description: 'Where the goods go; left out: the customer’s first.' })
  shippingAddress?: AddressInput | null;
  @Field(() => String, { nullable: true, description: 'The customer’s own number for it.' })
  purchaseOrderNumber?: string | null;
  @Field(() => String, { nullable: true, description: 'What the customer wrote with it.' })
  note?: string | null;
  @Field(() => DateTime, {
    nullable: true,
    description: 'When the customer ordered; left out: now. Not for customers to set.',
  })
  placedAt?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'When the customer wants it.' })
  requestedDeliveryAt?: Date | null;
  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'What is not in stock may wait for it.' })
  allowBackorder?: boolean | null;
}

@InputType('PreviewOrderInput', { description: 'An order that is thought of.' })
export class PreviewOrderInput extends OrderContentInput {}

@InputType('CreateOrderInput', { description: 'A new order.' })
export class CreateOrderInput extends OrderContentInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Keep it a DRAFT (an order taken on the phone, say) instead of receiving it.',
  })
  draft?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Verify it and reserve its stock in the same transaction; where a check fails, nothing is written.',
  })
  confirm?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'With `confirm`: it is an order of its own, though another one looks like it.',
  })
  allowDuplicate?: boolean | null;
  @Field(() => ExternalIdInput, {
    nullable: true,
    description: 'The id it has in a connected system. Not for customers to set.',
  })
  external?: ExternalIdInput | null;
}

@InputType('OrderStepInput', { description: 'What every step of one order is told.' })
export abstract class OrderStepInput {
  @Field(() => String, { nullable: true, description: 'The same key and input is carried out once.' })
  idempotencyKey?: string | null;
  @Field(() => ID, { description: 'The order.' })
  orderId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the order has another version.' })
  expectedVersion?: number | null;
}

@InputType('OrderActionInput', { description: 'A step of one order.' })
export class OrderActionInput extends OrderStepInput {
  @Field(() => String, { nullable: true, description: 'Why, in words; stands in the timeline.' })
  reason?: string | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'For `confirmOrder`: it is an order of its own, though another one looks like it.',
  })
  allowDuplicate?: boolean | null;
}

@InputType('LineQuantityInput', { description: 'A quantity of one line.' })
export class LineQuantityInput {
  @Field(() => ID, { description: 'The line.' })
  lineId!: string;
  @Field(() => DecimalScalar, { description: 'More than zero.' })
  quantity!: string;
}

@InputType('CancelOrderInput', { description: 'What of an order is canceled.' })
export class CancelOrderInput extends OrderStepInput {
  @Field(() => String, { nullable: true, description: 'Why, in words; stands in the timeline.' })
  reason?: string | null;
  @Field(() => [LineQuantityInput], {
    nullable: true,
    description: 'How much of which lines; left out: all that is left.',
  })
  lines?: LineQuantityInput[] | null;
}

@ObjectType('OrderPayload', { simpleResolvers: true, description: 'What became of a change to an order.' })
export class OrderPayload {
  @Field(() => OrderType, { nullable: true, description: 'The order; null where the change was refused.' })
  order!: OrderType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
