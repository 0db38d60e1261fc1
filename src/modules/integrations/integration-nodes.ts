import { INSIDE } from '../../graph/access.js';
import { nodeSource } from '../../graph/node.js';
import { DEAD_LETTER_PREFIX } from './dead-letter.type.js';
import { driftById } from './drift.resolver.js';
import { DRIFT_PREFIX } from './drift.type.js';
import { conflictsById } from './field-conflict.resolver.js';
import { FIELD_CONFLICT_PREFIX } from './field-conflict.type.js';
import { deadLettersById } from './integrations.loaders.js';

export const integrationNodes = [
  nodeSource(DEAD_LETTER_PREFIX, deadLettersById, INSIDE),
  nodeSource(FIELD_CONFLICT_PREFIX, conflictsById, INSIDE),
  nodeSource(DRIFT_PREFIX, driftById, INSIDE),
];
