import { EVERYONE, INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { declareSubject } from '../history/index.js';
import { departmentRuleActions } from './departments.rule-actions.js';
import { AssignmentResolver } from './assignment.resolver.js';
import { notesById } from './note.loaders.js';
import { noteResolvers } from './note.resolver.js';
import { NOTE, NOTE_PREFIX } from './note.type.js';
import { WorkItemResolver } from './task.resolver.js';
import { KIND_PREFIXES, WORK_ITEM, WORK_ITEM_PREFIX } from './work-item.type.js';
import { workById } from './work-queue.loaders.js';
import { WorkQueueResolver, WorkQueueStreamResolver } from './work-queue.resolver.js';

declareSubject({ kind: NOTE, type: 'Note', prefix: NOTE_PREFIX, roles: INSIDE });
declareSubject({ kind: WORK_ITEM, type: 'WorkItem', prefix: WORK_ITEM_PREFIX, roles: INSIDE });

/** Who does what of an order: departments, what waits for each, and what people write to one another about it. */
export const departments: Module = {
  name: 'departments',
  resolvers: [...noteResolvers, AssignmentResolver, WorkItemResolver, WorkQueueResolver, WorkQueueStreamResolver],
  ruleActions: departmentRuleActions,
  nodes: [
    nodeSource(NOTE_PREFIX, notesById, EVERYONE),
    ...[...workById].map(([kind, loader]) => nodeSource(KIND_PREFIXES[kind], loader, INSIDE)),
  ],
};

export { addNote, type NoteValues } from './actions/add-note.js';
export { assignOrder } from './actions/assign-order.js';
export { openWorkItem, type WorkItemValues } from './actions/open-work-item.js';
export { resolveWorkItem } from './actions/resolve-work-item.js';
export { AssignOrderInput } from './assignment.type.js';
export { moveNotesToCustomer } from './note.queries.js';
export { WORK_ITEM, WORK_ITEM_PREFIX, WorkPriority } from './work-item.type.js';
