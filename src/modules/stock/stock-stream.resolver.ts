import { Arg, Ctx, FieldResolver, Resolver, Root, Subscription } from 'type-graphql';
import { Allow, INSIDE } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { AFTER, defineStream, type StreamMessage } from '../../graph/live/stream.js';
import { EventCursor } from '../../graph/scalars.js';
import { LEVEL, type LevelEventData } from './stock.events.js';
import { levelsById } from './stock.loaders.js';
import { StockLevelChangeType } from './stock-stream.type.js';
import { StockLevelType } from './stock.type.js';

interface LevelArgs {
  sku?: string[] | null;
  location?: string[] | null;
}

const levelChanges = defineStream<LevelArgs>({
  filter: () => ({ subjectKind: LEVEL }),
  matches({ data }, { sku, location }) {
    const level = data as unknown as LevelEventData;
    return (!sku || sku.includes(level.sku)) && (!location || location.includes(level.location));
  },
});

@Resolver(() => StockLevelChangeType)
export class StockStreamResolver {
  @Allow(INSIDE)
  @Subscription(() => StockLevelChangeType, {
    subscribe: levelChanges.subscribe,
    description: 'One message per change of a stock level, under the same guarantee as `orderStatusChanged`.',
  })
  stockLevelChanged(
    @Arg('sku', () => [String], { nullable: true, description: 'Of these products alone.' }) _sku: string[] | undefined,
    @Arg('location', () => [String], { nullable: true, description: 'At locations with these codes alone.' })
    _location: string[] | undefined,
    @Arg('after', () => EventCursor, { nullable: true, description: AFTER }) _after: string | undefined,
    @Root() { event, kind }: StreamMessage,
  ): StockLevelChangeType {
    return new StockLevelChangeType(event, kind);
  }

  @FieldResolver(() => StockLevelType, {
    nullable: true,
    description: 'The level as it is now; null where the viewer may no longer read it.',
  })
  stockLevel(@Root() { event }: StockLevelChangeType, @Ctx() context: GraphContext): Promise<StockLevelType | null> {
    return context.load(levelsById, event.subjectId);
  }
}
