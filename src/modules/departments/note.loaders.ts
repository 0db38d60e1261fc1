import { isCustomer, maySee } from '../../graph/access.js';
import { defineLoader, inOrderOf } from '../../graph/context.js';
import { selectNotes } from './note.queries.js';
import { NoteType } from './note.type.js';

export const notesById = defineLoader<string, NoteType | null>('notesById', async (ids, { db, viewer }) => {
  const rows = (await db.read(selectNotes(ids))).filter(
    (row) => maySee(viewer, row.owner_id) && !(row.is_internal && isCustomer(viewer)),
  );
  return inOrderOf(
    ids,
    rows.map((row) => new NoteType(row)),
    ({ row }) => row.id,
  );
});
