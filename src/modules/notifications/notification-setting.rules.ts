import { ChannelKind } from '../orders/index.js';
import { isOnByItself, TEMPLATES, type Template } from './notification.rules.js';
import type { NotificationSettingType, SettingRow } from './notification.type.js';

/** Whether it is told: as somebody has decided, else as the hub does by itself. */
export function isOn(
  decided: readonly SettingRow[],
  { template, channelKind }: { template: Template; channelKind: string },
): boolean {
  const row = decided.find((each) => each.template === template && each.channel_kind === channelKind);
  return row?.is_on ?? isOnByItself(template, channelKind);
}

/** Every setting there is. */
export function allSettings(decided: readonly SettingRow[]): NotificationSettingType[] {
  return TEMPLATES.flatMap((template) =>
    Object.values(ChannelKind).map((channelKind) => ({
      template,
      channelKind,
      isOn: isOn(decided, { template, channelKind }),
      isDefault: !decided.some((row) => row.template === template && row.channel_kind === channelKind),
    })),
  );
}
