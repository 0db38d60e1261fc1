import { Arg, Ctx, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { StreamedEvent } from '../../events/streamed-event.js';
import { Allow, INSIDE } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { AFTER, ChangeKind, defineStream, type StreamMessage } from '../../graph/live/stream.js';
import { DateTime, EventCursor } from '../../graph/scalars.js';
import { badInput } from '../../shared/failures.js';
import { idOf, typeId } from '../../shared/ids.js';
import { INTEGRATION_PREFIX, integrationsById, IntegrationStatus, IntegrationType } from '../references/index.js';
import { INTEGRATION } from './integrations.events.js';

const changes = defineStream<{ integrationId?: string | null }>({
  filter({ integrationId }) {
    const id = integrationId == null ? null : idOf(INTEGRATION_PREFIX, integrationId);
    if (integrationId != null && id === null)
      throw badInput('integrationId', 'the id of an integration', integrationId);
    return { subjectKind: INTEGRATION, ...(id !== null && { subjectId: id }) };
  },
});

@ObjectType('IntegrationChange', { description: 'An integration does better or worse, or has come further.' })
export class IntegrationChangeType {
  constructor(
    readonly event: StreamedEvent,
    private readonly changeKind: ChangeKind,
  ) {}
  @Field(() => EventCursor, { description: 'Give it back as `after` to go on exactly behind this message.' })
  get cursor(): string {
    return this.event.cursor;
  }
  @Field(() => ChangeKind, { description: 'Why the stream sends it.' })
  get kind(): ChangeKind {
    return this.changeKind;
  }
  @Field(() => ID, { description: 'The integration.' })
  get integrationId(): string {
    return typeId(INTEGRATION_PREFIX, this.event.subjectId);
  }
  @Field(() => Int, {
    description: '1, 2, 3 … within its integration, without a gap; rises strictly along every stream.',
  })
  get sequence(): number {
    return this.event.sequence;
  }
  @Field(() => IntegrationStatus, { nullable: true, description: 'The status before; null for a new integration.' })
  get from(): string | null {
    return this.event.statusFrom;
  }
  @Field(() => IntegrationStatus, { nullable: true, description: 'The status after; null where it is as it was.' })
  get to(): string | null {
    return this.event.statusTo;
  }
  @Field(() => String, { description: 'What happened, in words.' })
  get message(): string {
    return this.event.message;
  }
  @Field(() => DateTime, { description: 'When.' })
  get at(): string {
    return this.event.at;
  }
}

@Resolver(() => IntegrationChangeType)
export class IntegrationStreamResolver {
  @Allow(INSIDE)
  @Subscription(() => IntegrationChangeType, {
    subscribe: changes.subscribe,
    description:
      'One message whenever an integration does better or worse or one of its streams has been read to its end with ' +
      'something new in it; its status, lag and watermarks can be selected with it. Under the same guarantee as `orderStatusChanged`.',
  })
  integrationChanged(
    @Arg('integrationId', () => ID, { nullable: true, description: 'Of this one alone.' }) _id: string | undefined,
    @Arg('after', () => EventCursor, { nullable: true, description: AFTER }) _after: string | undefined,
    @Root() { event, kind }: StreamMessage,
  ): IntegrationChangeType {
    return new IntegrationChangeType(event, kind);
  }

  @FieldResolver(() => IntegrationType, { nullable: true, description: 'The integration as it is now.' })
  integration(@Root() { event }: IntegrationChangeType, @Ctx() context: GraphContext): Promise<IntegrationType | null> {
    return context.load(integrationsById, event.subjectId);
  }
}
