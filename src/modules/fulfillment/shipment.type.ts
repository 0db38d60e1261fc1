import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { DateTime, DecimalScalar } from '../../graph/scalars.js';
import { decimalText } from '../../shared/decimal.js';
import { typeId } from '../../shared/ids.js';
import { SHIPMENT_STATUSES, type ShipmentStatus } from './shipment.states.js';

/** The kind by which external references name it. */
export const SHIPMENT = 'shipment';
export const SHIPMENT_PREFIX = 'shp';
const SHIPMENT_LINE_PREFIX = 'shn';
const TRACKING_PREFIX = 'trk';

export const ShipmentStatusEnum = Object.fromEntries(SHIPMENT_STATUSES.map((status) => [status, status]));
registerEnumType(ShipmentStatusEnum, {
  name: 'ShipmentStatus',
  description: 'Where a shipment is. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    PENDING: { description: 'Its goods are claimed; nobody is at work on it yet.' },
    PICKING: { description: 'Its goods are being taken from the shelf.' },
    PACKED: { description: 'Ready to leave.' },
    SHIPPED: { description: 'Handed to the carrier; its goods are no longer on hand.' },
    IN_TRANSIT: { description: 'On its way.' },
    OUT_FOR_DELIVERY: { description: 'On its last way, to the door.' },
    DELIVERED: { description: 'Arrived.' },
    EXCEPTION: { description: 'Something happened that somebody should look at.' },
    DELIVERY_FAILED: { description: 'It could not be handed over; the carrier may try again.' },
    RETURNED_TO_SENDER: { description: 'It came back: what it held counts as not shipped.' },
    LOST: { description: 'It will not arrive: what it held counts as not shipped.' },
    CANCELED: { description: 'It never left; its goods are free for the order again.' },
  },
});

export interface ShipmentRow {
  id: string;
  number: string;
  order_id: string;
  location_id: string;
  status: ShipmentStatus;
  status_at: string;
  carrier: string | null;
  service: string | null;
  tracking_number: string | null;
  tracking_url: string | null;
  shipped_at: string | null;
  delivered_at: string | null;
  /** The hold that trouble of it has placed, while it may still go on. */
  hold_id: string | null;
  created_at: string;
  updated_at: string;
  version: number;
}
export interface ShipmentLineRow {
  id: string;
  shipment_id: string;
  order_line_id: string;
  product_id: string | null;
  sku: string;
  quantity: string;
  line_quantity: string;
  is_reserved: boolean;
  /** It left before it was first counted where it lay: on no shelf. */
  left_uncounted: boolean;
}
export interface TrackingRow {
  id: string;
  shipment_id: string;
  status: ShipmentStatus;
  description: string | null;
  place: string | null;
  at: string;
}

@ObjectType('ShipmentLine', { description: 'What leaves the shelf: a line’s product, or a part of its bundle.' })
export class ShipmentLineType {
  constructor(readonly row: ShipmentLineRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(SHIPMENT_LINE_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'Of the product that leaves.' })
  get sku(): string {
    return this.row.sku;
  }
  @Field(() => DecimalScalar, { description: 'How much of it leaves.' })
  get quantity(): string {
    return decimalText(this.row.quantity);
  }
}

@ObjectType('TrackingEvent', { description: 'What a carrier or staff reported of a shipment.' })
export class TrackingEventType {
  constructor(private readonly row: TrackingRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(TRACKING_PREFIX, this.row.id);
  }
  @Field(() => ShipmentStatusEnum, { description: 'What was reported.' })
  get status(): ShipmentStatus {
    return this.row.status;
  }
  @Field(() => String, { nullable: true, description: 'In the reporter’s words.' })
  get description(): string | null {
    return this.row.description;
  }
  @Field(() => String, { nullable: true, description: 'Where.' })
  get place(): string | null {
    return this.row.place;
  }
  @Field(() => DateTime, { description: 'When it happened, by the reporter’s clock.' })
  get at(): string {
    return this.row.at;
  }
}

@ObjectType('Shipment', { implements: Node, description: 'Goods of one order that leave one location together.' })
export class ShipmentType {
  readonly __typename = 'Shipment';
  constructor(readonly row: ShipmentRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(SHIPMENT_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The number people use, unique in the hub.' })
  get number(): string {
    return this.row.number;
  }
  @Field(() => ShipmentStatusEnum, { description: 'Where it is.' })
  get status(): ShipmentStatus {
    return this.row.status;
  }
  @Field(() => String, { nullable: true, description: 'Who carries it.' })
  get carrier(): string | null {
    return this.row.carrier;
  }
  @Field(() => String, { nullable: true, description: 'The carrier’s service, e.g. "express".' })
  get service(): string | null {
    return this.row.service;
  }
  @Field(() => String, { nullable: true, description: 'The carrier’s number for it.' })
  get trackingNumber(): string | null {
    return this.row.tracking_number;
  }
  @Field(() => String, { nullable: true, description: 'Where it can be followed.' })
  get trackingUrl(): string | null {
    return this.row.tracking_url;
  }
  @Field(() => DateTime, { nullable: true, description: 'When it left.' })
  get shippedAt(): string | null {
    return this.row.shipped_at;
  }
  @Field(() => DateTime, { nullable: true, description: 'When it arrived.' })
  get deliveredAt(): string | null {
    return this.row.delivered_at;
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
