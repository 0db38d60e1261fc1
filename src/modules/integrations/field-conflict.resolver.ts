import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE, SELLERS } from '../../graph/access.js';
import { defineLoader, inOrderOf, type GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { Node } from '../../graph/node.js';
import { findNode } from '../../graph/node.resolver.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { typeId } from '../../shared/ids.js';
import { PRODUCT_PREFIX } from '../catalog/index.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX } from '../customers/index.js';
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

const PREFIXES: Record<string, string> = {
  customer: CUSTOMER_PREFIX,
  contact: CONTACT_PREFIX,
  product: PRODUCT_PREFIX,
};

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

  @FieldResolver(() => Node, {
    nullable: true,
    description: 'The customer, contact or product; null where it is gone.',
  })
  record(@Root() { row }: FieldConflictType, @Ctx() context: GraphContext): Promise<object | null> {
    return findNode(typeId(PREFIXES[row.record_kind]!, row.record_id), context);
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
