import { INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { queueNotifications } from './actions/follow-events.js';
import { sendNotifications } from './actions/send-notifications.js';
import { mailer, smtpMailer } from './mailer.js';
import { notificationsById } from './notification.loaders.js';
import { NotificationResolver, OrderNotificationsResolver } from './notification.resolver.js';
import { outboundMailSettings } from './notification.settings.js';
import { NotificationSettingResolver } from './notification-setting.resolver.js';
import { NOTIFICATION_PREFIX } from './notification.type.js';
import { optOutLinks, signedOptOuts } from './opt-out-link.js';
import { optOutRoutes } from './opt-out-route.js';

/** Letters by e-mail: customers and departments are told what happened to orders, each once. */
export const notifications = {
  name: 'notifications',
  settings: [outboundMailSettings],
  services: ({ services, secretKey }) => {
    const settings = services.get(outboundMailSettings);
    services.provide(mailer, settings && smtpMailer(settings)).provide(optOutLinks, signedOptOuts(secretKey));
  },
  resolvers: [NotificationResolver, NotificationSettingResolver, OrderNotificationsResolver],
  nodes: [nodeSource(NOTIFICATION_PREFIX, notificationsById, INSIDE)],
  upkeep: [queueNotifications, sendNotifications],
  routes: optOutRoutes,
} satisfies Module;

export { resendNotification } from './actions/resend-notification.js';
export { setNotificationOptOut, setNotificationSetting } from './actions/decide-notifications.js';
export { smtpMailer } from './mailer.js';
