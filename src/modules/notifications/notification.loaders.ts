import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import { selectNotifications, selectNotificationsOfOrders } from './notification.queries.js';
import { NotificationType } from './notification.type.js';

export const notificationsById = defineLoader<string, NotificationType | null>(
  'notificationsById',
  async (ids, { db }) => {
    const rows = await db.read(selectNotifications(ids));
    return inOrderOf(
      ids,
      rows.map((row) => new NotificationType(row)),
      ({ row }) => row.id,
    );
  },
);

/** Letters of orders that the viewer sees already. */
export const notificationsOfOrder = defineLoader<string, NotificationType[]>(
  'notificationsOfOrder',
  async (ids, { db }) => {
    const rows = await db.read(selectNotificationsOfOrders(ids));
    return listsOf(
      ids,
      rows.map((row) => new NotificationType(row)),
      ({ row }) => row.order_id,
    );
  },
);
