import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime, DecimalScalar } from '../../graph/scalars.js';
import { ActorType } from '../../graph/values.type.js';
import type { ActorKind } from '../../shared/actor.js';
import { decimalText, multiplyDecimals } from '../../shared/decimal.js';
import { typeId } from '../../shared/ids.js';
import { HoldReason } from '../orders/index.js';
import { FULFILLMENT_ORDER_STATUSES, type FulfillmentOrderStatus } from './fulfillment-order.states.js';

export const FULFILLMENT_ORDER_PREFIX = 'ful';
const FULFILLMENT_ORDER_LINE_PREFIX = 'fln';

export const FulfillmentOrderStatusEnum = Object.fromEntries(
  FULFILLMENT_ORDER_STATUSES.map((status) => [status, status]),
);
registerEnumType(FulfillmentOrderStatusEnum, {
  name: 'FulfillmentOrderStatus',
  description:
    'How far a warehouse is with its share of an order. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    OPEN: { description: 'It waits for the warehouse.' },
    IN_PROGRESS: { description: 'A shipment of it was begun.' },
    ON_HOLD: { description: 'Nothing of it leaves until the hold is released.' },
    CLOSED: { description: 'All of it has left. Open again where something comes back or is lost.' },
    CANCELED: { description: 'The warehouse has nothing to do for it any more.' },
  },
});

export interface FulfillmentOrderRow {
  id: string;
  number: string;
  order_id: string;
  location_id: string;
  status: FulfillmentOrderStatus;
  hold_reason: HoldReason | null;
  hold_note: string | null;
  hold_actor_kind: ActorKind | null;
  hold_actor_id: string | null;
  hold_actor_name: string | null;
  held_at: string | null;
  created_at: string;
  updated_at: string;
  version: number;
}
export interface FulfillmentOrderLineRow {
  id: string;
  fulfillment_order_id: string;
  order_line_id: string;
  sku: string;
  per_unit: string;
  units: string;
  remaining_units: string;
  waiting_units: string;
}

@ObjectType('FulfillmentOrderLine', {
  description: 'What leaves the shelf: the line’s product, or a part of its bundle.',
})
export class FulfillmentOrderLineType {
  constructor(readonly row: FulfillmentOrderLineRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(FULFILLMENT_ORDER_LINE_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'Of the product that leaves.' })
  get sku(): string {
    return this.row.sku;
  }
  @Field(() => DecimalScalar, { description: 'How much of it is to leave, and has left.' })
  get quantity(): string {
    return this.#of(this.row.units);
  }
  @Field(() => DecimalScalar, { description: 'How much of that has not left; what is packed has not.' })
  get remainingQuantity(): string {
    return this.#of(this.row.remaining_units);
  }
  @Field(() => DecimalScalar, {
    description: 'How much of what remains came back or was lost and waits for stock to be reserved again.',
  })
  get waitingQuantity(): string {
    return this.#of(this.row.waiting_units);
  }
  #of(units: string): string {
    return decimalText(multiplyDecimals(units, this.row.per_unit));
  }
}

@ObjectType('FulfillmentOrderHold', { description: 'Why nothing of a fulfillment order leaves.' })
export class FulfillmentOrderHoldType {
  constructor(private readonly row: FulfillmentOrderRow) {}
  @Field(() => HoldReason, { description: 'Why, for programs.' })
  get reason(): HoldReason {
    return this.row.hold_reason!;
  }
  @Field(() => String, { nullable: true, description: 'Why, in words.' })
  get note(): string | null {
    return this.row.hold_note;
  }
  @Field(() => ActorType, { description: 'Who placed it.' })
  get placedBy(): ActorType {
    const { hold_actor_kind: kind, hold_actor_id: id, hold_actor_name: name } = this.row;
    return new ActorType({ kind: kind!, id, name: name! });
  }
  @Field(() => DateTime, { description: 'When.' })
  get placedAt(): string {
    return this.row.held_at!;
  }
}

@ObjectType('FulfillmentOrder', {
  implements: Node,
  description: 'A location’s share of an order: the unit of work of a warehouse. Shipments leave from it.',
})
export class FulfillmentOrderType {
  readonly __typename = 'FulfillmentOrder';
  constructor(readonly row: FulfillmentOrderRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(FULFILLMENT_ORDER_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The number people use, unique in the hub.' })
  get number(): string {
    return this.row.number;
  }
  @Field(() => FulfillmentOrderStatusEnum, { description: 'How far the warehouse is.' })
  get status(): FulfillmentOrderStatus {
    return this.row.status;
  }
  @Field(() => FulfillmentOrderHoldType, { nullable: true, description: 'Why it is ON_HOLD; otherwise null.' })
  get hold(): FulfillmentOrderHoldType | null {
    return this.row.hold_reason === null ? null : new FulfillmentOrderHoldType(this.row);
  }
  @Field(() => DateTime, { description: 'When the warehouse was given it.' })
  get createdAt(): string {
    return this.row.created_at;
  }
  @Field(() => DateTime, { description: 'When it changed last.' })
  get updatedAt(): string {
    return this.row.updated_at;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}

@ObjectType('FulfillmentOrderConnection', { description: 'A page of fulfillment orders.' })
export class FulfillmentOrderConnection extends connectionTypes('FulfillmentOrder', () => FulfillmentOrderType) {}
