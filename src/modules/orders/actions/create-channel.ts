import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { CHANNEL, type ChannelKind } from '../channel.type.js';
import { insertChannel, selectChannelByCode } from '../order.queries.js';

/** Adds the channel of a newly connected system; ALREADY_EXISTS where the code is taken. */
export async function createChannel(
  { tx, now, actor }: ActionScope,
  channel: { code: string; name: string; kind: `${ChannelKind}`; integrationId: string },
): Promise<{ channelId: string }> {
  if (await tx.one(selectChannelByCode(channel.code))) {
    throw refuse('ALREADY_EXISTS', `a channel has the code "${channel.code}"`, ['code']);
  }
  const id = await tx.ids.one();
  await tx.query(insertChannel(id, channel.code, channel.name, channel.kind, channel.integrationId));
  await appendEvents(tx, [
    {
      subjectKind: CHANNEL,
      subjectId: id,
      sequence: 1,
      type: 'CREATED',
      at: now,
      actor,
      message: `Channel ${channel.code} made`,
      changes: (['code', 'name', 'kind'] as const).map((field) => ({ field, from: null, to: channel[field] })),
      data: { integrationId: channel.integrationId },
    },
  ]);
  return { channelId: id };
}
