import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import { ORDER_PREFIX } from '../../orders/index.js';
import { QUOTE_PREFIX } from '../../quotes/index.js';
import { LONGEST_NOTE } from '../note.type.js';
import type { ResolveWorkItemInput } from '../task.type.js';
import { lockTask, resolveTask, type TaskRow } from '../work-item.queries.js';
import { WORK_ITEM, WORK_ITEM_PREFIX } from '../work-item.type.js';

/** Ends a task; one that is done already stays as it is. All other work ends with what it follows from. */
export async function resolveWorkItem(
  { tx, actor, now }: ActionScope,
  input: Omit<ResolveWorkItemInput, 'idempotencyKey'>,
): Promise<{ workItemId: string }> {
  const resolution = input.resolution ?? null;
  if (resolution !== null && resolution.length > LONGEST_NOTE)
    throw refuse('INVALID', `resolution: expected at most ${LONGEST_NOTE} characters, got ${resolution.length}`, [
      'resolution',
    ]);
  const id = idOf(WORK_ITEM_PREFIX, input.workItemId);
  const task = id === null ? undefined : await tx.one(lockTask(id));
  if (!task) throw refuse('NOT_FOUND', `no TASK has the id ${input.workItemId}`, ['workItemId']);
  if (task.resolved_at !== null) return { workItemId: task.id };
  tx.defer(resolveTask(task.id, now.toISOString(), resolution));
  await appendEvents(tx, [
    {
      subjectKind: WORK_ITEM,
      subjectId: task.id,
      sequence: 2,
      type: 'RESOLVED',
      at: now,
      actor,
      message: `${task.department} has done: ${task.title}`,
      data: { department: task.department, record: recordOf(task), ...(resolution !== null && { resolution }) },
    },
  ]);
  return { workItemId: task.id };
}

function recordOf({ order_id: order, quote_id: quote }: TaskRow): string | null {
  if (order !== null) return typeId(ORDER_PREFIX, order);
  return quote === null ? null : typeId(QUOTE_PREFIX, quote);
}
