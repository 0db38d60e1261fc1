import type { GraphQLSchema } from 'graphql';
import type { Feed } from '../events/feed.js';
import { apolloServer } from './apollo.js';
import { Gatekeeper, type KeyRing } from './authenticate.js';
import type { GraphServices } from './context.js';
import { Executor } from './execution.js';
import { graphRoute } from './graph-route.js';
import type { Route } from './http.js';
import { CostMeter, type Limits } from './limits.js';
import { LiveServer } from './live/live-server.js';

export interface ServedGraph {
  route: Route;
  gatekeeper: Gatekeeper;
  live: LiveServer;
  stop(): Promise<void>;
}

/** The graph over HTTP and WebSocket, by one executor and under the same limits. */
export async function serveGraph(
  schema: GraphQLSchema,
  graph: GraphServices,
  parts: { keys: KeyRing; feed: Feed; limits: Limits; allowedOrigins: readonly string[] },
): Promise<ServedGraph> {
  const { limits, feed } = parts;
  const executor = new Executor(schema);
  const cost = new CostMeter(schema, limits);
  const gatekeeper = new Gatekeeper(parts.keys, limits.requestsPerMinute);
  const apollo = apolloServer({ schema, executor, cost, limits, log: graph.log });
  await apollo.start();
  const live = new LiveServer({
    graph,
    executor,
    feed,
    gatekeeper,
    limits,
    cost,
    allowedOrigins: parts.allowedOrigins,
  });
  return { route: graphRoute({ apollo, gatekeeper, graph, limits }), gatekeeper, live, stop: () => apollo.stop() };
}
