import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { ORDER_PREFIX } from '../../orders/index.js';
import { QUOTE_PREFIX } from '../../quotes/index.js';
import { LONGEST_NOTE } from '../note.type.js';
import { LONGEST_TITLE, type OpenWorkItemInput } from '../task.type.js';
import { insertTask, selectOpenTask, selectOrderExists, selectQuoteExists } from '../work-item.queries.js';
import { rankOf, WORK_ITEM, WorkPriority } from '../work-item.type.js';
import { findAssignee } from './find-assignee.js';

export type WorkItemValues = Omit<OpenWorkItemInput, 'idempotencyKey'>;

const LONGEST_KEY = 200;

/** Asks a department to do something. While an item with the same key is open, that one is answered and nothing is written. */
export async function openWorkItem(scope: ActionScope, input: WorkItemValues): Promise<{ workItemId: string }> {
  const { tx, actor, now } = scope;
  check(input);
  const { department, title } = input;
  const key = input.key ?? null;
  const orderId = await found(scope, 'orderId', input.orderId, ORDER_PREFIX, selectOrderExists);
  const quoteId = await found(scope, 'quoteId', input.quoteId, QUOTE_PREFIX, selectQuoteExists);
  const assignee = await findAssignee(scope, department, input.assigneeId);
  const id = await tx.ids.one();
  const at = now.toISOString();
  const written = await tx.one(
    insertTask(
      id,
      department,
      rankOf(input.priority ?? WorkPriority.NORMAL),
      title,
      input.note ?? null,
      key,
      orderId,
      quoteId,
      assignee?.id ?? null,
      input.dueAt?.toISOString() ?? null,
      at,
      actor.kind,
      actor.id,
      actor.name,
    ),
  );
  if (!written) return { workItemId: await openWithKey(scope, key!) };
  await appendEvents(tx, [
    {
      subjectKind: WORK_ITEM,
      subjectId: id,
      sequence: 1,
      type: 'CREATED',
      at: now,
      actor,
      message: `${department} is to do: ${title}`,
      data: { department, record: input.orderId ?? input.quoteId ?? null },
    },
  ]);
  return { workItemId: id };
}

/** Whoever resolves it at this moment makes room for a new one: the caller may ask again. */
async function openWithKey({ tx }: ActionScope, key: string): Promise<string> {
  const open = await tx.one(selectOpenTask(key));
  if (!open) throw refuse('CONFLICT', `key: the item with "${key}" is being resolved; send the same again`, ['key']);
  return open.id;
}

function check({ title, note, key, orderId, quoteId }: WorkItemValues): void {
  const refusals = new Refusals();
  const text = (field: string, value: string | null | undefined, longest: number) => {
    if (value == null || (value.trim() !== '' && value.length <= longest)) return;
    refusals.add('INVALID', `${field}: expected 1 to ${longest} characters, got ${value.length}`, [field]);
  };
  text('title', title, LONGEST_TITLE);
  text('note', note, LONGEST_NOTE);
  text('key', key, LONGEST_KEY);
  if (orderId != null && quoteId != null)
    refusals.add('INVALID', 'quoteId: expected an order or a quote, got both', ['quoteId']);
  refusals.throwIfAny();
}

async function found(
  { tx }: ActionScope,
  field: string,
  given: string | null | undefined,
  prefix: string,
  select: typeof selectOrderExists,
): Promise<string | null> {
  if (given == null) return null;
  const id = idOf(prefix, given);
  const row = id === null ? undefined : await tx.one(select(id));
  if (!row) throw refuse('NOT_FOUND', `no record has the id ${given}`, [field]);
  return row.id;
}
