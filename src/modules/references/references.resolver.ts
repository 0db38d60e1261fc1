import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graph/context.js';
import { IntegrationType } from './integration.type.js';
import { integrationsById } from './references.loaders.js';
import { ExternalReferenceType, FieldProvenanceType } from './references.type.js';

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
}
