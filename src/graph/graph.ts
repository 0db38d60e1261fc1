import type { GraphQLSchema } from 'graphql';
import type { Feed } from '../events/feed.js';
import { apolloServer } from './apollo.js';
import { Gatekeeper, gatekeeperOfHub, type KeyRing } from './authenticate.js';
import type { GraphServices } from './context.js';
import { exampleOperations } from './example-operations.js';
import { Executor } from './execution.js';
import { graphRoute } from './graph-route.js';
import type { Route } from './http.js';
import { CostMeter, type Limits } from './limits.js';
import { LiveServer } from './live/live-server.js';
import { DocumentTexts } from './trusted/document-texts.js';
import { RegisteredDocuments, type TrustedOperation } from './trusted/registered-documents.js';

/** Which documents run by their names alone, besides the examples; and whether no others run. */
export interface TrustedSettings {
  only: boolean;
  operations: readonly TrustedOperation[];
}

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
  parts: {
    keys: KeyRing;
    feed: Feed;
    limits: Limits;
    allowedOrigins: readonly string[];
    trusted: TrustedSettings;
  },
): Promise<ServedGraph> {
  const { limits, feed, trusted } = parts;
  const registered = new RegisteredDocuments(await exampleOperations(), trusted.operations);
  const texts = new DocumentTexts(registered, trusted.only, limits.tokens);
  const executor = new Executor(schema);
  const cost = new CostMeter(schema, limits);
  const gatekeeper = new Gatekeeper(parts.keys, limits.requestsPerMinute);
  graph.services.provide(gatekeeperOfHub, gatekeeper);
  const apollo = apolloServer({ schema, executor, cost, limits, log: graph.log });
  await apollo.start();
  const live = new LiveServer({
    graph,
    executor,
    feed,
    gatekeeper,
    limits,
    cost,
    texts,
    allowedOrigins: parts.allowedOrigins,
  });
  return {
    route: graphRoute({ apollo, gatekeeper, graph, limits, texts }),
    gatekeeper,
    live,
    stop: () => apollo.stop(),
  };
}
