import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../../graph/context.js';
import { ShipmentType } from '../../fulfillment/index.js';
import { OrderType } from '../../orders/index.js';
import { trackingLinks } from './tracking-links.js';

@Resolver(() => ShipmentType)
export class ShipmentTrackingPageResolver {
  @FieldResolver(() => String, {
    description:
      'Where anybody who has this address follows the shipment, without a key; names no person and no price.',
  })
  trackingPageUrl(@Root() { row }: ShipmentType, @Ctx() context: GraphContext): string {
    return context.service(trackingLinks).urlOf({ kind: 'shipment', id: row.id });
  }
}

@Resolver(() => OrderType)
export class OrderTrackingPageResolver {
  @FieldResolver(() => String, {
    description:
      'Where anybody who has this address follows all of its shipments, without a key; names no person and no price.',
  })
  trackingPageUrl(@Root() { row }: OrderType, @Ctx() context: GraphContext): string {
    return context.service(trackingLinks).urlOf({ kind: 'order', id: row.id });
  }
}
