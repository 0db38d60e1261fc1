import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Allow, EVERYONE } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { integrationsById, IntegrationType } from '../references/index.js';
import { ChannelType } from './channel.type.js';
import { selectAllChannels } from './order.queries.js';

@Resolver(() => ChannelType)
export class ChannelResolver {
  @Allow(EVERYONE)
  @Query(() => [ChannelType], { description: 'All channels, by code.' })
  async channels(@Ctx() { db }: GraphContext): Promise<ChannelType[]> {
    return (await db.read(selectAllChannels())).map((row) => new ChannelType(row));
  }

  @FieldResolver(() => IntegrationType, {
    nullable: true,
    description: 'The connected system behind it, where there is one.',
  })
  integration(@Root() { row }: ChannelType, @Ctx() context: GraphContext): Promise<IntegrationType | null> | null {
    return row.integration_id === null ? null : context.load(integrationsById, row.integration_id);
  }
}
