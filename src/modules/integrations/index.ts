import type { Module } from '../../graph/module.js';
import { integrationNodes } from './integration-nodes.js';
import { integrationResolvers } from './integration-resolvers.js';

/** Which systems are connected, how they are doing, and what of theirs could not be taken. */
export const integrations: Module = {
  name: 'integrations',
  resolvers: integrationResolvers,
  nodes: integrationNodes,
};

export { connectIntegration } from './actions/connect-integration.js';
export { noteProgress, noteRecovery, noteTrouble } from './actions/note-trouble.js';
export { replayDeadLetter, replayDeadLetters } from './actions/replay-dead-letters.js';
export { pauseIntegration, resumeIntegration, syncIntegration } from './actions/steer-integration.js';
export { recordCondition, type Condition } from './actions/record-condition.js';
export { makeDue, replayPushes } from './actions/make-due.js';
export { updateIntegration } from './actions/update-integration.js';
export { noteReconciled, recordDrift, type ComparedRecord, type Difference } from './actions/record-drift.js';
export { reconcileIntegration } from './actions/reconcile-integration.js';
export { repairDrift, repairDrifts } from './actions/repair-drift.js';
export { recordDeadLetter, type DeadLetter } from './actions/record-dead-letter.js';
export * from './connector.type.js';
export { countDrift, forgetOldDrift, settleVanished } from './drift.queries.js';
export { DriftRepair } from './drift.type.js';
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
