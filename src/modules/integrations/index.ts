import { INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { DEAD_LETTER_PREFIX } from './dead-letter.type.js';
import { integrationResolvers } from './integration-resolvers.js';
import { conflictsById } from './field-conflict.resolver.js';
import { FIELD_CONFLICT_PREFIX } from './field-conflict.type.js';
import { deadLettersById } from './integrations.loaders.js';

/** Which systems are connected, how they are doing, and what of theirs could not be taken. */
export const integrations: Module = {
  name: 'integrations',
  resolvers: integrationResolvers,
  nodes: [
    nodeSource(DEAD_LETTER_PREFIX, deadLettersById, INSIDE),
    nodeSource(FIELD_CONFLICT_PREFIX, conflictsById, INSIDE),
  ],
};

export { connectIntegration } from './actions/connect-integration.js';
export { noteProgress, noteRecovery, noteTrouble } from './actions/note-trouble.js';
export { replayDeadLetter, replayDeadLetters } from './actions/replay-dead-letters.js';
export { pauseIntegration, resumeIntegration, syncIntegration } from './actions/steer-integration.js';
export { recordCondition, type Condition } from './actions/record-condition.js';
export { makeDue, replayPushes } from './actions/make-due.js';
export { updateIntegration } from './actions/update-integration.js';
export { recordDeadLetter, type DeadLetter } from './actions/record-dead-letter.js';
export * from './connector.type.js';
export { engineCommands, type EngineCommands } from './engine.js';
export {
  selectConnection,
  selectConnectionByCode,
  selectWalks,
  type ConnectionRow,
  type IntegrationStatus,
  type WalkRow,
} from './integrations.queries.js';
export * from './push-item.queries.js';
