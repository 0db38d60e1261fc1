import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { CountryCode } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { MoneyInput, MoneyType } from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, type Money } from '../../shared/money.js';
import type { CarrierRateRow } from './carrier-rate.queries.js';

export const CARRIER_RATE = 'carrier_rate';
export const CARRIER_RATE_PREFIX = 'crt';

const CARRIER = 'Who carries it, e.g. "Bartolini".';
const SERVICE = 'By which of its services, e.g. "standard".';
const COUNTRY = 'Where it goes.';
const MOST = 'Up to this weight; the smallest that takes a parcel holds.';
const DAYS = 'How many days it takes.';

@ObjectType('CarrierRate', { implements: Node, description: 'One’s own price of a carrier that nobody asks.' })
export class CarrierRateType {
  readonly __typename = 'CarrierRate';
  constructor(readonly row: CarrierRateRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(CARRIER_RATE_PREFIX, this.row.id);
  }
  @Field(() => String, { description: CARRIER })
  get carrier(): string {
    return this.row.carrier;
  }
  @Field(() => String, { description: SERVICE })
  get service(): string {
    return this.row.service;
  }
  @Field(() => CountryCode, { description: COUNTRY })
  get country(): string {
    return this.row.country;
  }
  @Field(() => Int, { description: MOST })
  get upToGrams(): number {
    return this.row.most_grams;
  }
  @Field(() => MoneyType, { description: 'What a parcel costs.' })
  get price(): Money {
    return moneyOfMinor(this.row.price_minor, this.row.currency);
  }
  @Field(() => Int, { nullable: true, description: DAYS })
  get deliveryDays(): number | null {
    return this.row.delivery_days;
  }
  @Field(() => Boolean, { description: 'It is offered.' })
  get isActive(): boolean {
    return this.row.is_active;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}

@InputType('UpsertCarrierRateInput', {
  description:
    'Found by `carrier`, `service`, `country`, `upToGrams` and the currency of `price`, created if there is none. A field ' +
    'left out stays.',
})
export class UpsertCarrierRateInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: CARRIER })
  carrier!: string;
  @Field(() => String, { description: SERVICE })
  service!: string;
  @Field(() => CountryCode, { description: COUNTRY })
  country!: string;
  @Field(() => Int, { description: MOST })
  upToGrams!: number;
  @Field(() => MoneyInput, { description: 'What a parcel costs.' })
  price!: MoneyInput;
  @Field(() => Int, { nullable: true, description: 'Refused where the record has another version.' })
  expectedVersion?: number | null;
  @Field(() => Int, { nullable: true, description: DAYS })
  deliveryDays?: number | null;
  @Field(() => Boolean, { nullable: true, description: 'False takes it out of what is offered.' })
  isActive?: boolean | null;
}

@ObjectType('CarrierRatePayload', { simpleResolvers: true, description: 'What became of a change to a price.' })
export class CarrierRatePayload {
  @Field(() => CarrierRateType, { nullable: true, description: 'The price; null where the change was refused.' })
  carrierRate!: CarrierRateType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
