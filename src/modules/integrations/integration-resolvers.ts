import { INSIDE } from '../../graph/access.js';
import { historyOf } from '../history/index.js';
import { INTEGRATION_PREFIX, IntegrationType } from '../references/index.js';
import { DriftResolver } from './drift.resolver.js';
import { FieldConflictResolver } from './field-conflict.resolver.js';
import { FieldPolicyResolver } from './field-policy.resolver.js';
import { IntegrationStreamResolver } from './integration-stream.resolver.js';
import { INTEGRATION } from './integrations.events.js';
import { DeadLetterResolver, IntegrationResolver, IntegrationRootResolver } from './integrations.resolver.js';
import { SteeringResolver } from './steering.resolver.js';

export const integrationResolvers = [
  IntegrationRootResolver,
  IntegrationResolver,
  DeadLetterResolver,
  SteeringResolver,
  FieldPolicyResolver,
  FieldConflictResolver,
  DriftResolver,
  IntegrationStreamResolver,
  historyOf(IntegrationType, { kind: INTEGRATION, type: 'Integration', prefix: INTEGRATION_PREFIX, roles: INSIDE }),
];
