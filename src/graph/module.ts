import type { EntitySchema } from '@mikro-orm/postgresql';
import type { GraphServices } from './context.js';
import type { ExportDefinition } from './export/export.js';
import type { Route } from './http.js';
import type { NodeSource } from './node.js';
import type { RuleAction } from './rule-action.js';
import type { AgeSource } from './staleness.js';
import type { UpkeepTask } from './upkeep.js';

type ResolverClass = new (...args: never[]) => object;

/** A module's parts list: what app.ts puts together into the graph and the database. */
export interface Module {
  name: string;
  resolvers?: ResolverClass[];
  /** Graph types that no field names directly, such as errors with facts of their own. */
  types?: ResolverClass[];
  entities?: EntitySchema[];
  nodes?: NodeSource[];
  /** Types whose reads can be limited to what is fresh. */
  ages?: AgeSource[];
  /** What the module does by itself, now and then. */
  upkeep?: UpkeepTask[];
  exports?: ExportDefinition[];
  /** What automation rules may do by the module. */
  ruleActions?: RuleAction[];
  /** What the module serves beside the graph. */
  routes?(hub: GraphServices): Route[];
}
