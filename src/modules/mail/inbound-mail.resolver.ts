import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { ordersById, OrderType } from '../orders/index.js';
import { rereadMail } from './actions/reread-mail.js';
import { inboundMailsById, mailSources } from './inbound-mail.loaders.js';
import { inboundMailList } from './inbound-mail.queries.js';
import {
  InboundMailConnection,
  InboundMailFilter,
  InboundMailPayload,
  InboundMailType,
  RereadMailInput,
  type InboundMailRow,
} from './inbound-mail.type.js';

/** Mail holds what people wrote: those who deal with it read it. */
export const MAIL_READERS = [Role.ADMIN, Role.SALES];

@Resolver(() => InboundMailType)
export class InboundMailResolver {
  @Allow(MAIL_READERS)
  @Query(() => InboundMailConnection, { description: 'Mail that came for the orders address, the newest first.' })
  async inboundMails(
    @Arg('filter', () => InboundMailFilter, { nullable: true, description: 'Which mail.' })
    filter: InboundMailFilter | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<InboundMailConnection> {
    const source = await connect(context, inboundMailList(filter), page, (row: InboundMailRow) => row);
    return new InboundMailConnection({
      ...source,
      edges: source.edges.map(({ cursor, node }) => ({ cursor, node: new InboundMailType(node) })),
    });
  }

  @Allow(MAIL_READERS)
  @Mutation(() => InboundMailPayload, {
    description: 'Reads a mail once more that no order was made of: its sender or its products have become known, say.',
  })
  async rereadMail(
    @Arg('input', () => RereadMailInput, { description: 'Which mail.' }) input: RereadMailInput,
    @Ctx() context: GraphContext,
  ): Promise<InboundMailPayload> {
    const { outcome, ...rest } = await mutate(context, 'rereadMail', input, (scope) => rereadMail(scope, input));
    return { mail: outcome && (await context.load(inboundMailsById, outcome.mailId)), ...rest };
  }

  @FieldResolver(() => OrderType, { nullable: true, description: 'The order that was made of it.' })
  order(@Root() { row }: InboundMailType, @Ctx() context: GraphContext): Promise<OrderType | null> | null {
    return row.order_id === null ? null : context.load(ordersById, row.order_id);
  }

  @FieldResolver(() => String, {
    description: 'All of it as it came; bytes that are no UTF-8 are replaced. Never to be shown as HTML.',
  })
  async source(@Root() { row }: InboundMailType, @Ctx() context: GraphContext): Promise<string> {
    return (await context.load(mailSources, row.id)) ?? '';
  }
}
