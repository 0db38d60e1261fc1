import { readdir } from 'node:fs/promises';
import type { GraphQLSchema } from 'graphql';
import type { Connector } from './connect/index.js';
import { privateNetworkGuard, secretBox, type PrivateNetworkGuard } from './connect/index.js';
import { Database } from './db/database.js';
import { migrate } from './db/migrate.js';
import { Feed } from './events/feed.js';
import { Sequencer } from './events/sequencer.js';
import { Services, type GraphServices } from './graph/context.js';
import type { ExportDefinition } from './graph/export/export.js';
import { exportRoute } from './graph/export/export-route.js';
import { asSubgraph } from './graph/federation/subgraph.js';
import { serveGraph } from './graph/graph.js';
import { explorerRoutes } from './graph/explorer.js';
import { healthRoutes } from './graph/health-routes.js';
import { forgetOldKeys } from './graph/idempotency.js';
import { DEFAULT_LIMITS } from './graph/limits.js';
import { feedKey } from './graph/live/feed-key.js';
import { API_KEY_SUBJECT } from './graph/live/key-watch.js';
import type { Route } from './graph/http.js';
import { hubMetrics, metricsRegistry } from './graph/metrics.js';
import type { Running } from './graph/module.js';
import { NodeResolver, nodeSources } from './graph/node.resolver.js';
import { ruleActions, ruleActionsOf } from './graph/rule-action.js';
import { buildGraph } from './graph/schema.js';
import { limitStaleness } from './graph/staleness.js';
import { hubServer } from './graph/server.js';
import { Upkeep } from './graph/upkeep.js';
import { InputError, IdempotencyConflictError, TransitionError, VersionConflictError } from './graph/user-errors.js';
import type { HubParts } from './hub-parts.js';
import { MODULES } from './module-list.js';
import { admitGivenKey, ApiKeyRing, KeyUses } from './modules/access/index.js';
import { recordSettings } from './modules/history/index.js';
import {
  connectorCatalog,
  credentialCipher,
  egressRules,
  engineCommands,
  publicUrl,
} from './modules/integrations/index.js';
import type { Clock } from './shared/clock.js';
import { hostPortText } from './shared/host-port.js';
import type { Log } from './shared/log.js';
import { provideSettings, startSettings } from './start-settings.js';
import { commandsOf, startSync } from './sync/index.js';

export type { HubParts } from './hub-parts.js';

const CONNECTORS = new URL('../connectors/', import.meta.url);

/** A hub that serves. `stop` finishes what is in flight, closes sockets with a reason, and lets go of the database. */
export interface Hub extends GraphServices {
  url: string;
  port: number;
  connectors: ReadonlyMap<string, Connector>;
  upkeep: Upkeep;
  /** Which addresses connectors may call. */
  egress: PrivateNetworkGuard;
  stop(): Promise<void>;
}

let graph: GraphQLSchema | undefined;

/**
 * The graph of all modules; needs no database. Built once for a process: once it has run resolvers, type-graphql would
 * give their arguments in another order.
 */
export function hubSchema(): GraphQLSchema {
  const resolvers = [NodeResolver, ...MODULES.flatMap((module) => module.resolvers ?? [])];
  const types = [InputError, VersionConflictError, TransitionError, IdempotencyConflictError];
  if (graph) return graph;
  graph = buildGraph(resolvers, [...types, ...MODULES.flatMap((module) => module.types ?? [])]);
  const ages = MODULES.flatMap((module) => module.ages ?? []);
  limitStaleness(graph, ages);
  return graph;
}

/** The same as it is served: a part of a larger graph too. */
export function servedSchema(): GraphQLSchema {
  return asSubgraph(
    hubSchema(),
    MODULES.flatMap((module) => module.nodes ?? []),
  );
}

/** Every kind of record that can be downloaded whole, by name. */
export function hubExports(): ReadonlyMap<string, ExportDefinition> {
  const definitions = MODULES.flatMap((module) => module.exports ?? []);
  return new Map(definitions.map((definition) => [definition.kind, definition]));
}

/** Opens the database only, for commands that need no server. */
export function openDatabase(
  parts: Pick<HubParts, 'databaseUrl' | 'log' | 'checkpoint' | 'onRead'>,
): Promise<Database> {
  return Database.open({
    url: parts.databaseUrl,
    entities: MODULES.flatMap((module) => module.entities ?? []),
    onPoolError: (error) => parts.log.warn({ err: error }, 'a database connection was lost'),
    ...(parts.checkpoint && { checkpoint: parts.checkpoint }),
    ...(parts.onRead && { onRead: parts.onRead }),
  });
}

/** Puts the parts together and serves: returns when requests are answered. */
export async function startHub(parts: HubParts): Promise<Hub> {
  const { log, clock, trusted = { only: false, operations: [] } } = parts;
  const schema = servedSchema();
  const connectors = await findConnectors();
  const { services, egress } = await hubServices(parts, connectors);
  const db = await openDatabase(parts);
  await bringUpToDate(db, parts);
  const { feed, sequencer } = await startEvents(db, log);
  services.provide(feedKey, feed);
  const keys = startKeys(db, clock, log, feed);
  const graph: GraphServices = { db, clock, log, services };
  const allowedOrigins = [...(parts.allowedOrigins ?? []), ...(parts.publicUrl ? [parts.publicUrl] : [])];
  const served = await serveGraph(schema, graph, {
    keys: keys.ring,
    feed,
    limits: { ...DEFAULT_LIMITS, ...parts.limits },
    allowedOrigins,
    trusted,
  });
  await recordSettings(db, clock, startSettings(parts, services));
  if (parts.adminKey) await admitGivenKey(db, clock, parts.adminKey, { name: 'Administrator' });
  const { registry, onRequest } = hubMetrics(db.pool, served.live.metrics);
  services.provide(metricsRegistry, registry);
  for (const module of MODULES) await module.prepare?.(graph);
  const upkeep = new Upkeep([forgetOldKeys, ...MODULES.flatMap((module) => module.upkeep ?? [])], graph);
  const engine = { ...graph, connectors, registry, reconcileEveryMs: parts.reconcileEveryMs };
  const sync = await startSync({ ...engine, publicUrl: () => services.get(publicUrl) });
  let isDraining = false;
  const isReady = async () => (isDraining ? 'the hub is going away' : databaseObstacle(db));
  const exports = exportRoute(db, served.gatekeeper, hubExports());
  const pages = [...explorerRoutes(trusted.only), ...healthRoutes(registry, isReady)];
  const routes = [served.route, exports, ...pages, ...moduleRoutes(graph), ...sync.routes];
  const server = hubServer(routes, log, allowedOrigins, onRequest);
  served.live.attach(server.http);
  const port = await server.listen(parts.port, parts.host);
  const url = parts.publicUrl ?? `http://${hostPortText({ host: parts.host, port })}`;
  services.provide(publicUrl, url);
  // From here on there is all that a task may ask for.
  if (!parts.isUpkeepByHand) upkeep.start();
  const running = await startModules(graph);
  return {
    ...graph,
    upkeep,
    egress,
    url,
    port,
    connectors,
    stop: async () => {
      isDraining = true;
      await Promise.all([served.live.drain(3_000), server.drain(5_000), ...running.map((one) => one.stop())]);
      await sync.stop();
      await upkeep.stop();
      await sequencer.stop();
      await feed.stop();
      await served.stop();
      await keys.stop();
      await db.close();
    },
  };
}

async function bringUpToDate(db: Database, { log, onProgress }: HubParts): Promise<void> {
  onProgress?.('migrating the database');
  const ran = await migrate(db);
  if (ran.length > 0) log.info({ migrations: ran }, 'the database was migrated');
}

function moduleRoutes(graph: GraphServices): Route[] {
  return MODULES.flatMap((module) => module.routes?.(graph) ?? []);
}

async function startModules(graph: GraphServices): Promise<Running[]> {
  const running: Running[] = [];
  for (const module of MODULES) {
    const started = await module.start?.(graph);
    if (started) running.push(started);
  }
  return running;
}

async function startEvents(db: Database, log: Log): Promise<{ feed: Feed; sequencer: Sequencer }> {
  const feed = new Feed(db, log);
  const sequencer = new Sequencer(db.url, log);
  await feed.start();
  sequencer.start();
  return { feed, sequencer };
}

/** Keys and the counts of their use; a key that is taken back is forgotten when the log says so. */
function startKeys(db: Database, clock: Clock, log: Log, feed: Feed): { ring: ApiKeyRing; stop(): Promise<void> } {
  const uses = new KeyUses(db, log);
  const ring = new ApiKeyRing(db, clock, uses);
  const stopWatching = feed.listen({
    onEvents: (events) => {
      for (const event of events) if (event.subjectKind === API_KEY_SUBJECT) ring.forget(event.subjectId);
    },
  });
  return {
    ring,
    stop: () => {
      stopWatching();
      return uses.stop();
    },
  };
}

/** What modules ask for by key; what cannot be had ends the start before the database is opened. */
async function hubServices(
  parts: HubParts,
  connectors: ReadonlyMap<string, Connector>,
): Promise<{ services: Services; egress: PrivateNetworkGuard }> {
  const sources = MODULES.flatMap((module) => module.nodes ?? []);
  const egress = privateNetworkGuard(parts.egressAllow);
  const services = new Services()
    .provide(nodeSources, new Map(sources.map((source) => [source.prefix, source])))
    .provide(ruleActions, ruleActionsOf(MODULES))
    .provide(connectorCatalog, connectors)
    .provide(credentialCipher, secretBox(parts.secretKey))
    .provide(engineCommands, commandsOf(connectors))
    .provide(egressRules, egress);
  provideSettings(services, parts);
  const given = { services, secretKey: parts.secretKey, publicUrl: () => services.get(publicUrl) };
  for (const module of MODULES) await module.services?.(given);
  return { services, egress };
}

async function databaseObstacle(db: Database): Promise<string | null> {
  try {
    await db.pool.query('select 1');
    return null;
  } catch (error) {
    return `the database cannot be reached: ${(error as Error).message}`;
  }
}

/** A connector is a folder: what is there is what the hub has. */
async function findConnectors(): Promise<ReadonlyMap<string, Connector>> {
  const folders = (await readdir(CONNECTORS, { withFileTypes: true })).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('_'),
  );
  const found = await Promise.all(
    folders.map(async ({ name }) => {
      const { default: connector } = (await import(new URL(`${name}/index.js`, CONNECTORS).href)) as {
        default: Connector;
      };
      if (connector.code !== name)
        throw new Error(`connectors/${name} defines "${connector.code}": a folder is named after its connector`);
      return [name, connector] as const;
    }),
  );
  return new Map(found);
}
