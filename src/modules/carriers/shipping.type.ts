import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { MoneyType } from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, type Money } from '../../shared/money.js';
import { LABEL_STATUSES, type LabelRow, type LabelStatus } from './label.queries.js';
import type { OfferRow } from './rating.queries.js';

export const OFFER_PREFIX = 'off';
const LABEL_PREFIX = 'lbl';

export const LabelStatusEnum = Object.fromEntries(LABEL_STATUSES.map((status) => [status, status]));
registerEnumType(LabelStatusEnum, {
  name: 'ShippingLabelStatus',
  description: 'How far a label is. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    REQUESTED: { description: 'Its provider has been asked and has not answered yet; the hub finds out.' },
    BOUGHT: { description: 'There; of a carrier that nobody asks: to be made by hand.' },
    FAILED: { description: 'The provider has said no.' },
    CANCELING: { description: 'To be given back; its provider has not answered yet.' },
    CANCELED: { description: 'Given back.' },
  },
});

@ObjectType('ShippingOffer', { description: 'What a carrier would take a shipment for, and what the rules say of it.' })
export class ShippingOfferType {
  constructor(readonly row: OfferRow) {}
  @Field(() => ID, { description: 'Opaque and typed; what `buyLabel` takes.' })
  get id(): string {
    return typeId(OFFER_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'Who was asked: "manual" for one’s own prices.' })
  get provider(): string {
    return this.row.provider;
  }
  @Field(() => String, { description: 'Who would carry it.' })
  get carrier(): string {
    return this.row.carrier;
  }
  @Field(() => String, { description: 'By which of its services.' })
  get service(): string {
    return this.row.service;
  }
  @Field(() => MoneyType, { description: 'What it would cost.' })
  get price(): Money {
    return moneyOfMinor(this.row.price_minor, this.row.currency);
  }
  @Field(() => Int, {
    nullable: true,
    description: 'How many days it would take; null where the carrier does not say.',
  })
  get deliveryDays(): number | null {
    return this.row.delivery_days;
  }
  @Field(() => Boolean, { description: 'No rule has dropped it.' })
  get isKept(): boolean {
    return this.row.is_kept;
  }
  @Field(() => Boolean, { description: 'It is the one that the rules take.' })
  get isChosen(): boolean {
    return this.row.is_chosen;
  }
  @Field(() => [String], { description: 'Why it is chosen, kept or dropped, by the codes of the rules.' })
  get reasons(): string[] {
    return this.row.reasons;
  }
}

@ObjectType('ShippingLabel', { description: 'What a carrier takes a shipment by.' })
export class ShippingLabelType {
  constructor(readonly row: LabelRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(LABEL_PREFIX, this.row.id);
  }
  @Field(() => LabelStatusEnum, { description: 'How far it is.' })
  get status(): LabelStatus {
    return this.row.status;
  }
  @Field(() => String, { nullable: true, description: 'Where it can be printed from; null where nobody has made one.' })
  get url(): string | null {
    return this.row.status === 'BOUGHT' ? this.row.url : null;
  }
  @Field(() => MoneyType, { description: 'What it costs.' })
  get cost(): Money {
    return moneyOfMinor(this.row.price_minor, this.row.currency);
  }
  @Field(() => String, { description: 'Through whom it was bought: "manual" where nobody was asked.' })
  get provider(): string {
    return this.row.provider;
  }
  @Field(() => String, { description: 'Who carries it.' })
  get carrier(): string {
    return this.row.carrier;
  }
  @Field(() => String, { description: 'By which of its services.' })
  get service(): string {
    return this.row.service;
  }
  @Field(() => String, { nullable: true, description: 'The carrier’s number for it.' })
  get trackingNumber(): string | null {
    return this.row.tracking_number;
  }
  @Field(() => String, { nullable: true, description: 'Why it was not bought, or not canceled.' })
  get reason(): string | null {
    return this.row.reason;
  }
}
