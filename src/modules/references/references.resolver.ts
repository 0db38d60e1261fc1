import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { IntegrationType } from './integration.type.js';
import { claimsOfRecords, integrationsById } from './references.loaders.js';
import { ExternalReferenceType, FieldProvenanceType, ProvenanceValueType } from './references.type.js';

@Resolver(() => ExternalReferenceType)
export class ReferenceResolver {
  @FieldResolver(() => IntegrationType, { description: 'The connected system.' })
  integration(@Root() reference: ExternalReferenceType, @Ctx() context: GraphContext): Promise<IntegrationType | null> {
    return context.load(integrationsById, reference.row.integration_id);
  }
}

@Resolver(() => FieldProvenanceType)
export class ProvenanceResolver {
  @FieldResolver(() => IntegrationType, {
    nullable: true,
    description: 'The system whose value stands; null when it was set in the hub.',
  })
  integration(
    @Root() { row }: FieldProvenanceType,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationType | null> | null {
    return row.integration_id === null ? null : context.load(integrationsById, row.integration_id);
  }

  @Allow(INSIDE)
  @FieldResolver(() => [ProvenanceValueType], {
    description: 'What the other systems, and the hub’s users, say of the field, by the integration’s code.',
  })
  async otherValues(
    @Root() { row }: FieldProvenanceType,
    @Ctx() context: GraphContext,
  ): Promise<ProvenanceValueType[]> {
    const claims = await context.load(claimsOfRecords, { kind: row.record_kind, id: row.record_id });
    return claims
      .filter((claim) => claim.field === row.field && claim.integration_id !== row.integration_id)
      .map((claim) => new ProvenanceValueType(claim));
  }
}

@Resolver(() => ProvenanceValueType)
export class ProvenanceValueResolver {
  @FieldResolver(() => IntegrationType, {
    nullable: true,
    description: 'The system that says so; null for the hub’s users.',
  })
  integration(
    @Root() { row }: ProvenanceValueType,
    @Ctx() context: GraphContext,
  ): Promise<IntegrationType | null> | null {
    return row.integration_id === null ? null : context.load(integrationsById, row.integration_id);
  }
}
