import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Allow, INSIDE, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { exactlyOne } from '../../graph/lookup.js';
import { mutate } from '../../graph/mutation.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { Json } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { idOf } from '../../shared/ids.js';
import { INTEGRATION_PREFIX, integrationByCode, integrationsById, IntegrationType } from '../references/index.js';
import { connectIntegration } from './actions/connect-integration.js';
import { disconnectIntegration } from './actions/disconnect-integration.js';
import { connectorCatalog, connectorOf, ConnectorType, publicUrl } from './connector.type.js';
import { DeadLetterConnection, DeadLetterType, type DeadLetterRow } from './dead-letter.type.js';
import { ConnectIntegrationInput, IntegrationActionInput } from './integration-input.type.js';
import { deadLetterPayloads, lagByIntegration } from './integrations.loaders.js';
import { deadLetterList, selectIntegrationIds, type IntegrationStatus } from './integrations.queries.js';

/** Who may look at what systems sent: it holds whatever they put into it. */
const KEEPERS = [Role.ADMIN, Role.INTEGRATION];

@ObjectType('IntegrationPayload', { simpleResolvers: true, description: 'What became of a change to an integration.' })
export class IntegrationPayload {
  @Field(() => IntegrationType, { nullable: true, description: 'The integration; null where the change was refused.' })
  integration!: IntegrationType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}

@Resolver()
export class IntegrationRootResolver {
  @Allow(INSIDE)
  @Query(() => [ConnectorType], { description: 'What can be connected.' })
  connectors(@Ctx() context: GraphContext): ConnectorType[] {
    return [...context.service(connectorCatalog).values()].map((facts) => new ConnectorType(facts));
  }

  @Allow(INSIDE)
  @Query(() => [IntegrationType], { description: 'What is connected, by code.' })
  async integrations(@Ctx() context: GraphContext): Promise<IntegrationType[]> {
    const ids = (await context.db.read(selectIntegrationIds())).map(({ id }) => id);
    const found = await context.loadMany(integrationsById, ids);
    return found.filter((integration) => integration !== null);
  }

  @Allow(INSIDE)
  @Query(() => IntegrationType, { nullable: true, description: 'One integration; give exactly one of the arguments.' })
  async integration(
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | undefined,
    @Arg('code', () => String, { nullable: true, description: 'Its code.' }) code: string | undefined,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationType | null> {
    exactlyOne('integration', { id, code });
    if (code != null) return context.load(integrationByCode, code);
    const found = idOf(INTEGRATION_PREFIX, id!);
    return found === null ? null : context.load(integrationsById, found);
  }

  @Allow([Role.ADMIN])
  @Mutation(() => IntegrationPayload, {
    description: 'Connects a system; its channel comes with it where orders come from it.',
  })
  async connectIntegration(
    @Arg('input', () => ConnectIntegrationInput, { description: 'The system and how to reach it.' })
    input: ConnectIntegrationInput,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationPayload> {
    const { outcome, ...rest } = await mutate(context, 'connectIntegration', input, (scope) =>
      connectIntegration(scope, input),
    );
    return { integration: outcome && (await context.load(integrationsById, outcome.integrationId)), ...rest };
  }

  @Allow([Role.ADMIN])
  @Mutation(() => IntegrationPayload, {
    description:
      'Ends a connection: its credentials are erased, its webhooks refused, and its channel takes no more orders. ' +
      'Records keep their references; `connectIntegration` with the same code connects it again.',
  })
  async disconnectIntegration(
    @Arg('input', () => IntegrationActionInput, { description: 'Which one.' }) input: IntegrationActionInput,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationPayload> {
    const { outcome, ...rest } = await mutate(context, 'disconnectIntegration', input, (scope) =>
      disconnectIntegration(scope, input),
    );
    return { integration: outcome && (await context.load(integrationsById, outcome.integrationId)), ...rest };
  }
}

@Resolver(() => IntegrationType)
export class IntegrationResolver {
  @FieldResolver(() => ConnectorType, { description: 'By what it is connected.' })
  connector(@Root() { row }: IntegrationType, @Ctx() context: GraphContext): ConnectorType {
    return connectorOf(context.service(connectorCatalog), row.connector);
  }

  @Allow(INSIDE)
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Where the other system delivers its webhooks; null where it has none.',
  })
  webhookUrl(@Root() { row }: IntegrationType, @Ctx() context: GraphContext): string | null {
    const takesWebhooks = context.service(connectorCatalog).get(row.connector)?.hasWebhooks ?? false;
    const status: IntegrationStatus = row.status;
    if (!takesWebhooks || status === 'DISCONNECTED') return null;
    return `${context.service(publicUrl)}/webhooks/${row.code}`;
  }

  @Allow(INSIDE)
  @FieldResolver(() => Float, {
    description:
      'Age in seconds of the oldest change the hub knows of and has not applied; 0 when caught up. Dead letters do not count.',
  })
  lagSeconds(@Root() { row }: IntegrationType, @Ctx() context: GraphContext): Promise<number> {
    return context.load(lagByIntegration, row.id);
  }

  @Allow(INSIDE)
  @FieldResolver(() => DeadLetterConnection, { description: 'What it sent and the hub could not take, newest first.' })
  async deadLetters(
    @Root() { row }: IntegrationType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<DeadLetterConnection> {
    const source = await connect(
      context,
      deadLetterList(row.id),
      page,
      (letter: DeadLetterRow) => new DeadLetterType(letter),
    );
    return new DeadLetterConnection(source);
  }
}

@Resolver(() => DeadLetterType)
export class DeadLetterResolver {
  @Allow(KEEPERS)
  @FieldResolver(() => Json, {
    nullable: true,
    description:
      'What was sent; numbers that a double cannot hold come as text, and what is no JSON comes as one text.',
  })
  payload(@Root() { row }: DeadLetterType, @Ctx() context: GraphContext): Promise<unknown> {
    return context.load(deadLetterPayloads, row.id);
  }
}
