import type { Module } from '../../graph/module.js';
import { nodeSource, secondKey } from '../../graph/node.js';
import { INSIDE } from '../../graph/access.js';
import { IntegrationEntity } from './integration.entity.js';
import { INTEGRATION_PREFIX } from './integration.type.js';
import { integrationByCode, integrationsById } from './references.loaders.js';
import { ProvenanceResolver, ReferenceResolver } from './references.resolver.js';

/** Who knows a record elsewhere, under which id, and where each synced value came from. */
export const references: Module = {
  name: 'references',
  resolvers: [ReferenceResolver, ProvenanceResolver],
  entities: [IntegrationEntity],
  nodes: [
    nodeSource(INTEGRATION_PREFIX, integrationsById, INSIDE, secondKey('Integration', 'code', integrationByCode)),
  ],
};

export { IntegrationEntity } from './integration.entity.js';
export { INTEGRATION_PREFIX, IntegrationStatus, IntegrationType, type IntegrationRow } from './integration.type.js';
export { ExternalIdInput, ExternalReferenceType, FieldProvenanceType } from './references.type.js';
export {
  externalReferencesOf,
  integrationByCode,
  integrationsById,
  provenanceOf,
  recordByExternalId,
} from './references.loaders.js';
export { linkRecord, markSynced, noteStatement } from './actions/link-record.js';
export { isBeingTold, isOwnEcho, type ToldState } from './actions/recognize-echo.js';
export { recordProvenance, SET_IN_HUB, SOURCE_STATES_IT, type ValueSource } from './actions/record-provenance.js';
export { findReference, lockForeignRecord, selectProvenance, type ReferenceRow } from './references.queries.js';
export { linkTold, touchTold } from './references.queries.js';
export { instantOfVersion, parseSourceVersion, type SourceVersion } from './source-version.rules.js';
