import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../graph/scalars.js';
import { ActorType } from '../../graph/values.type.js';
import type { ActorKind } from '../../shared/actor.js';
import { typeId } from '../../shared/ids.js';
import { OrderStepInput } from './order-input.type.js';

export const HOLD_PREFIX = 'hld';

export enum HoldReason {
  PAYMENT = 'PAYMENT',
  STOCK = 'STOCK',
  ADDRESS = 'ADDRESS',
  FRAUD = 'FRAUD',
  CREDIT = 'CREDIT',
  PRICE = 'PRICE',
  TAX = 'TAX',
  DUPLICATE = 'DUPLICATE',
  UNREADABLE = 'UNREADABLE',
  MANUAL = 'MANUAL',
}
registerEnumType(HoldReason, {
  name: 'HoldReason',
  description: 'Why an order is held. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    PAYMENT: { description: 'Its payment is not certain.' },
    STOCK: { description: 'What it needs is not there.' },
    ADDRESS: { description: 'Its address cannot be delivered to as it stands.' },
    FRAUD: { description: 'It may not come from whom it says.' },
    CREDIT: { description: 'It goes beyond what the customer may owe.' },
    PRICE: { description: 'A price in it has to be looked at.' },
    TAX: { description: 'Its tax is not known or not right.' },
    DUPLICATE: { description: 'It may be the same as another.' },
    UNREADABLE: { description: 'Part of it could not be understood.' },
    MANUAL: { description: 'Somebody wants to look at it.' },
  },
});

export interface HoldRow {
  id: string;
  order_id: string;
  reason: HoldReason;
  note: string | null;
  actor_kind: ActorKind;
  actor_id: string | null;
  actor_name: string;
  placed_at: string;
}

@ObjectType('OrderHold', { description: 'A reason why nothing of an order moves on until somebody releases it.' })
export class OrderHoldType {
  constructor(readonly row: HoldRow) {}
  @Field(() => ID, { description: 'Opaque and typed; what `releaseOrder` takes.' })
  get id(): string {
    return typeId(HOLD_PREFIX, this.row.id);
  }
  @Field(() => HoldReason, { description: 'Why, for programs.' })
  get reason(): HoldReason {
    return this.row.reason;
  }
  @Field(() => String, { nullable: true, description: 'Why, in words.' })
  get note(): string | null {
    return this.row.note;
  }
  @Field(() => ActorType, { description: 'Who placed it.' })
  get placedBy(): ActorType {
    return new ActorType({ kind: this.row.actor_kind, id: this.row.actor_id, name: this.row.actor_name });
  }
  @Field(() => DateTime, { description: 'When.' })
  get placedAt(): string {
    return this.row.placed_at;
  }
}

@InputType('HoldOrderInput', { description: 'Why an order must not move on.' })
export class HoldOrderInput extends OrderStepInput {
  @Field(() => HoldReason, { description: 'Why, for programs.' })
  reason!: HoldReason;
  @Field(() => String, { nullable: true, description: 'Why, in words; not for customers.' })
  note?: string | null;
}

@InputType('ReleaseOrderInput', { description: 'Which hold of an order ends.' })
export class ReleaseOrderInput extends OrderStepInput {
  @Field(() => ID, { nullable: true, description: 'The hold; left out: all of them.' })
  holdId?: string | null;
  @Field(() => String, { nullable: true, description: 'What was found, in words; stands in the timeline.' })
  note?: string | null;
}
