import type { EntitySchema } from '@mikro-orm/postgresql';
import type { SettingsPart } from '../shared/settings.js';
import type { GraphServices, Services } from './context.js';
import type { ExportDefinition } from './export/export.js';
import type { Route } from './http.js';
import type { NodeSource } from './node.js';
import type { RuleAction } from './rule-action.js';
import type { AgeSource } from './staleness.js';
import type { UpkeepTask } from './upkeep.js';

/** What services are made of, beside settings and each other. */
export interface ServiceParts {
  services: Services;
  secretKey: string;
  /** Where others reach the hub; known once it listens. */
  publicUrl(): string;
}
/** What a module has running beside the server. */
export interface Running {
  /** Takes nothing new, and waits for what is under way. */
  stop(): Promise<void>;
}

type ResolverClass = new (...args: never[]) => object;

/**
 * A module's parts list: what app.ts puts together into the graph and the database. One with settings is declared by
 * `satisfies`, so that their names and types are known where a hub is started.
 */
export interface Module {
  name: string;
  /** What it is set up by; each value is a service under its own key. */
  settings?: SettingsPart[];
  /** Provides what it and others ask for by key; settings are there, the database is not open yet. */
  services?(parts: ServiceParts): Promise<void> | void;
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
  /** What must be in the database before anything is served; at each start. */
  prepare?(hub: GraphServices): Promise<void>;
  /** What runs beside the server, begun once there is all that it may ask for; null: nothing does. */
  start?(hub: GraphServices): Promise<Running | null>;
}
