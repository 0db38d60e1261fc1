import { EVERYONE, Role } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { HUB } from './actions/record-settings.js';
import { changesById } from './history.loaders.js';
import { AuditResolver } from './history.resolver.js';
import { RECORD_CHANGE_PREFIX } from './record-change.type.js';
import { declareSubject } from './subjects.js';

declareSubject({ kind: HUB, type: 'Hub', prefix: null, roles: [Role.ADMIN] });

/** Who changed what and when: the event log read by record, and over all records. */
export const history: Module = {
  name: 'history',
  resolvers: [AuditResolver],
  nodes: [nodeSource(RECORD_CHANGE_PREFIX, changesById, EVERYONE)],
};

export { recordSettings, type StartSettings } from './actions/record-settings.js';
export { historyOf } from './history.resolver.js';
export { FieldChangeType } from './record-change.type.js';
export { allSubjects, declareSubject, type HistorySubject } from './subjects.js';
