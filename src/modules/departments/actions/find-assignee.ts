import type { ActionScope } from '../../../graph/mutation.js';
import { actorOfId } from '../../../graph/values.type.js';
import { refuse } from '../../../shared/failures.js';
import type { Department } from '../../orders/index.js';
import { selectAssignees, type AssigneeRow } from '../assignment.queries.js';

/** Null where nobody is named. Throws INVALID for whoever cannot do the department's work. */
export async function findAssignee(
  { tx, now }: ActionScope,
  department: Department | null,
  assigneeId: string | null | undefined,
): Promise<AssigneeRow | null> {
  if (assigneeId == null) return null;
  if (department === null) throw refuse('REQUIRED', 'department: required with assigneeId', ['department']);
  const key = actorOfId(assigneeId);
  const found = key?.kind === 'API_KEY' && (await tx.one(selectAssignees(department, now.toISOString(), key.id)));
  if (!found) {
    const expected = `an API key with the role ${department} or ADMIN that is still good`;
    throw refuse('INVALID', `assigneeId: expected ${expected}, got ${assigneeId}`, ['assigneeId']);
  }
  return found;
}
