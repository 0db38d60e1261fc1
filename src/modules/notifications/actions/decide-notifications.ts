import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { NOTIFICATION_OPT_OUT, NOTIFICATION_SETTING } from '../notification.events.js';
import { isAddress, isOnByItself } from '../notification.rules.js';
import { optIn, optOut, upsertSetting } from '../notification.queries.js';
import type { SetNotificationOptOutInput, SetNotificationSettingInput } from '../notification.type.js';

/** Decides whether something is told of the orders of a kind of channel; what is queued already is sent. */
export async function setNotificationSetting(
  { tx, now: at, actor }: ActionScope,
  { template, channelKind, isOn }: Omit<SetNotificationSettingInput, 'idempotencyKey'>,
): Promise<{ template: string; channelKind: string }> {
  const changed = await tx.one(upsertSetting(template, channelKind, isOn));
  if (changed) {
    const { id: subjectId, version: sequence } = changed;
    const type = sequence === 1 ? 'CREATED' : 'EDITED';
    const from = sequence === 1 ? isOnByItself(template, channelKind) : !isOn;
    const message = `${template} of ${channelKind} orders is ${isOn ? 'told' : 'not told'}`;
    const changes = [{ field: 'isOn', from, to: isOn }];
    await appendEvents(tx, [
      { subjectKind: NOTIFICATION_SETTING, subjectId, sequence, type, at, actor, message, changes },
    ]);
  }
  return { template, channelKind };
}

/** Ends letters to an address, or takes them up again; what is queued to it is not sent any more. */
export async function setNotificationOptOut(
  { tx, now: at, actor }: Pick<ActionScope, 'tx' | 'now' | 'actor'>,
  input: Omit<SetNotificationOptOutInput, 'idempotencyKey'>,
): Promise<{ address: string; isOptedOut: string }> {
  const address = input.address.trim().toLowerCase();
  if (!isAddress(address)) {
    throw refuse('INVALID', `address: expected an e-mail address, got "${input.address}"`, ['address']);
  }
  const changed = await tx.one((input.isOptedOut ? optOut : optIn)(address, at.toISOString()));
  if (changed) {
    const { id: subjectId, version: sequence } = changed;
    const type = sequence === 1 ? 'CREATED' : 'EDITED';
    const message = input.isOptedOut ? 'An address gets no more letters' : 'An address gets letters again';
    const changes = [{ field: 'isOptedOut', from: !input.isOptedOut, to: input.isOptedOut }];
    const personal = { data: { address } };
    await appendEvents(tx, [
      { subjectKind: NOTIFICATION_OPT_OUT, subjectId, sequence, type, at, actor, message, changes, personal },
    ]);
  }
  return { address, isOptedOut: String(input.isOptedOut) };
}
