import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Allow, INSIDE, STAFF } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { setNotificationOptOut, setNotificationSetting } from './actions/decide-notifications.js';
import { selectOptOuts, selectSettings } from './notification.queries.js';
import { DECIDERS } from './notification.resolver.js';
import { allSettings } from './notification-setting.rules.js';
import {
  NotificationOptOutPayload,
  NotificationOptOutType,
  NotificationSettingPayload,
  NotificationSettingType,
  SetNotificationOptOutInput,
  SetNotificationSettingInput,
} from './notification.type.js';

@Resolver()
export class NotificationSettingResolver {
  @Allow(INSIDE)
  @Query(() => [NotificationSettingType], { description: 'What is told of the orders of which kind of channel.' })
  async notificationSettings(@Ctx() { db }: GraphContext): Promise<NotificationSettingType[]> {
    return allSettings(await db.read(selectSettings()));
  }

  @Allow(STAFF)
  @Query(() => [NotificationOptOutType], { description: 'Addresses that get no letters: the newest 250.' })
  notificationOptOuts(
    @Arg('address', () => String, { nullable: true, description: 'This one only.' }) address: string | null,
    @Ctx() { db }: GraphContext,
  ): Promise<NotificationOptOutType[]> {
    return db.read(selectOptOuts(address ?? null));
  }

  @Allow(DECIDERS)
  @Mutation(() => NotificationSettingPayload, {
    description: 'Decides whether something is told of the orders of a kind of channel, from now on.',
  })
  async setNotificationSetting(
    @Arg('input', () => SetNotificationSettingInput, { description: 'What, of which orders.' })
    input: SetNotificationSettingInput,
    @Ctx() context: GraphContext,
  ): Promise<NotificationSettingPayload> {
    const { outcome, ...rest } = await mutate(context, 'setNotificationSetting', input, (scope) =>
      setNotificationSetting(scope, input),
    );
    const settings = outcome ? allSettings(await context.db.read(selectSettings())) : [];
    const isMeant = (each: NotificationSettingType) =>
      each.template === outcome?.template && each.channelKind === outcome.channelKind;
    return { setting: settings.find(isMeant) ?? null, ...rest };
  }

  @Allow(STAFF)
  @Mutation(() => NotificationOptOutPayload, {
    description: 'Ends letters to an address, as the link in each letter does, or takes them up again.',
  })
  async setNotificationOptOut(
    @Arg('input', () => SetNotificationOptOutInput, { description: 'Which address.' })
    input: SetNotificationOptOutInput,
    @Ctx() context: GraphContext,
  ): Promise<NotificationOptOutPayload> {
    const { outcome, ...rest } = await mutate(context, 'setNotificationOptOut', input, (scope) =>
      setNotificationOptOut(scope, input),
    );
    return { address: outcome?.address ?? null, isOptedOut: outcome && outcome.isOptedOut === 'true', ...rest };
  }
}
