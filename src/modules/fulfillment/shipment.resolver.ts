import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { Allow, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type MutationResult } from '../../graph/mutation.js';
import { orderLinesById, OrderLineType, ordersById, OrderType } from '../orders/index.js';
import { placesById, StockLocationType } from '../stock/index.js';
import { createShipment } from './actions/create-shipment.js';
import { updateShipment } from './actions/update-shipment.js';
import { ParcelType } from './parcel.type.js';
import {
  linesOfShipment,
  parcelsOfShipment,
  shipmentsById,
  shipmentsOfOrder,
  trackingOfShipment,
  weightOfShipment,
} from './shipment.loaders.js';
import { ShipmentLineType, ShipmentType, TrackingEventType } from './shipment.type.js';
import { CreateShipmentInput, ShipmentPayload, UpdateShipmentInput } from './shipment-input.type.js';

export const SHIPPERS = [Role.ADMIN, Role.WAREHOUSE, Role.LOGISTICS, Role.INTEGRATION];

@Resolver(() => ShipmentType)
class ShipmentResolver {
  @Allow(SHIPPERS)
  @Mutation(() => ShipmentPayload, {
    description:
      'Prepares a shipment of goods that the order has reserved at one location, released to it or not. They are claimed ' +
      'for it, and leave on-hand when it is SHIPPED.',
  })
  async createShipment(
    @Arg('input', () => CreateShipmentInput, { description: 'What leaves from where.' }) input: CreateShipmentInput,
    @Ctx() context: GraphContext,
  ): Promise<ShipmentPayload> {
    return payload(context, await mutate(context, 'createShipment', input, (scope) => createShipment(scope, input)));
  }

  @Allow(SHIPPERS)
  @Mutation(() => ShipmentPayload, {
    description:
      'Writes down what happened to a shipment; its order follows. A carrier’s late or repeated report moves nothing back.',
  })
  async updateShipment(
    @Arg('input', () => UpdateShipmentInput, { description: 'What happened.' }) input: UpdateShipmentInput,
    @Ctx() context: GraphContext,
  ): Promise<ShipmentPayload> {
    return payload(context, await mutate(context, 'updateShipment', input, (scope) => updateShipment(scope, input)));
  }

  @FieldResolver(() => OrderType, { description: 'The order it belongs to.' })
  order(@Root() { row }: ShipmentType, @Ctx() context: GraphContext): Promise<OrderType | null> {
    return context.load(ordersById, row.order_id);
  }

  @FieldResolver(() => StockLocationType, { description: 'Where it leaves from.' })
  location(@Root() { row }: ShipmentType, @Ctx() context: GraphContext): Promise<StockLocationType | null> {
    return context.load(placesById, row.location_id);
  }

  @FieldResolver(() => [ShipmentLineType], { description: 'What it holds.' })
  lines(@Root() { row }: ShipmentType, @Ctx() context: GraphContext): Promise<ShipmentLineType[]> {
    return context.load(linesOfShipment, row.id);
  }

  @FieldResolver(() => [ParcelType], { description: 'The boxes it leaves in, as far as anybody said so.' })
  parcels(@Root() { row }: ShipmentType, @Ctx() context: GraphContext): Promise<ParcelType[]> {
    return context.load(parcelsOfShipment, row.id);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'What it weighs: its parcels, or what the products in it do; null where some of that is not known.',
  })
  weightGrams(@Root() { row }: ShipmentType, @Ctx() context: GraphContext): Promise<number | null> {
    return context.load(weightOfShipment, row.id);
  }

  @FieldResolver(() => [TrackingEventType], { description: 'What was reported of it, oldest first.' })
  trackingEvents(@Root() { row }: ShipmentType, @Ctx() context: GraphContext): Promise<TrackingEventType[]> {
    return context.load(trackingOfShipment, row.id);
  }
}

@Resolver(() => ShipmentLineType)
class ShipmentLineResolver {
  @FieldResolver(() => OrderLineType, { description: 'The order’s line that it is for.' })
  orderLine(@Root() { row }: ShipmentLineType, @Ctx() context: GraphContext): Promise<OrderLineType | null> {
    return context.load(orderLinesById, row.order_line_id);
  }
}

@Resolver(() => OrderType)
class OrderShipmentsResolver {
  @FieldResolver(() => [ShipmentType], { description: 'Its shipments, the oldest first.' })
  shipments(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<ShipmentType[]> {
    return context.load(shipmentsOfOrder, row.id);
  }
}

async function payload(
  context: GraphContext,
  { outcome, ...rest }: MutationResult<{ shipmentId: string; orderId: string }>,
): Promise<ShipmentPayload> {
  return {
    shipment: outcome && (await context.load(shipmentsById, outcome.shipmentId)),
    order: outcome && (await context.load(ordersById, outcome.orderId)),
    ...rest,
  };
}

export const shipmentResolvers = [ShipmentResolver, ShipmentLineResolver, OrderShipmentsResolver];
