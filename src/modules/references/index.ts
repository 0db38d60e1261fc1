import type { Module } from '../../graph/module.js';
import { nodeSource, secondKey } from '../../graph/node.js';
import { INSIDE } from '../../graph/access.js';
import { IntegrationEntity } from './integration.entity.js';
import { INTEGRATION_PREFIX } from './integration.type.js';
import { integrationByCode, integrationsById } from './references.loaders.js';
import { FreshnessResolver } from './freshness.js';
import { ProvenanceResolver, ProvenanceValueResolver, ReferenceResolver } from './references.resolver.js';

/** Who knows a record elsewhere, under which id, and where each synced value came from. */
export const references: Module = {
  name: 'references',
  resolvers: [ReferenceResolver, ProvenanceResolver, ProvenanceValueResolver, FreshnessResolver],
  entities: [IntegrationEntity],
  nodes: [
    nodeSource(INTEGRATION_PREFIX, integrationsById, INSIDE, secondKey('Integration', 'code', integrationByCode)),
  ],
};

export { IntegrationEntity } from './integration.entity.js';
export { INTEGRATION_PREFIX, IntegrationStatus, IntegrationType, type IntegrationRow } from './integration.type.js';
export * from './references.type.js';
export * from './references.loaders.js';
export * from './actions/link-record.js';
export * from './actions/recognize-echo.js';
export * from './actions/record-provenance.js';
export * from './actions/decide-fields.js';
export * from './actions/meet-foreign.js';
export * from './actions/successors-of.js';
export * from './claims.rules.js';
export { ageSource, freshnessFieldOf } from './freshness.js';
export * from './field-claim.queries.js';
export * from './field-policies.js';
export * from './provenance.rules.js';
export * from './references.queries.js';
export { instantOfVersion, parseSourceVersion, type SourceVersion } from './source-version.rules.js';
