import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { LineQuantityInput, OrderType } from '../orders/index.js';
import { ParcelInput } from './parcel.type.js';
import type { ShipmentStatus } from './shipment.states.js';
import { ShipmentStatusEnum, ShipmentType } from './shipment.type.js';

@InputType('CreateShipmentInput', { description: 'What of an order leaves from where.' })
export class CreateShipmentInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The order.' })
  orderId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the order has another version.' })
  expectedVersion?: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'The location’s code; left out where only one holds the goods.',
  })
  location?: string | null;
  @Field(() => [LineQuantityInput], {
    nullable: true,
    description: 'How much of which lines; left out: all that is left to ship there.',
  })
  lines?: LineQuantityInput[] | null;
  @Field(() => ID, {
    nullable: true,
    description:
      'What is shipped of this fulfillment order alone; left out: of any that the location has, the oldest first.',
  })
  fulfillmentOrderId?: string | null;
  @Field(() => [ParcelInput], { nullable: true, description: 'The boxes it leaves in; at most 100.' })
  parcels?: ParcelInput[] | null;
  @Field(() => String, { nullable: true, description: 'Who carries it.' })
  carrier?: string | null;
  @Field(() => String, { nullable: true, description: 'The carrier’s service.' })
  service?: string | null;
  @Field(() => String, { nullable: true, description: 'The carrier’s number for it.' })
  trackingNumber?: string | null;
}

@InputType('UpdateShipmentInput', {
  description:
    'What happened to a shipment. A field left out stays, null empties it. A report that is late or comes again moves ' +
    'nothing back and is no error.',
})
export class UpdateShipmentInput {
  @Field(() => String, { nullable: true, description: 'The same key and input is carried out once.' })
  idempotencyKey?: string | null;
  @Field(() => ID, { description: 'The shipment.' })
  shipmentId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the shipment has another version.' })
  expectedVersion?: number | null;
  @Field(() => ShipmentStatusEnum, { nullable: true, description: 'Where it is, or was at the time of the report.' })
  status?: ShipmentStatus | null;
  @Field(() => String, { nullable: true, description: 'Who carries it.' })
  carrier?: string | null;
  @Field(() => String, { nullable: true, description: 'The carrier’s service.' })
  service?: string | null;
  @Field(() => String, { nullable: true, description: 'The carrier’s number for it.' })
  trackingNumber?: string | null;
  @Field(() => String, { nullable: true, description: 'Where it can be followed; an http or https address.' })
  trackingUrl?: string | null;
  @Field(() => [ParcelInput], {
    nullable: true,
    description: 'The boxes it leaves in, all of them: these replace those it had.',
  })
  parcels?: ParcelInput[] | null;
  @Field(() => String, { nullable: true, description: 'What is reported, in words; with `status`.' })
  description?: string | null;
  @Field(() => String, { nullable: true, description: 'Where it happened; with `status`.' })
  place?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When it happened, with `status`; left out: now.' })
  at?: Date | null;
}

@ObjectType('ShipmentPayload', { simpleResolvers: true, description: 'What became of a change to a shipment.' })
export class ShipmentPayload {
  @Field(() => ShipmentType, { nullable: true, description: 'The shipment; null where the change was refused.' })
  shipment!: ShipmentType | null;
  @Field(() => OrderType, { nullable: true, description: 'Its order as it is now.' })
  order!: OrderType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
