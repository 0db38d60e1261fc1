import { INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { historyOf } from '../history/index.js';
import { INTEGRATION_PREFIX, IntegrationType } from '../references/index.js';
import { DEAD_LETTER_PREFIX } from './dead-letter.type.js';
import { conflictsById, FieldConflictResolver } from './field-conflict.resolver.js';
import { FIELD_CONFLICT_PREFIX } from './field-conflict.type.js';
import { FieldPolicyResolver } from './field-policy.resolver.js';
import { INTEGRATION } from './integrations.events.js';
import { deadLettersById } from './integrations.loaders.js';
import { DeadLetterResolver, IntegrationResolver, IntegrationRootResolver } from './integrations.resolver.js';

/** Which systems are connected, how they are doing, and what of theirs could not be taken. */
export const integrations: Module = {
  name: 'integrations',
  resolvers: [
    IntegrationRootResolver,
    IntegrationResolver,
    DeadLetterResolver,
    FieldPolicyResolver,
    FieldConflictResolver,
    historyOf(IntegrationType, { kind: INTEGRATION, type: 'Integration', prefix: INTEGRATION_PREFIX, roles: INSIDE }),
  ],
  nodes: [
    nodeSource(DEAD_LETTER_PREFIX, deadLettersById, INSIDE),
    nodeSource(FIELD_CONFLICT_PREFIX, conflictsById, INSIDE),
  ],
};

export { connectIntegration } from './actions/connect-integration.js';
export { recordDeadLetter, type DeadLetter } from './actions/record-dead-letter.js';
export {
  connectorCatalog,
  credentialCipher,
  publicUrl,
  type ConnectorFacts,
  type CredentialCipher,
} from './connector.type.js';
export { selectConnection, selectConnectionByCode, type ConnectionRow } from './integrations.queries.js';
