import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { ActorType } from '../../graph/values.type.js';
import type { ActorKind } from '../../shared/actor.js';
import { typeId } from '../../shared/ids.js';

/** The subject of events about a note that is not an order's. */
export const NOTE = 'note';
export const NOTE_PREFIX = 'note';
export const LONGEST_NOTE = 10_000;

export interface NoteRow {
  id: string;
  order_id: string | null;
  customer_id: string | null;
  text: string;
  is_internal: boolean;
  actor_kind: ActorKind;
  actor_id: string | null;
  actor_name: string;
  at: string;
}

@ObjectType('Note', {
  implements: Node,
  description:
    'What somebody wrote about an order or a customer. Never changed, never removed: who errs writes another.',
})
export class NoteType {
  readonly __typename = 'Note';
  constructor(readonly row: NoteRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(NOTE_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'What was written.' })
  get text(): string {
    return this.row.text;
  }
  @Field(() => Boolean, { description: 'Not for customers: they never see it.' })
  get isInternal(): boolean {
    return this.row.is_internal;
  }
  @Field(() => ActorType, { description: 'Who wrote it.' })
  get author(): ActorType {
    return new ActorType({ kind: this.row.actor_kind, id: this.row.actor_id, name: this.row.actor_name });
  }
  @Field(() => DateTime, { description: 'When.' })
  get at(): string {
    return this.row.at;
  }
}

@ObjectType('NoteConnection', { description: 'A page of notes.' })
export class NoteConnection extends connectionTypes('Note', () => NoteType) {}

@InputType('AddNoteInput', { description: 'A new note; give exactly one of `orderId` and `customerId`.' })
export class AddNoteInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => ID, { nullable: true, description: 'The order it is about.' })
  orderId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The customer it is about.' })
  customerId?: string | null;
  @Field(() => String, { description: `1 to ${LONGEST_NOTE} characters.` })
  text!: string;
  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'Customers never see it.' })
  isInternal?: boolean | null;
}

@ObjectType('AddNotePayload', { simpleResolvers: true, description: 'What became of a note.' })
export class AddNotePayload {
  @Field(() => NoteType, { nullable: true, description: 'The note; null where it was refused.' })
  note!: NoteType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
