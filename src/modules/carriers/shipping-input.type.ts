import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { UserError } from '../../graph/user-errors.js';
import { ShipmentType } from '../fulfillment/index.js';

const KEY = 'The same key and input is carried out once.';
const VERSION = 'Refused where the shipment has another version.';
const WEIGHT = 'What it weighs, packed; left out: what its products weigh.';

@InputType('RatedParcelInput', { description: 'What carriers are told of a parcel. Give all three sides, or none.' })
export class RatedParcelInput {
  @Field(() => Int, { nullable: true, description: WEIGHT })
  weightGrams?: number | null;
  @Field(() => Int, { nullable: true, description: 'Its longest side.' })
  lengthMm?: number | null;
  @Field(() => Int, { nullable: true, description: 'Its width.' })
  widthMm?: number | null;
  @Field(() => Int, { nullable: true, description: 'Its height.' })
  heightMm?: number | null;
}

@InputType('RateShipmentInput', { description: 'A shipment whose carriers are asked for prices.' })
export class RateShipmentInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The shipment.' })
  shipmentId!: string;
  @Field(() => RatedParcelInput, { nullable: true, description: 'Its parcel.' })
  parcel?: RatedParcelInput | null;
}

@InputType('BuyLabelInput', { description: 'Which offer is taken for which shipment.' })
export class BuyLabelInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The shipment.' })
  shipmentId!: string;
  @Field(() => Int, { nullable: true, description: VERSION })
  expectedVersion?: number | null;
  @Field(() => ID, {
    nullable: true,
    description: 'One of its offers; left out: the one that the rules have chosen of those that came last.',
  })
  offerId?: string | null;
}

@InputType('CancelLabelInput', { description: 'Which shipment’s label is given back.' })
export class CancelLabelInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The shipment.' })
  shipmentId!: string;
  @Field(() => Int, { nullable: true, description: VERSION })
  expectedVersion?: number | null;
}

@InputType('TrackShipmentInput', { description: 'Which shipment’s carrier is asked.' })
export class TrackShipmentInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The shipment.' })
  shipmentId!: string;
}

@ObjectType('ShippingPayload', { simpleResolvers: true, description: 'What became of a step with a carrier.' })
export class ShippingPayload {
  @Field(() => ShipmentType, {
    nullable: true,
    description: 'The shipment with its offers and label; null where the step was refused.',
  })
  shipment!: ShipmentType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], {
    description:
      'Why it was refused; empty when it was not. With a shipment: what a carrier said no to (CARRIER_DECLINED), or which ' +
      'has not answered (PROVIDER_UNAVAILABLE).',
  })
  userErrors!: object[];
}
