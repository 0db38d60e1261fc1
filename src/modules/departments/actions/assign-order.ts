import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { typeId } from '../../../shared/ids.js';
import { API_KEY_PREFIX } from '../../access/index.js';
import { eventsOf, lockOrderForAction } from '../../orders/index.js';
import type { AssignOrderInput } from '../assignment.type.js';
import { assignRow } from '../assignment.queries.js';
import { findAssignee } from './find-assignee.js';

/** Hands an order to a department, or to somebody there, or to nobody; to whoever has it already: nothing changes. */
export async function assignOrder(scope: ActionScope, input: AssignOrderInput): Promise<{ orderId: string }> {
  const { tx, now } = scope;
  const department = input.department ?? null;
  const order = await lockOrderForAction(scope, input);
  const assignee = await findAssignee(scope, department, input.assigneeId);
  if (order.department === department && order.assignee_id === (assignee?.id ?? null)) return { orderId: order.id };
  const at = now.toISOString();
  const key = (id: string | null) => id && typeId(API_KEY_PREFIX, id);
  // In `data`, not among the changes: those are for customers too.
  const events = eventsOf(order, scope).add({
    type: 'ASSIGNED',
    message: 'Assigned',
    data: {
      department: { from: order.department, to: department },
      assignee: { from: key(order.assignee_id), to: key(assignee?.id ?? null) },
      ...(assignee && { name: assignee.name }),
      ...(input.reason && { reason: input.reason }),
    },
  });
  tx.defer(assignRow(order.id, department, assignee?.id ?? null, department && at, at, events.count));
  await appendEvents(tx, events.events);
  return { orderId: order.id };
}
