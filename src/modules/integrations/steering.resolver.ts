import { Arg, Ctx, Field, FieldResolver, ID, Int, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type ActionScope } from '../../graph/mutation.js';
import { UserError } from '../../graph/user-errors.js';
import { integrationsById, IntegrationType } from '../references/index.js';
import { replayDeadLetter, replayDeadLetters } from './actions/replay-dead-letters.js';
import { pauseIntegration, resumeIntegration, syncIntegration } from './actions/steer-integration.js';
import { updateIntegration } from './actions/update-integration.js';
import { IntegrationActionInput, ReplayDeadLettersInput, UpdateIntegrationInput } from './integration-input.type.js';
import { streamsByIntegration } from './integrations.loaders.js';
import { IntegrationPayload } from './integrations.resolver.js';
import { SyncStreamType } from './sync-stream.type.js';

const WHICH = { description: 'Which one.' };
const KEEPERS = [Role.ADMIN, Role.INTEGRATION];

@ObjectType('ReplayDeadLettersPayload', { simpleResolvers: true, description: 'What became of a replay.' })
export class ReplayDeadLettersPayload {
  @Field(() => IntegrationType, { nullable: true, description: 'The integration; null where it was refused.' })
  integration!: IntegrationType | null;
  @Field(() => Int, { description: 'How many are tried again.' })
  count!: number;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}

type Action = (scope: ActionScope) => Promise<{ integrationId: string }>;

async function steer(
  context: GraphContext,
  operation: string,
  input: { idempotencyKey?: string | null },
  action: Action,
): Promise<IntegrationPayload> {
  const { outcome, ...rest } = await mutate(context, operation, input, action);
  return { integration: outcome && (await context.load(integrationsById, outcome.integrationId)), ...rest };
}

@Resolver(() => IntegrationType)
export class SteeringResolver {
  @Allow([Role.ADMIN, Role.INTEGRATION])
  @Mutation(() => IntegrationPayload, {
    description: 'Reads what changed in the system as soon as may be: one stream, or all of them.',
  })
  syncIntegration(
    @Arg('input', () => IntegrationActionInput, WHICH) input: IntegrationActionInput,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationPayload> {
    return steer(context, 'syncIntegration', input, (scope) => syncIntegration(scope, input));
  }

  @Allow([Role.ADMIN])
  @Mutation(() => IntegrationPayload, {
    description:
      'Stops what goes to and fro; what the system delivers meanwhile is kept and taken up by `resumeIntegration`.',
  })
  pauseIntegration(
    @Arg('input', () => IntegrationActionInput, WHICH) input: IntegrationActionInput,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationPayload> {
    return steer(context, 'pauseIntegration', input, (scope) => pauseIntegration(scope, input));
  }

  @Allow([Role.ADMIN])
  @Mutation(() => IntegrationPayload, {
    description: 'Lets an integration go on that was paused, or whose credentials were refused.',
  })
  resumeIntegration(
    @Arg('input', () => IntegrationActionInput, WHICH) input: IntegrationActionInput,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationPayload> {
    return steer(context, 'resumeIntegration', input, (scope) => resumeIntegration(scope, input));
  }

  @Allow([Role.ADMIN])
  @Mutation(() => IntegrationPayload, {
    description: 'Changes how a system is reached: settings, credentials (to rotate them) or name.',
  })
  updateIntegration(
    @Arg('input', () => UpdateIntegrationInput, WHICH) input: UpdateIntegrationInput,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationPayload> {
    return steer(context, 'updateIntegration', input, (scope) => updateIntegration(scope, input));
  }

  @Allow(KEEPERS)
  @Mutation(() => IntegrationPayload, {
    description: 'Tries a dead letter again, once its reason is out of the way. Where it fails again it is a new one.',
  })
  replayDeadLetter(
    @Arg('id', () => ID, { description: 'The dead letter.' }) id: string,
    @Arg('idempotencyKey', () => String, {
      nullable: true,
      description: 'The same key and input is carried out once.',
    })
    idempotencyKey: string | undefined,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationPayload> {
    return steer(context, 'replayDeadLetter', { idempotencyKey, id } as object, (scope) => replayDeadLetter(scope, id));
  }

  @Allow(KEEPERS)
  @Mutation(() => ReplayDeadLettersPayload, { description: 'Tries all dead letters again that are asked for.' })
  async replayDeadLetters(
    @Arg('input', () => ReplayDeadLettersInput, { description: 'Which ones.' }) input: ReplayDeadLettersInput,
    @Ctx() context: GraphContext,
  ): Promise<ReplayDeadLettersPayload> {
    const { outcome, ...rest } = await mutate(context, 'replayDeadLetters', input, (scope) =>
      replayDeadLetters(scope, input),
    );
    const integration = outcome && (await context.load(integrationsById, outcome.integrationId));
    return { integration, count: Number(outcome?.count ?? 0), ...rest };
  }

  @Allow(INSIDE)
  @FieldResolver(() => [SyncStreamType], { description: 'What is kept in step, and how far each has come.' })
  streams(@Root() { row }: IntegrationType, @Ctx() context: GraphContext): Promise<SyncStreamType[]> {
    return context.load(streamsByIntegration, row.id);
  }
}
