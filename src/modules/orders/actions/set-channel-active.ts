import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { CHANNEL } from '../channel.type.js';
import { countChannelEvents, updateChannelActive } from '../order.queries.js';

/** Opens or closes the channel of a connected system to new orders; does nothing where it has none or is so already. */
export async function setChannelActive(
  { tx, now, actor }: ActionScope,
  { integrationId, isActive }: { integrationId: string; isActive: boolean },
): Promise<void> {
  const channel = await tx.one(updateChannelActive(integrationId, isActive));
  if (!channel) return;
  const { count } = (await tx.one(countChannelEvents(channel.id)))!;
  await appendEvents(tx, [
    {
      subjectKind: CHANNEL,
      subjectId: channel.id,
      sequence: count + 1,
      type: 'EDITED',
      at: now,
      actor,
      message: `Channel ${channel.code} ${isActive ? 'opened' : 'closed'}`,
      changes: [{ field: 'isActive', from: !isActive, to: isActive }],
    },
  ]);
}
