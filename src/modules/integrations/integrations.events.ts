import { appendEvents, type NewEvent } from '../../events/append.js';
import type { ActionScope } from '../../graph/mutation.js';
import { countEvent } from './integrations.queries.js';

/** The subject of events about an integration: CREATED, STATUS_CHANGED, EDITED, SYNCED. */
export const INTEGRATION = 'integration';

/** Appends an event about an integration whose row is locked; who locks it again in the same transaction sees it. */
export async function appendIntegrationEvent(
  { tx, now, actor }: ActionScope,
  { id, event_count: count }: { id: string; event_count: number },
  event: Omit<NewEvent, 'subjectKind' | 'subjectId' | 'sequence' | 'at' | 'actor'>,
): Promise<void> {
  const sequence = count + 1;
  tx.defer(countEvent(id, sequence));
  await appendEvents(tx, [{ ...event, subjectKind: INTEGRATION, subjectId: id, sequence, at: now, actor }]);
  await tx.flush();
}
