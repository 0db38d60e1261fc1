import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { StreamedEvent } from '../../events/streamed-event.js';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime, EventCursor } from '../../graph/scalars.js';
import { ActorType } from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';
import { ORDER_EVENT_TYPES, type OrderEventTypeName } from './order.events.js';

export const ORDER_EVENT_PREFIX = 'evt';

export const OrderEventTypeEnum = Object.fromEntries(ORDER_EVENT_TYPES.map((type) => [type, type]));
registerEnumType(OrderEventTypeEnum, {
  name: 'OrderEventType',
  description: 'What happened to an order. The list grows: treat an unknown value as "other".',
  valuesConfig: {
    CREATED: { description: 'The hub came to know the order.' },
    EDITED: { description: 'Its content changed: lines, quantities, addresses, a payment that moves no money.' },
    STATUS_CHANGED: { description: 'Its headline changed.' },
    HOLD_PLACED: { description: 'A hold was placed; `data` says why.' },
    HOLD_RELEASED: { description: 'A hold was released.' },
    NOTE_ADDED: { description: 'Somebody wrote a note; the text is in `Order.notes`.' },
    ASSIGNED: { description: 'A department, or somebody there, is to deal with it; `data` says who.' },
    STOCK_RESERVED: { description: 'Stock was promised to it; `data.levels` says where.' },
    STOCK_RELEASED: { description: 'Stock that was promised to it is free again.' },
    PAYMENT_AUTHORIZED: { description: 'Money was authorized for it; `data.amount` says how much.' },
    PAYMENT_CAPTURED: { description: 'Money was taken for it; `data.amount` says how much.' },
    PAYMENT_FAILED: { description: 'An attempt to pay it failed.' },
    PAYMENT_VOIDED: { description: 'Money that was authorized, or awaited, will not be taken.' },
    PAYMENT_REFUNDED: { description: 'Money was given back; `data.amount` says how much.' },
    FULFILLMENT_RELEASED: { description: 'Warehouses were given work on it; `data.fulfillmentOrders` says where.' },
    FULFILLMENT_UPDATED: {
      description: 'A warehouse’s work on it was split, merged, moved, held, released or canceled.',
    },
    INVOICE_ISSUED: { description: 'An invoice or credit note of it was issued; `data` says which.' },
    SHIPMENT_CREATED: { description: 'A shipment of it is prepared.' },
    SHIPMENT_UPDATED: { description: 'Something happened to a shipment of it.' },
    SYNCED: { description: 'A connected system was told of it, of a shipment of it or of its quote.' },
    NOTIFICATION_SENT: { description: 'Somebody was told of it by e-mail; `data` says which letter.' },
  },
});

@ObjectType('OrderEvent', {
  implements: Node,
  description: 'One thing that happened to an order; never changed, never removed.',
})
export class OrderEventType {
  readonly __typename = 'OrderEvent';
  constructor(readonly event: StreamedEvent) {}

  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(ORDER_EVENT_PREFIX, String(this.event.id));
  }
  @Field(() => EventCursor, { description: 'Give it to a subscription as `after` to go on exactly behind this event.' })
  get cursor(): string {
    return this.event.cursor;
  }
  @Field(() => OrderEventTypeEnum, { description: 'What happened.' })
  get type(): OrderEventTypeName {
    return this.event.type as OrderEventTypeName;
  }
  @Field(() => DateTime, { description: 'When.' })
  get at(): string | Date {
    return this.event.at;
  }
  @Field(() => Int, { description: '1, 2, 3 … within its order, without a gap; rises strictly along every stream.' })
  get sequence(): number {
    return this.event.sequence;
  }
  @Field(() => ActorType, { description: 'Who did it.' })
  get actor(): ActorType {
    return new ActorType(this.event.actor);
  }
  @Field(() => String, { description: 'What happened, in words.' })
  get message(): string {
    return this.event.message;
  }
}

@ObjectType('OrderEventConnection', { description: 'A page of what happened to an order.' })
export class OrderEventConnection extends connectionTypes('OrderEvent', () => OrderEventType) {}
