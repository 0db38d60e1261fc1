import { Arg, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql';
import { Allow, EVERYONE } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { AFTER, defineStream, type StreamMessage } from '../../graph/live/stream.js';
import { EventCursor } from '../../graph/scalars.js';
import { badInput } from '../../shared/failures.js';
import { idOf } from '../../shared/ids.js';
import { QuoteStatusChangeType } from './quote-stream.type.js';
import { QUOTE } from './quote.events.js';
import { quotesById } from './quote.loaders.js';
import { QUOTE_PREFIX, QuoteType } from './quote.type.js';

const statusChanges = defineStream<{ quoteId?: string | null }>({
  filter({ quoteId }) {
    const id = quoteId == null ? null : idOf(QUOTE_PREFIX, quoteId);
    if (quoteId != null && id === null) throw badInput('quoteId', 'the id of a quote', quoteId);
    return { subjectKind: QUOTE, ...(id !== null && { subjectId: id }) };
  },
  matches: (event) => event.statusFrom !== event.statusTo,
});

@Resolver(() => QuoteStatusChangeType)
export class QuoteStreamResolver {
  @Allow(EVERYONE)
  @Subscription(() => QuoteStatusChangeType, {
    subscribe: statusChanges.subscribe,
    description:
      'One message per quote status change, expiry by the clock included, under the same guarantee as `orderStatusChanged`.',
  })
  quoteStatusChanged(
    @Arg('quoteId', () => ID, { nullable: true, description: 'Of this quote alone.' }) _quoteId: string | undefined,
    @Arg('after', () => EventCursor, { nullable: true, description: AFTER }) _after: string | undefined,
    @Root() { event, kind }: StreamMessage,
  ): QuoteStatusChangeType {
    return new QuoteStatusChangeType(event, kind);
  }

  @FieldResolver(() => QuoteType, {
    nullable: true,
    description: 'The quote as it is now; null where the viewer may no longer read it.',
  })
  quote(@Root() { event }: QuoteStatusChangeType, @Ctx() context: GraphContext): Promise<QuoteType | null> {
    return context.load(quotesById, event.subjectId);
  }
}
