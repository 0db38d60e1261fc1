import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { ApolloGateway, IntrospectAndCompose, RemoteGraphQLDataSource } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { askGraph, type GraphAnswer } from '../../support/hub.js';

export interface Review {
  id: string;
  stars: number;
  orderId: string;
  sku: string;
}

const REVIEWS = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])
  type Query { reviews: [Review!]! }
  type Review @key(fields: "id") { id: ID! stars: Int! order: Order product: Product }
  type Order @key(fields: "id") { id: ID! reviews: [Review!]! }
  type Product @key(fields: "sku") { sku: String! reviewCount: Int! }
  type PageInfo @shareable { hasNextPage: Boolean! }
`);

/** What may be asked by every server of a test, each on a free port of loopback. */
interface Served {
  url: string;
  stop(): Promise<void>;
}

/** A graph of somebody else, which knows an order by its id and a product by its SKU, and counts what it is asked. */
export async function startReviews(reviews: readonly Review[]): Promise<Served> {
  const resolvers = {
    Query: { reviews: () => reviews },
    Review: {
      order: ({ orderId }: Review) => ({ __typename: 'Order', id: orderId }),
      product: ({ sku }: Review) => ({ __typename: 'Product', sku }),
    },
    Order: { reviews: ({ id }: { id: string }) => reviews.filter((review) => review.orderId === id) },
    Product: { reviewCount: ({ sku }: { sku: string }) => reviews.filter((review) => review.sku === sku).length },
  };
  const schema = buildSubgraphSchema({ typeDefs: REVIEWS, resolvers });
  return serve(new ApolloServer({ schema, plugins: [ApolloServerPluginInlineTraceDisabled()] }));
}

/** Sends on the key that it was called with. */
class WithCallersKey extends RemoteGraphQLDataSource<{ authorization?: string }> {
  override willSendRequest({
    request,
    context,
  }: Parameters<NonNullable<RemoteGraphQLDataSource['willSendRequest']>>[0]) {
    const { authorization } = context as { authorization?: string };
    if (authorization) request.http?.headers.set('authorization', authorization);
  }
}

export interface Gateway extends Served {
  graph<Data>(query: string, key?: string): Promise<GraphAnswer<Data>>;
}

/** A gateway that composes what the subgraphs say of themselves; the hub says it only for a key. */
export async function startGateway(subgraphs: Record<string, string>, key: string | null): Promise<Gateway> {
  const gateway = new ApolloGateway({
    supergraphSdl: new IntrospectAndCompose({
      subgraphs: Object.entries(subgraphs).map(([name, url]) => ({ name, url })),
      ...(key !== null && { introspectionHeaders: { authorization: `Bearer ${key}` } }),
    }),
    buildService: ({ url }) => new WithCallersKey({ url: url! }),
    logger: SILENT,
  });
  const served = await serve(new ApolloServer({ gateway: gateway as never, logger: SILENT }));
  return { ...served, graph: (query, as) => askGraph(served.url, query, {}, as) };
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function serve(server: ApolloServer<{ authorization?: string }>): Promise<Served> {
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0, host: '127.0.0.1' },
    context: ({ req }) =>
      Promise.resolve({ ...(req.headers.authorization && { authorization: req.headers.authorization }) }),
  });
  return { url: url.replace(/\/$/, ''), stop: () => server.stop() };
}
