import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE, SELLERS } from '../../graph/access.js';
import { defineLoader, inOrderOf, type GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { productsById, ProductType } from '../catalog/index.js';
import { contactsById, customersById, CustomerType } from '../customers/index.js';
import { claimsOfRecords, ProvenanceValueType } from '../references/index.js';
import { resolveFieldConflict } from './actions/resolve-field-conflict.js';
import { openConflictList, selectConflicts } from './field-conflict.queries.js';
import {
  FieldConflictConnection,
  FieldConflictPayload,
  FieldConflictType,
  ResolveFieldConflictInput,
  type FieldConflictRow,
} from './field-conflict.type.js';

export const conflictsById = defineLoader<string, FieldConflictType | null>('conflictsById', async (ids, { db }) => {
  const rows = await db.read(selectConflicts(ids));
  return inOrderOf(
    ids,
    rows.map((row) => new FieldConflictType(row)),
    ({ row }) => row.id,
  );
});

@Resolver(() => FieldConflictType)
export class FieldConflictResolver {
  @Allow(INSIDE)
  @Query(() => FieldConflictConnection, {
    description: 'Fields of which systems say different things and a person is to decide, the longest waiting first.',
  })
  async fieldConflicts(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<FieldConflictConnection> {
    const toNode = (row: FieldConflictRow) => new FieldConflictType(row);
    return new FieldConflictConnection(await connect(context, openConflictList(), page, toNode));
  }

  @Allow(SELLERS)
  @Mutation(() => FieldConflictPayload, {
    description:
      'Decides what stands where systems differ. It settles all that was said so far; what a system says anew waits again.',
  })
  async resolveFieldConflict(
    @Arg('input', () => ResolveFieldConflictInput, { description: 'The decision.' }) input: ResolveFieldConflictInput,
    @Ctx() context: GraphContext,
  ): Promise<FieldConflictPayload> {
    const { outcome, ...rest } = await mutate(context, 'resolveFieldConflict', input, (scope) =>
      resolveFieldConflict(scope, input),
    );
    return { conflict: outcome && (await context.load(conflictsById, outcome.conflictId)), ...rest };
  }

  @FieldResolver(() => CustomerType, {
    nullable: true,
    description: 'The customer it is about, or whose contact it is about; null for a product.',
  })
  async customer(@Root() { row }: FieldConflictType, @Ctx() context: GraphContext): Promise<CustomerType | null> {
    if (row.record_kind === 'customer') return context.load(customersById, row.record_id);
    if (row.record_kind !== 'contact') return null;
    const contact = await context.load(contactsById, row.record_id);
    return contact && context.load(customersById, contact.row.customer_id);
  }

  @FieldResolver(() => ProductType, { nullable: true, description: 'The product it is about; null for others.' })
  product(@Root() { row }: FieldConflictType, @Ctx() context: GraphContext): Promise<ProductType | null> | null {
    return row.record_kind === 'product' ? context.load(productsById, row.record_id) : null;
  }

  @FieldResolver(() => [ProvenanceValueType], {
    description:
      'What each system, and the hub’s users, say of the field. The record’s provenance says which of it stands.',
  })
  async values(@Root() { row }: FieldConflictType, @Ctx() context: GraphContext): Promise<ProvenanceValueType[]> {
    const claims = await context.load(claimsOfRecords, { kind: row.record_kind, id: row.record_id });
    return claims.filter((claim) => claim.field === row.field).map((claim) => new ProvenanceValueType(claim));
  }
}
