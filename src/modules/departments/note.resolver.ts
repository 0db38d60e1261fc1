import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root, type ClassType } from 'type-graphql';
import { Allow, isCustomer, Role, STAFF } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { CustomerType } from '../customers/index.js';
import { OrderType } from '../orders/index.js';
import { addNote } from './actions/add-note.js';
import { notesById } from './note.loaders.js';
import { noteList } from './note.queries.js';
import { AddNoteInput, AddNotePayload, NoteConnection, NoteType, type NoteRow } from './note.type.js';

@Resolver(() => NoteType)
export class NoteResolver {
  @Allow([...STAFF, Role.INTEGRATION])
  @Mutation(() => AddNotePayload, {
    description: 'Writes a note about an order or a customer; no version rises. It cannot be changed or removed.',
  })
  async addNote(
    @Arg('input', () => AddNoteInput, { description: 'The note.' }) input: AddNoteInput,
    @Ctx() context: GraphContext,
  ): Promise<AddNotePayload> {
    const { outcome, ...rest } = await mutate(context, 'addNote', input, (scope) => addNote(scope, input));
    return { note: outcome && (await context.load(notesById, outcome.noteId)), ...rest };
  }
}

function notesOf(type: ClassType, of: 'order' | 'customer') {
  @Resolver(() => type)
  class NotesResolver {
    @FieldResolver(() => NoteConnection, {
      description: 'What was written about it, oldest first unless `newestFirst`. Customers see none that is internal.',
    })
    async notes(
      @Root() { row }: { row: { id: string } },
      @Arg('newestFirst', () => Boolean, { nullable: true, description: 'The newest note first.' })
      newestFirst: boolean | undefined,
      @Args(() => PageArgs) page: PageArgs,
      @Ctx() context: GraphContext,
    ): Promise<NoteConnection> {
      const list = noteList(of, row.id, !isCustomer(context.viewer), newestFirst ?? false);
      return new NoteConnection(await connect(context, list, page, (note: NoteRow) => new NoteType(note)));
    }
  }
  return NotesResolver;
}

export const noteResolvers = [NoteResolver, notesOf(OrderType, 'order'), notesOf(CustomerType, 'customer')];
