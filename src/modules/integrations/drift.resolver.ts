import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE, Role } from '../../graph/access.js';
import { defineLoader, inOrderOf, type GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { integrationsById, IntegrationType } from '../references/index.js';
import { reconcileIntegration } from './actions/reconcile-integration.js';
import { repairDrift, repairDrifts } from './actions/repair-drift.js';
import { driftList, selectDrift } from './drift.queries.js';
import { DriftFilter, RepairDriftInput, RepairDriftsInput } from './drift-input.type.js';
import { DriftItemConnection, DriftItemType, DriftPayload, RepairDriftsPayload, type DriftRow } from './drift.type.js';
import { IntegrationActionInput } from './integration-input.type.js';
import { IntegrationPayload } from './integrations.resolver.js';

const KEEPERS = [Role.ADMIN, Role.INTEGRATION];

export const driftById = defineLoader<string, DriftItemType | null>('driftById', async (ids, { db, clock }) => {
  const rows = await db.read(selectDrift(ids));
  const now = clock.now();
  return inOrderOf(
    ids,
    rows.map((row) => new DriftItemType(row, now)),
    ({ row }) => row.id,
  );
});

@Resolver(() => DriftItemType)
export class DriftResolver {
  @Allow(INSIDE)
  @Query(() => DriftItemConnection, {
    description: 'Where the hub and connected systems were found to differ, the longest known first.',
  })
  async driftItems(
    @Arg('filter', () => DriftFilter, { nullable: true, description: 'Which ones; the open ones, if left out.' })
    filter: DriftFilter | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<DriftItemConnection> {
    const now = context.clock.now();
    const toNode = (row: DriftRow) => new DriftItemType(row, now);
    return new DriftItemConnection(await connect(context, driftList(filter), page, toNode));
  }

  @Allow(KEEPERS)
  @Mutation(() => IntegrationPayload, {
    description:
      'Compares what the hub and the system have as soon as may be: one stream, or all that the system can list. ' +
      'What differs is found in `driftItems`.',
  })
  async reconcileIntegration(
    @Arg('input', () => IntegrationActionInput, { description: 'Which one.' }) input: IntegrationActionInput,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationPayload> {
    const { outcome, ...rest } = await mutate(context, 'reconcileIntegration', input, (scope) =>
      reconcileIntegration(scope, input),
    );
    return { integration: outcome && (await context.load(integrationsById, outcome.integrationId)), ...rest };
  }

  @Allow(KEEPERS)
  @Mutation(() => DriftPayload, {
    description:
      'Repairs one difference, or leaves it alone for good. Who decided stands with the drift and in the integration’s ' +
      'history; what changes in a record stands in its own.',
  })
  async repairDrift(
    @Arg('input', () => RepairDriftInput, { description: 'The decision.' }) input: RepairDriftInput,
    @Ctx() context: GraphContext,
  ): Promise<DriftPayload> {
    const { outcome, ...rest } = await mutate(context, 'repairDrift', input, (scope) => repairDrift(scope, input));
    return { drift: outcome && (await context.load(driftById, outcome.driftId)), ...rest };
  }

  @Allow(KEEPERS)
  @Mutation(() => RepairDriftsPayload, { description: 'Repairs all open drift that is asked for.' })
  async repairDrifts(
    @Arg('input', () => RepairDriftsInput, { description: 'Which, and how.' }) input: RepairDriftsInput,
    @Ctx() context: GraphContext,
  ): Promise<RepairDriftsPayload> {
    const { outcome, ...rest } = await mutate(context, 'repairDrifts', input, (scope) => repairDrifts(scope, input));
    const integration = outcome && (await context.load(integrationsById, outcome.integrationId));
    return { integration, count: Number(outcome?.count ?? 0), ...rest };
  }

  @FieldResolver(() => IntegrationType, { description: 'The system it was found with.' })
  async integration(@Root() { row }: DriftItemType, @Ctx() context: GraphContext): Promise<IntegrationType> {
    return (await context.load(integrationsById, row.integration_id))!;
  }
}
