import { recordedEvent } from '../../events/streamed-event.js';
import { maySee, type Viewer } from '../../graph/access.js';
import { defineLoader, inOrderOf } from '../../graph/context.js';
import { selectChanges } from './history.queries.js';
import { RecordChangeType } from './record-change.type.js';
import { subjectOf } from './subjects.js';

export const changesById = defineLoader<string, RecordChangeType | null>('changesById', async (ids, scope) => {
  const rows = await scope.db.read(selectChanges(ids));
  const seen = rows.filter((row) => mayRead(scope.viewer, row.subject_kind) && maySee(scope.viewer, row.customer_id));
  return inOrderOf(
    ids,
    seen.map((row) => new RecordChangeType(recordedEvent(row))),
    ({ event }) => event.id,
  );
});

/** Whether the viewer reads the history of such records at all. */
function mayRead(viewer: Viewer, kind: string): boolean {
  const subject = subjectOf(kind);
  return subject !== undefined && viewer.roles.some((role) => subject.roles.includes(role));
}
