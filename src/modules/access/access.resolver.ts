import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, EVERYONE, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { ActorType } from '../../graph/values.type.js';
import { randomSecret } from '../../shared/ids.js';
import { customersById, CustomerType } from '../customers/index.js';
import { createApiKey } from './actions/create-api-key.js';
import { revokeApiKey } from './actions/revoke-api-key.js';
import { apiKeysById, usesOfKey } from './api-key.loaders.js';
import { selectAllApiKeys } from './api-key.queries.js';
import { secretOf } from './api-key.rules.js';
import { daysOf, UseSpanArgs } from './key-use-span.js';
import { ApiKeyUseType } from './key-use.type.js';
import { UNKNOWN_KEY } from './key-ring.js';
import { ApiKeyType, CreateApiKeyInput, CreateApiKeyPayload, RevokeApiKeyPayload, ViewerType } from './api-key.type.js';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Allow(EVERYONE)
  @Query(() => ViewerType, { nullable: true, description: 'Who is asking.' })
  viewer(@Ctx() { viewer }: GraphContext): ViewerType {
    return { actor: new ActorType(viewer.actor), roles: viewer.roles };
  }

  @FieldResolver(() => CustomerType, { nullable: true, description: 'With the role CUSTOMER: whose key it is.' })
  customer(@Ctx() context: GraphContext): Promise<CustomerType | null> | null {
    const { customerId } = context.viewer;
    return customerId === null ? null : context.load(customersById, customerId);
  }
}

@Resolver(() => ApiKeyType)
export class ApiKeyResolver {
  @Allow([Role.ADMIN])
  @Query(() => [ApiKeyType], { description: 'All keys, oldest first.' })
  async apiKeys(@Ctx() { db }: GraphContext): Promise<ApiKeyType[]> {
    return (await db.read(selectAllApiKeys())).map((row) => new ApiKeyType(row));
  }

  @Allow([Role.ADMIN])
  @Mutation(() => CreateApiKeyPayload, { description: 'Makes a key. Its secret is in the answer, this once.' })
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The key.' }) input: CreateApiKeyInput,
    @Ctx() context: GraphContext,
  ): Promise<CreateApiKeyPayload> {
    const secret = secretOf(randomSecret());
    const { outcome, ...rest } = await mutate(context, 'createApiKey', input, (scope) =>
      createApiKey(scope, input, secret),
    );
    return {
      apiKey: outcome && (await context.load(apiKeysById, outcome.apiKeyId)),
      secret: outcome && !rest.replayed ? secret : null,
      ...rest,
    };
  }

  @Allow([Role.ADMIN])
  @Mutation(() => RevokeApiKeyPayload, {
    description: 'Takes a key back: it opens nothing any more, and its sockets close.',
  })
  async revokeApiKey(
    @Arg('id', () => ID, { description: 'The key.' }) id: string,
    @Arg('idempotencyKey', () => String, { nullable: true, description: 'The same key and input is carried out once.' })
    idempotencyKey: string | undefined,
    @Ctx() context: GraphContext,
  ): Promise<RevokeApiKeyPayload> {
    const input = { id, idempotencyKey: idempotencyKey ?? null };
    const { outcome, ...rest } = await mutate(context, 'revokeApiKey', input, (scope) => revokeApiKey(scope, input));
    return { apiKey: outcome && (await context.load(apiKeysById, outcome.apiKeyId)), ...rest };
  }

  @Allow([Role.ADMIN])
  @Query(() => [ApiKeyUseType], {
    description: 'Refused attempts by keys that nobody ever made, day by day, newest first.',
  })
  async unknownKeyUses(
    @Args(() => UseSpanArgs) span: UseSpanArgs,
    @Ctx() context: GraphContext,
  ): Promise<ApiKeyUseType[]> {
    return context.load(usesOfKey, { keyId: UNKNOWN_KEY, ...daysOf(span, context.clock.now()) });
  }

  @FieldResolver(() => [ApiKeyUseType], {
    description: 'How it was used and refused, day by day, newest first.',
  })
  uses(
    @Root() { row }: ApiKeyType,
    @Args(() => UseSpanArgs) span: UseSpanArgs,
    @Ctx() context: GraphContext,
  ): Promise<ApiKeyUseType[]> {
    return context.load(usesOfKey, { keyId: row.id, ...daysOf(span, context.clock.now()) });
  }

  @FieldResolver(() => CustomerType, { nullable: true, description: 'With the role CUSTOMER: whose key it is.' })
  customer(@Root() { row }: ApiKeyType, @Ctx() context: GraphContext): Promise<CustomerType | null> | null {
    return row.customer_id === null ? null : context.load(customersById, row.customer_id);
  }
}
