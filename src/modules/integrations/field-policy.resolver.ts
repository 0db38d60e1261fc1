import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE, Role } from '../../graph/access.js';
import { defineLoader, listsOf, type GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import {
  connectorHabits,
  integrationsById,
  IntegrationType,
  POLICY_FIELDS,
  policyOf,
  selectPoliciesOfIntegrations,
  type FieldPolicyRow,
} from '../references/index.js';
import { setFieldPolicy } from './actions/set-field-policy.js';
import { FieldPolicyRecord, FieldPolicyType, SetFieldPolicyInput } from './field-policy.type.js';
import { IntegrationPayload } from './integrations.resolver.js';

const chosenPolicies = defineLoader<string, FieldPolicyRow[]>('chosenPolicies', async (ids, { db }) =>
  listsOf(ids, await db.read(selectPoliciesOfIntegrations(ids)), (row) => row.integration_id),
);

@Resolver(() => IntegrationType)
export class FieldPolicyResolver {
  @Allow(INSIDE)
  @FieldResolver(() => [FieldPolicyType], {
    description: 'What counts of what it says, for each field of which several systems may have a say.',
  })
  async fieldPolicies(@Root() { row }: IntegrationType, @Ctx() context: GraphContext): Promise<FieldPolicyType[]> {
    const chosen = await context.load(chosenPolicies, row.id);
    const connectors = context.service(connectorHabits);
    return Object.values(FieldPolicyRecord).flatMap((record) => {
      const kind = record === FieldPolicyRecord.CUSTOMER ? 'customer' : 'product';
      return POLICY_FIELDS[kind].map((field) => {
        const isChosen = chosen.some((one) => one.record_kind === kind && one.field === field);
        return new FieldPolicyType({ record, field, policy: policyOf(kind, field, row, chosen, connectors), isChosen });
      });
    });
  }

  @Allow([Role.ADMIN])
  @Mutation(() => IntegrationPayload, {
    description:
      'Sets what counts of what a system says of a field. It decides from each record’s next change on; what stands is not ' +
      'decided anew.',
  })
  async setFieldPolicy(
    @Arg('input', () => SetFieldPolicyInput, { description: 'The policy.' }) input: SetFieldPolicyInput,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationPayload> {
    const { outcome, ...rest } = await mutate(context, 'setFieldPolicy', input, (scope) =>
      setFieldPolicy(scope, input),
    );
    return { integration: outcome && (await context.load(integrationsById, outcome.integrationId)), ...rest };
  }
}
