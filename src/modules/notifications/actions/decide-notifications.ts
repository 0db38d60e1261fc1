import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { isAddress } from '../notification.rules.js';
import { deleteOptOut, insertOptOut, upsertSetting } from '../notification.queries.js';
import type { SetNotificationOptOutInput, SetNotificationSettingInput } from '../notification.type.js';

/** Decides whether something is told of the orders of a kind of channel; what is queued already is sent. */
export async function setNotificationSetting(
  { tx }: ActionScope,
  { template, channelKind, isOn }: Omit<SetNotificationSettingInput, 'idempotencyKey'>,
): Promise<{ template: string; channelKind: string }> {
  await tx.query(upsertSetting(template, channelKind, isOn));
  return { template, channelKind };
}

/** Ends letters to an address, or takes them up again; what is queued to it is not sent any more. */
export async function setNotificationOptOut(
  { tx, now }: ActionScope,
  input: Omit<SetNotificationOptOutInput, 'idempotencyKey'>,
): Promise<{ address: string; isOptedOut: string }> {
  const address = input.address.trim().toLowerCase();
  if (!isAddress(address))
    throw refuse('INVALID', `address: expected an e-mail address, got "${input.address}"`, ['address']);
  await tx.query(input.isOptedOut ? insertOptOut(address, now.toISOString()) : deleteOptOut(address));
  return { address, isOptedOut: String(input.isOptedOut) };
}
