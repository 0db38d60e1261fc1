import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Allow, isCustomer, Role, SELLERS } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { toUserError } from '../../graph/user-errors.js';
import { OrderType, ordersById, PreviewOrderInput } from '../orders/index.js';
import { locationsById, StockLocationType } from '../stock/index.js';
import { previewOrder } from './actions/preview-order.js';
import { DuplicateOrderError } from './duplicate.type.js';
import { OrderPreviewLine, OrderPreviewPayload, PreviewSource } from './preview-order.type.js';

@Resolver(() => PreviewSource)
export class PreviewOrderResolver {
  @Allow([...SELLERS, Role.SUPPORT, Role.CUSTOMER])
  @Query(() => OrderPreviewPayload, {
    description:
      'What `createOrder` with `confirm` would make of this now: prices, taxes, what is there and when it could leave. Nothing ' +
      'is kept or reserved.',
  })
  async previewOrder(
    @Arg('input', () => PreviewOrderInput, { description: 'The order.' }) input: PreviewOrderInput,
    @Ctx() context: GraphContext,
  ): Promise<OrderPreviewPayload> {
    const { preview, errors } = await previewOrder(
      {
        now: context.clock.now(),
        customerId: context.viewer.customerId,
        service: (key) => context.service(key),
        read: (statements) => Promise.all(statements.map((statement) => context.db.read(statement))),
      },
      input,
    );
    return { preview, userErrors: errors.map(toUserError) };
  }

  @FieldResolver(() => StockLocationType, { nullable: true, description: 'From where.' })
  location(@Root() source: PreviewSource, @Ctx() context: GraphContext): Promise<StockLocationType | null> {
    return context.load(locationsById, source.locationId);
  }
}

@Resolver(() => OrderPreviewLine)
export class PreviewLineResolver {
  @FieldResolver(() => [PreviewSource], { description: 'From where it would come. Customers do not see it.' })
  sources(@Root() line: OrderPreviewLine, @Ctx() context: GraphContext): PreviewSource[] {
    return isCustomer(context.viewer) ? [] : line.sources;
  }
}

@Resolver(() => DuplicateOrderError)
export class DuplicateOrderResolver {
  @FieldResolver(() => [OrderType], { description: 'The orders that it may be the same as.' })
  async orders(@Root() error: DuplicateOrderError, @Ctx() context: GraphContext): Promise<OrderType[]> {
    const found = await context.loadMany(ordersById, error.orderIds);
    return found.flatMap((order) => order ?? []);
  }
}
