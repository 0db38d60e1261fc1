import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root, type ClassType } from 'type-graphql';
import { recordedEvent, type RecordedEventRow } from '../../events/streamed-event.js';
import { Allow, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { Node } from '../../graph/node.js';
import { findNode } from '../../graph/node.resolver.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { actorOfId } from '../../graph/values.type.js';
import { badInput } from '../../shared/failures.js';
import { parseTypeId } from '../../shared/ids.js';
import { auditList, historyList } from './history.queries.js';
import { AuditFilter, RecordChangeConnection, RecordChangeType } from './record-change.type.js';
import { allSubjects, declareSubject, type HistorySubject } from './subjects.js';

const toChange = (row: RecordedEventRow): RecordChangeType => new RecordChangeType(recordedEvent(row));

type ResolverClass = new () => object;

/** Gives a type the field `history`: one line for each type that has events. */
export function historyOf(type: ClassType, subject: HistorySubject & { prefix: string }): ResolverClass {
  const { kind, roles } = declareSubject(subject);
  @Resolver(() => type)
  class HistoryResolver {
    @Allow(roles)
    @FieldResolver(() => RecordChangeConnection, {
      nullable: true,
      description: 'Who changed what of it and when; oldest first unless `newestFirst`.',
    })
    async history(
      @Root() { row }: { row: { id: string } },
      @Arg('newestFirst', () => Boolean, { nullable: true, description: 'The newest change first.' })
      newestFirst: boolean | undefined,
      @Args(() => PageArgs) page: PageArgs,
      @Ctx() context: GraphContext,
    ): Promise<RecordChangeConnection> {
      const list = historyList(kind, row.id, newestFirst ?? false);
      return new RecordChangeConnection(await connect(context, list, page, toChange));
    }
  }
  return HistoryResolver;
}

@Resolver(() => RecordChangeType)
export class AuditResolver {
  @Allow([Role.ADMIN])
  @Query(() => RecordChangeConnection, { description: 'The changes of all records, newest first.' })
  async auditLog(
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'Which changes.' })
    filter: AuditFilter | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<RecordChangeConnection> {
    const subject = filter?.subjectId == null ? null : subjectOfId(filter.subjectId);
    const actor = filter?.actor?.id == null ? null : actorOfId(filter.actor.id);
    if (actor === null && filter?.actor?.id != null) {
      throw badInput('filter.actor.id', 'the id of an API key, integration, rule or customer', filter.actor.id);
    }
    const list = auditList({
      kinds: kindsOf(filter?.subjectTypes),
      subject,
      actorKind: filter?.actor?.kind ?? actor?.kind ?? null,
      actorId: actor?.id ?? null,
      types: filter?.types ?? null,
      at: filter?.at,
    });
    return new RecordChangeConnection(await connect(context, list, page, toChange));
  }

  @FieldResolver(() => Node, {
    nullable: true,
    description: 'The record as it is now; null where there is none that the viewer may see.',
  })
  subject(@Root() change: RecordChangeType, @Ctx() context: GraphContext): Promise<object | null> | null {
    return change.subjectId === null ? null : findNode(change.subjectId, context);
  }
}

function kindsOf(types: string[] | null | undefined): string[] {
  const known = allSubjects();
  if (!types) return known.map(({ kind }) => kind);
  return types.map((type) => {
    const subject = known.find((one) => one.type === type);
    if (subject) return subject.kind;
    throw badInput('filter.subjectTypes', `some of ${known.map((one) => one.type).join(', ')}`, type);
  });
}

function subjectOfId(text: string): { kind: string; id: string } {
  const parsed = parseTypeId(text);
  const subject = parsed && allSubjects().find(({ prefix }) => prefix === parsed.prefix);
  if (!subject) throw badInput('filter.subjectId', 'the id of a record that has a history', text);
  return { kind: subject.kind, id: parsed.id };
}
