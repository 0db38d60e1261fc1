import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graph/context.js';
import { DecimalScalar } from '../../graph/scalars.js';
import { badInput } from '../../shared/failures.js';
import { ProductType } from '../catalog/index.js';
import { availableToPromise } from '../stock/index.js';
import { channelsByCode } from './order.loaders.js';

@Resolver(() => ProductType)
export class ProductAvailabilityResolver {
  @FieldResolver(() => DecimalScalar, {
    nullable: true,
    description:
      'What can be promised now, over all locations or for one channel; of a bundle as many as its parts make up, each at ' +
      'one location. Null for a product that is not stocked.',
  })
  async availableToPromise(
    @Root() { row }: ProductType,
    @Arg('channel', () => String, {
      nullable: true,
      description:
        'The channel’s code. Every channel sells from all active locations; one that takes no orders has nothing.',
    })
    channel: string | undefined,
    @Ctx() context: GraphContext,
  ): Promise<string | null> {
    const available = await availableToPromise(context, row);
    if (channel == null) return available;
    const found = await context.load(channelsByCode, channel);
    if (!found) throw badInput('channel', 'the code of a channel', channel);
    return available === null || found.row.is_active ? available : '0';
  }
}
