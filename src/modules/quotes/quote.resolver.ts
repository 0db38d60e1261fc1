import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, EVERYONE, maySee, Role, SELLERS } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { exactlyOne } from '../../graph/lookup.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { ActorType } from '../../graph/values.type.js';
import { badInput } from '../../shared/failures.js';
import { idOf } from '../../shared/ids.js';
import { contactsById, ContactType, CUSTOMER_PREFIX, customersById, CustomerType } from '../customers/index.js';
import { ordersOfQuote, OrderType } from '../orders/index.js';
import { ExternalIdInput, ExternalReferenceType, FieldProvenanceType } from '../references/index.js';
import { createQuote } from './actions/create-quote.js';
import { acceptQuote } from './actions/accept-quote.js';
import { cancelQuote } from './actions/cancel-quote.js';
import { declineQuote } from './actions/decline-quote.js';
import { sendQuote } from './actions/send-quote.js';
import { ApprovalResolver } from './approval.resolver.js';
import { changeQuote } from './change-quote.js';
import { CreateQuoteInput, QuoteActionInput, QuotePayload } from './quote-input.type.js';
import { ExternalQuoteResolver } from './external-quote.resolver.js';
import { quoteByExternalId, quoteProvenance, quoteReferences, quotesById } from './quote.loaders.js';
import { QuoteLineResolver, QuoteLinesResolver } from './quote-line.resolver.js';
import { quoteList, selectQuoteByNumber } from './quote.queries.js';
import { OrderLineQuoteResolver, RecurringQuoteLineResolver } from './order-line-quote.resolver.js';
import { RevisionResolver } from './revision.resolver.js';
import { QUOTE_PREFIX, QuoteConnection, QuoteFilter, QuoteSort, QuoteType, type QuoteRow } from './quote.type.js';

@Resolver(() => QuoteType)
export class QuoteResolver {
  @Allow(EVERYONE)
  @Query(() => QuoteType, {
    nullable: true,
    description:
      'One quote; give exactly one of id, number and external. By number: the newest revision, unless `revision` says which.',
  })
  async quote(
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | undefined,
    @Arg('number', () => String, { nullable: true, description: 'Its number.' }) number: string | undefined,
    @Arg('revision', () => Int, { nullable: true, description: 'Which revision of the number.' })
    revision: number | undefined,
    @Arg('external', () => ExternalIdInput, { nullable: true, description: 'Its id in a connected system.' })
    external: ExternalIdInput | undefined,
    @Ctx() context: GraphContext,
  ): Promise<QuoteType | null> {
    exactlyOne('quote', { id, number, external });
    if (revision != null && number == null) throw badInput('revision', 'to come with number', revision);
    if (number != null) {
      const row = await context.db.readOne(selectQuoteByNumber(number, revision ?? null));
      return row && maySee(context.viewer, row.customer_id) ? new QuoteType(row) : null;
    }
    const found = external ? await context.load(quoteByExternalId, external) : idOf(QUOTE_PREFIX, id!);
    return found === null ? null : context.load(quotesById, found);
  }

  @Allow(EVERYONE)
  @Query(() => QuoteConnection, { description: 'Quotes, the newest first if `orderBy` is left out.' })
  quotes(
    @Arg('filter', () => QuoteFilter, { nullable: true, description: 'Which quotes.' }) filter: QuoteFilter | undefined,
    @Arg('orderBy', () => QuoteSort, { nullable: true, description: 'In which order.' }) orderBy: QuoteSort | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<QuoteConnection> {
    return quotePage(context, null, filter, orderBy, page);
  }

  @Allow(SELLERS)
  @Mutation(() => QuotePayload, { description: 'Makes a DRAFT quote, priced and taxed as of now.' })
  createQuote(
    @Arg('input', () => CreateQuoteInput, { description: 'The quote.' }) input: CreateQuoteInput,
    @Ctx() context: GraphContext,
  ): Promise<QuotePayload> {
    return changeQuote(context, 'createQuote', input, createQuote);
  }

  @Allow(SELLERS)
  @Mutation(() => QuotePayload, {
    description:
      'To the customer: from APPROVED to SENT, from DRAFT where no rule asks for approval (APPROVAL_REQUIRED).',
  })
  sendQuote(
    @Arg('input', () => QuoteActionInput, { description: 'Which quote.' }) input: QuoteActionInput,
    @Ctx() context: GraphContext,
  ): Promise<QuotePayload> {
    return changeQuote(context, 'sendQuote', input, sendQuote);
  }

  @Allow([...SELLERS, Role.CUSTOMER])
  @Mutation(() => QuotePayload, {
    description:
      'The customer says yes, or staff on its behalf: to ACCEPTED. Of revisions the newest alone can be accepted ' +
      '(QUOTE_SUPERSEDED), and a DRAFT only where no rule asks for approval (APPROVAL_REQUIRED).',
  })
  acceptQuote(
    @Arg('input', () => QuoteActionInput, { description: 'Which quote.' }) input: QuoteActionInput,
    @Ctx() context: GraphContext,
  ): Promise<QuotePayload> {
    return changeQuote(context, 'acceptQuote', input, acceptQuote);
  }

  @Allow([...SELLERS, Role.CUSTOMER])
  @Mutation(() => QuotePayload, { description: 'The customer says no, or staff on its behalf: from SENT to DECLINED.' })
  declineQuote(
    @Arg('input', () => QuoteActionInput, { description: 'Which quote.' }) input: QuoteActionInput,
    @Ctx() context: GraphContext,
  ): Promise<QuotePayload> {
    return changeQuote(context, 'declineQuote', input, declineQuote);
  }

  @Allow(SELLERS)
  @Mutation(() => QuotePayload, {
    description: 'Withdraws it: to CANCELED. What of it has become orders already stays so.',
  })
  cancelQuote(
    @Arg('input', () => QuoteActionInput, { description: 'Which quote.' }) input: QuoteActionInput,
    @Ctx() context: GraphContext,
  ): Promise<QuotePayload> {
    return changeQuote(context, 'cancelQuote', input, cancelQuote);
  }

  @FieldResolver(() => CustomerType, { description: 'For whom.' })
  customer(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<CustomerType | null> {
    return context.load(customersById, row.customer_id);
  }

  @FieldResolver(() => ContactType, { nullable: true, description: 'The person there.' })
  contact(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<ContactType | null> | null {
    return row.contact_id === null ? null : context.load(contactsById, row.contact_id);
  }

  @FieldResolver(() => ActorType, { nullable: true, description: 'Who made it.' })
  owner(@Root() { row }: QuoteType): ActorType | null {
    return row.owner_kind && new ActorType({ kind: row.owner_kind, id: row.owner_id, name: row.owner_name ?? '' });
  }

  @FieldResolver(() => [OrderType], { description: 'The orders it has become, oldest first.' })
  orders(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<OrderType[]> {
    return context.load(ordersOfQuote, row.id);
  }

  @FieldResolver(() => [FieldProvenanceType], {
    description: 'Which system its fields came from; those of a quote that another CPQ tool states.',
  })
  provenance(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<FieldProvenanceType[]> {
    return context.load(quoteProvenance, row.id);
  }

  @FieldResolver(() => [ExternalReferenceType], { description: 'The systems that know this quote too.' })
  externalReferences(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<ExternalReferenceType[]> {
    return context.load(quoteReferences, row.id);
  }
}

@Resolver(() => CustomerType)
export class CustomerQuotesResolver {
  @FieldResolver(() => QuoteConnection, {
    description: 'The customer’s quotes, the newest first if `orderBy` is left out.',
  })
  quotes(
    @Root() { row }: CustomerType,
    @Arg('filter', () => QuoteFilter, { nullable: true, description: 'Which quotes.' }) filter: QuoteFilter | undefined,
    @Arg('orderBy', () => QuoteSort, { nullable: true, description: 'In which order.' }) orderBy: QuoteSort | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<QuoteConnection> {
    return quotePage(context, row.id, filter, orderBy, page);
  }
}

@Resolver(() => OrderType)
export class OrderQuoteResolver {
  @FieldResolver(() => QuoteType, { nullable: true, description: 'The quote it was made of.' })
  quote(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<QuoteType | null> | null {
    return row.quote_id === null ? null : context.load(quotesById, row.quote_id);
  }
}

export const quoteResolvers = [
  QuoteResolver,
  QuoteLinesResolver,
  QuoteLineResolver,
  ExternalQuoteResolver,
  ApprovalResolver,
  RevisionResolver,
  CustomerQuotesResolver,
  OrderQuoteResolver,
  OrderLineQuoteResolver,
  RecurringQuoteLineResolver,
];

async function quotePage(
  context: GraphContext,
  ofCustomer: string | null,
  filter: QuoteFilter | undefined,
  orderBy: QuoteSort | undefined,
  page: PageArgs,
): Promise<QuoteConnection> {
  const asked = filter?.customerId == null ? [] : [idOf(CUSTOMER_PREFIX, filter.customerId) ?? '0'];
  const own = context.viewer.customerId === null ? [] : [context.viewer.customerId];
  const list = quoteList(filter, orderBy, [...asked, ...own], context.viewer);
  if (ofCustomer !== null) list.parent = { columns: ['q.customer_id'], keys: [ofCustomer] };
  return new QuoteConnection(await connect(context, list, page, (row: QuoteRow) => new QuoteType(row)));
}
