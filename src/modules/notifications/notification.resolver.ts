import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE, isCustomer, Role, STAFF } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { ordersById, OrderType } from '../orders/index.js';
import { resendNotification } from './actions/resend-notification.js';
import { notificationsById, notificationsOfOrder } from './notification.loaders.js';
import { notificationList } from './notification.queries.js';
import {
  NotificationConnection,
  NotificationFilter,
  NotificationPayload,
  NotificationType,
  ResendNotificationInput,
  type NotificationRow,
} from './notification.type.js';

@Resolver(() => NotificationType)
export class NotificationResolver {
  @Allow(INSIDE)
  @Query(() => NotificationConnection, { description: 'Letters to customers and departments, the newest first.' })
  async notifications(
    @Arg('filter', () => NotificationFilter, { nullable: true, description: 'Which letters.' })
    filter: NotificationFilter | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<NotificationConnection> {
    const source = await connect(context, notificationList(filter), page, (row: NotificationRow) => row);
    return new NotificationConnection({
      ...source,
      edges: source.edges.map(({ cursor, node }) => ({ cursor, node: new NotificationType(node) })),
    });
  }

  @Allow(STAFF)
  @Mutation(() => NotificationPayload, {
    description: 'Sends a letter once more: one that failed, or one that was sent and did not arrive.',
  })
  async resendNotification(
    @Arg('input', () => ResendNotificationInput, { description: 'Which letter.' }) input: ResendNotificationInput,
    @Ctx() context: GraphContext,
  ): Promise<NotificationPayload> {
    const { outcome, ...rest } = await mutate(context, 'resendNotification', input, (scope) =>
      resendNotification(scope, input),
    );
    return { notification: outcome && (await context.load(notificationsById, outcome.notificationId)), ...rest };
  }

  @FieldResolver(() => OrderType, { nullable: true, description: 'The order that it tells of.' })
  order(@Root() { row }: NotificationType, @Ctx() context: GraphContext): Promise<OrderType | null> {
    return context.load(ordersById, row.order_id);
  }
}

@Resolver(() => OrderType)
export class OrderNotificationsResolver {
  @FieldResolver(() => [NotificationType], {
    description: 'Letters that tell of it, the oldest first. Customers do not see them here.',
  })
  notifications(
    @Root() { row }: OrderType,
    @Ctx() context: GraphContext,
  ): Promise<NotificationType[]> | NotificationType[] {
    return isCustomer(context.viewer) ? [] : context.load(notificationsOfOrder, row.id);
  }
}

/** Who decides what is told. */
export const DECIDERS = [Role.ADMIN, Role.SALES];
