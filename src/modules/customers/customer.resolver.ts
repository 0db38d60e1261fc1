import { Arg, Args, Ctx, Field, FieldResolver, ID, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { Allow, EVERYONE, SELLERS } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { exactlyOne } from '../../graph/lookup.js';
import { mutate } from '../../graph/mutation.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { UserError } from '../../graph/user-errors.js';
import { idOf } from '../../shared/ids.js';
import { ExternalIdInput, ExternalReferenceType, FieldProvenanceType } from '../references/index.js';
import { upsertCustomer } from './actions/upsert-customer.js';
import {
  contactsOfCustomer,
  customerByExternalId,
  customerProvenance,
  customerReferences,
  customersById,
  customersByNumber,
} from './customer.loaders.js';
import { customerList } from './customer.queries.js';
import {
  ContactType,
  CUSTOMER_PREFIX,
  CustomerConnection,
  CustomerFilter,
  CustomerSort,
  CustomerType,
  UpsertCustomerInput,
  type CustomerRow,
} from './customer.type.js';

@ObjectType('CustomerPayload', { simpleResolvers: true, description: 'What became of a change to a customer.' })
export class CustomerPayload {
  @Field(() => CustomerType, { nullable: true, description: 'The customer; null where the change was refused.' })
  customer!: CustomerType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}

@Resolver(() => CustomerType)
export class CustomerResolver {
  @Allow(EVERYONE)
  @Query(() => CustomerType, { nullable: true, description: 'One customer; give exactly one of the arguments.' })
  async customer(
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | undefined,
    @Arg('number', () => String, { nullable: true, description: 'Its number.' }) number: string | undefined,
    @Arg('external', () => ExternalIdInput, { nullable: true, description: 'Its id in a connected system.' })
    external: ExternalIdInput | undefined,
    @Ctx() context: GraphContext,
  ): Promise<CustomerType | null> {
    exactlyOne('customer', { id, number, external });
    if (number != null) return context.load(customersByNumber, number);
    const found = external ? await context.load(customerByExternalId, external) : idOf(CUSTOMER_PREFIX, id!);
    return found === null ? null : context.load(customersById, found);
  }

  @Allow(EVERYONE)
  @Query(() => CustomerConnection, { description: 'Customers, by number if `orderBy` is left out.' })
  async customers(
    @Arg('filter', () => CustomerFilter, { nullable: true, description: 'Which customers.' })
    filter: CustomerFilter | undefined,
    @Arg('orderBy', () => CustomerSort, { nullable: true, description: 'In which order.' })
    orderBy: CustomerSort | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<CustomerConnection> {
    const list = customerList(filter, orderBy, context.viewer.customerId, context.selected('Customer'));
    return new CustomerConnection(await connect(context, list, page, (row: CustomerRow) => new CustomerType(row)));
  }

  @Allow(SELLERS)
  @Mutation(() => CustomerPayload, { description: 'Creates or changes a customer.' })
  async upsertCustomer(
    @Arg('input', () => UpsertCustomerInput, { description: 'The customer.' }) input: UpsertCustomerInput,
    @Ctx() context: GraphContext,
  ): Promise<CustomerPayload> {
    const { outcome, ...rest } = await mutate(context, 'upsertCustomer', input, (scope) =>
      upsertCustomer(scope, input),
    );
    return { customer: outcome && (await context.load(customersById, outcome.customerId)), ...rest };
  }

  @FieldResolver(() => [ContactType], { description: 'The people there, the first to turn to first.' })
  contacts(@Root() { row }: CustomerType, @Ctx() context: GraphContext): Promise<ContactType[]> {
    return context.load(contactsOfCustomer, row.id);
  }

  @FieldResolver(() => CustomerType, {
    nullable: true,
    description: 'The customer that stands for this one since the two became one; null where it stands for itself.',
  })
  mergedInto(@Root() { row }: CustomerType, @Ctx() context: GraphContext): Promise<CustomerType | null> | null {
    return row.merged_into_id === null ? null : context.load(customersById, row.merged_into_id);
  }

  @FieldResolver(() => [ExternalReferenceType], { description: 'The systems that know this customer too.' })
  externalReferences(@Root() { row }: CustomerType, @Ctx() context: GraphContext): Promise<ExternalReferenceType[]> {
    return context.load(customerReferences, row.id);
  }

  @FieldResolver(() => [FieldProvenanceType], { description: 'Which system each field’s value came from, and when.' })
  provenance(@Root() { row }: CustomerType, @Ctx() context: GraphContext): Promise<FieldProvenanceType[]> {
    return context.load(customerProvenance, row.id);
  }
}
