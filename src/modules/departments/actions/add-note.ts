import { appendEvents } from '../../../events/append.js';
import { exactlyOneError } from '../../../graph/lookup.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import { CUSTOMER_PREFIX } from '../../customers/index.js';
import { countEvents, eventsOf, lockOrderForAction } from '../../orders/index.js';
import { insertNote, lockNoted } from '../note.queries.js';
import { LONGEST_NOTE, NOTE, NOTE_PREFIX, type AddNoteInput } from '../note.type.js';

export type NoteValues = Omit<AddNoteInput, 'idempotencyKey'>;

/** Writes a note about an order or a customer. The record stays as it is: no version rises. */
export async function addNote(scope: ActionScope, input: NoteValues): Promise<{ noteId: string }> {
  const { tx, actor, now } = scope;
  const { orderId, customerId, text } = input;
  const refusals = new Refusals();
  const ways = exactlyOneError({ orderId, customerId });
  if (ways) refusals.push(ways);
  if (text.trim() === '' || text.length > LONGEST_NOTE)
    refusals.add('INVALID', `text: expected 1 to ${LONGEST_NOTE} characters, got ${text.length}`, ['text']);
  refusals.throwIfAny();
  const isInternal = input.isInternal ?? true;
  const noteId = await tx.ids.one();
  const told = { message: 'Note added', data: { note: typeId(NOTE_PREFIX, noteId), isInternal } };
  const about =
    orderId != null ? await noteOrder(scope, orderId, told) : await noteCustomer(scope, customerId!, noteId, told);
  tx.defer(
    insertNote(
      noteId,
      about.orderId,
      about.customerId,
      text,
      isInternal,
      actor.kind,
      actor.id,
      actor.name,
      now.toISOString(),
    ),
  );
  return { noteId };
}

interface Told {
  message: string;
  data: object;
}
interface About {
  orderId: string | null;
  customerId: string | null;
}

async function noteOrder(scope: ActionScope, orderId: string, told: Told): Promise<About> {
  const order = await lockOrderForAction(scope, { orderId });
  const events = eventsOf(order, scope).add({ type: 'NOTE_ADDED', ...told });
  scope.tx.defer(countEvents(order.id, events.count));
  await appendEvents(scope.tx, events.events);
  return { orderId: order.id, customerId: null };
}

async function noteCustomer(
  { tx, actor, now }: ActionScope,
  given: string,
  noteId: string,
  told: Told,
): Promise<About> {
  const id = idOf(CUSTOMER_PREFIX, given);
  const customer = id === null ? undefined : await tx.one(lockNoted(id));
  if (!customer) throw refuse('NOT_FOUND', `no customer has the id ${given}`, ['customerId']);
  await appendEvents(tx, [
    {
      subjectKind: NOTE,
      subjectId: noteId,
      sequence: 1,
      type: 'CREATED',
      at: now,
      actor,
      ...told,
      customerId: customer.id,
    },
  ]);
  return { orderId: null, customerId: customer.id };
}
