import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Allow, EVERYONE, isCustomer } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { exactlyOne } from '../../graph/lookup.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { textPattern } from '../../graph/text-filter.js';
import { RequestError } from '../../shared/failures.js';
import { idOf } from '../../shared/ids.js';
import { productsOfLines, ProductType } from '../catalog/index.js';
import { contactsById, ContactType, CUSTOMER_PREFIX, customersById, CustomerType } from '../customers/index.js';
import { ExternalIdInput, ExternalReferenceType, FieldProvenanceType } from '../references/index.js';
import { ChannelType } from './channel.type.js';
import { OrderFilter, OrderSort } from './order-list.type.js';
import {
  channelsById,
  isCommonText,
  linesOfOrder,
  orderByExternalId,
  orderProvenance,
  orderReferences,
  ordersById,
  ordersByNumber,
} from './order.loaders.js';
import { orderList } from './order.queries.js';
import { ORDER_PREFIX, OrderConnection, OrderLineType, OrderType, type OrderRow } from './order.type.js';

@Resolver(() => OrderType)
export class OrderResolver {
  @Allow(EVERYONE)
  @Query(() => OrderType, { nullable: true, description: 'One order; give exactly one of the arguments.' })
  async order(
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | undefined,
    @Arg('number', () => String, { nullable: true, description: 'Its number.' }) number: string | undefined,
    @Arg('external', () => ExternalIdInput, { nullable: true, description: 'Its id in a connected system.' })
    external: ExternalIdInput | undefined,
    @Ctx() context: GraphContext,
  ): Promise<OrderType | null> {
    exactlyOne('order', { id, number, external });
    if (number != null) return context.load(ordersByNumber, number);
    const found = external ? await context.load(orderByExternalId, external) : idOf(ORDER_PREFIX, id!);
    return found === null ? null : context.load(ordersById, found);
  }

  @Allow(EVERYONE)
  @Query(() => OrderConnection, { description: 'Orders, the newest first if `orderBy` is left out.' })
  orders(
    @Arg('filter', () => OrderFilter, { nullable: true, description: 'Which orders.' }) filter: OrderFilter | undefined,
    @Arg('orderBy', () => OrderSort, { nullable: true, description: 'In which order.' }) orderBy: OrderSort | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<OrderConnection> {
    return orderPage(context, null, filter, orderBy, page);
  }

  @FieldResolver(() => ChannelType, { description: 'Where it came from.' })
  channel(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<ChannelType | null> {
    return context.load(channelsById, row.channel_id);
  }

  @FieldResolver(() => CustomerType, { nullable: true, description: 'Who ordered; null where it is not known.' })
  customer(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<CustomerType | null> | null {
    return row.customer_id === null ? null : context.load(customersById, row.customer_id);
  }

  @FieldResolver(() => ContactType, { nullable: true, description: 'The person there.' })
  contact(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<ContactType | null> | null {
    return row.contact_id === null ? null : context.load(contactsById, row.contact_id);
  }

  @FieldResolver(() => [OrderLineType], { description: 'What was ordered, line by line.' })
  lines(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<OrderLineType[]> {
    return context.load(linesOfOrder, row);
  }

  @FieldResolver(() => [ExternalReferenceType], { description: 'The systems that know this order too.' })
  externalReferences(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<ExternalReferenceType[]> {
    return context.load(orderReferences, row.id);
  }

  @FieldResolver(() => [FieldProvenanceType], { description: 'Which system each field’s value came from, and when.' })
  provenance(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<FieldProvenanceType[]> {
    return context.load(orderProvenance, row.id);
  }
}

@Resolver(() => OrderLineType)
export class OrderLineResolver {
  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'The product; null where the hub does not know the SKU.',
  })
  product(@Root() { row }: OrderLineType, @Ctx() context: GraphContext): Promise<ProductType | null> | null {
    return row.product_id === null ? null : context.load(productsOfLines, row.product_id);
  }
}

@Resolver(() => CustomerType)
export class CustomerOrdersResolver {
  @FieldResolver(() => OrderConnection, {
    description: 'The customer’s orders, the newest first if `orderBy` is left out.',
  })
  orders(
    @Root() { row }: CustomerType,
    @Arg('filter', () => OrderFilter, { nullable: true, description: 'Which orders.' }) filter: OrderFilter | undefined,
    @Arg('orderBy', () => OrderSort, { nullable: true, description: 'In which order.' }) orderBy: OrderSort | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<OrderConnection> {
    return orderPage(context, row.id, filter, orderBy, page);
  }
}

async function orderPage(
  context: GraphContext,
  ofCustomer: string | null,
  filter: OrderFilter | undefined,
  orderBy: OrderSort | undefined,
  page: PageArgs,
): Promise<OrderConnection> {
  if (isCustomer(context.viewer) && (filter?.department != null || filter?.assigneeId != null))
    throw new RequestError('FORBIDDEN', 'filter: department and assigneeId are not for customers');
  const asked = filter?.customerId == null ? [] : [idOf(CUSTOMER_PREFIX, filter.customerId) ?? '0'];
  const own = context.viewer.customerId === null ? [] : [context.viewer.customerId];
  const ids = [...asked, ...own];
  const pattern = textPattern(filter?.text);
  const isOfOne = ofCustomer !== null || ids.length > 0;
  const isTextCommon = pattern !== null && (isOfOne || (await context.load(isCommonText, pattern)));
  const list = orderList(filter, orderBy, ids, context.selected('Order'), isTextCommon);
  if (ofCustomer !== null) list.parent = { columns: ['o.customer_id'], keys: [ofCustomer] };
  return new OrderConnection(await connect(context, list, page, (row: OrderRow) => new OrderType(row)));
}
