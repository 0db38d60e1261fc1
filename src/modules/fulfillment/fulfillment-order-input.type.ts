import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { UserError } from '../../graph/user-errors.js';
import { HoldReason, LineQuantityInput, OrderStepInput, OrderType } from '../orders/index.js';
import type { FulfillmentOrderStatus } from './fulfillment-order.states.js';
import { FulfillmentOrderStatusEnum, FulfillmentOrderType } from './fulfillment-order.type.js';

@InputType('FulfillmentOrderFilter', { description: 'All that are given hold.' })
export class FulfillmentOrderFilter {
  @Field(() => [FulfillmentOrderStatusEnum], { nullable: true, description: 'One of these.' })
  status?: FulfillmentOrderStatus[] | null;
  @Field(() => [String], { nullable: true, description: 'At locations with one of these codes.' })
  location?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'With one of these numbers.' })
  number?: string[] | null;
}

@InputType('ReleaseToWarehouseInput', { description: 'Which order the warehouses are given.' })
export class ReleaseToWarehouseInput extends OrderStepInput {}

@InputType('FulfillmentOrderInput', { description: 'Which fulfillment order, and as it was read.' })
abstract class FulfillmentOrderInput {
  @Field(() => ID, { description: 'The fulfillment order.' })
  fulfillmentOrderId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the fulfillment order has another version.' })
  expectedVersion?: number | null;
}

@InputType('FulfillmentOrderStepInput', { description: 'What every other step of one fulfillment order is told.' })
export abstract class FulfillmentOrderStepInput extends FulfillmentOrderInput {
  @Field(() => String, { nullable: true, description: 'The same key and input is carried out once.' })
  idempotencyKey?: string | null;
}

@InputType('SplitFulfillmentOrderInput', { description: 'What of a fulfillment order becomes one of its own.' })
export class SplitFulfillmentOrderInput extends FulfillmentOrderInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => [LineQuantityInput], { description: 'How much of which lines of the order.' })
  lines!: LineQuantityInput[];
}

@InputType('MergeFulfillmentOrdersInput', { description: 'Which fulfillment orders become one.' })
export class MergeFulfillmentOrdersInput extends FulfillmentOrderStepInput {
  @Field(() => [ID], { description: 'Those that go into it; at most 100.' })
  otherIds!: string[];
}

@InputType('MoveFulfillmentOrderInput', { description: 'Where a fulfillment order goes.' })
export class MoveFulfillmentOrderInput extends FulfillmentOrderStepInput {
  @Field(() => String, { description: 'The code of the location that is to send it.' })
  location!: string;
}

@InputType('HoldFulfillmentOrderInput', { description: 'Why nothing of a fulfillment order may leave.' })
export class HoldFulfillmentOrderInput extends FulfillmentOrderStepInput {
  @Field(() => HoldReason, { description: 'Why, for programs.' })
  reason!: HoldReason;
  @Field(() => String, { nullable: true, description: 'Why, in words.' })
  note?: string | null;
}

@InputType('FulfillmentOrderActionInput', { description: 'A step of one fulfillment order.' })
export class FulfillmentOrderActionInput extends FulfillmentOrderStepInput {
  @Field(() => String, { nullable: true, description: 'Why, in words; stands in the order’s timeline.' })
  reason?: string | null;
}

@ObjectType('ReleaseToWarehousePayload', { simpleResolvers: true, description: 'What became of a release.' })
export class ReleaseToWarehousePayload {
  @Field(() => OrderType, { nullable: true, description: 'The order; null where the release was refused.' })
  order!: OrderType | null;
  @Field(() => [FulfillmentOrderType], {
    description: 'What the warehouses have of the order now, whatever their status.',
  })
  fulfillmentOrders!: FulfillmentOrderType[];
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}

@ObjectType('FulfillmentOrderPayload', {
  simpleResolvers: true,
  description: 'What became of a change to a fulfillment order.',
})
export class FulfillmentOrderPayload {
  @Field(() => FulfillmentOrderType, {
    nullable: true,
    description: 'The fulfillment order; null where the change was refused.',
  })
  fulfillmentOrder!: FulfillmentOrderType | null;
  @Field(() => FulfillmentOrderType, {
    nullable: true,
    description: 'What a split made of it, or a move of one of which something had left; otherwise null.',
  })
  newFulfillmentOrder!: FulfillmentOrderType | null;
  @Field(() => OrderType, { nullable: true, description: 'Its order as it is now.' })
  order!: OrderType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
