import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  type GraphQLFieldConfig,
  type GraphQLInterfaceType,
} from 'graphql';
import type { GraphContext } from '../context.js';
import type { NodeSource } from '../node.js';
import { MAX_PAGE } from '../paging.js';
import { Entities } from './entities.js';
import { subgraphSdl } from './subgraph-sdl.js';

type RootField = GraphQLFieldConfig<unknown, GraphContext>;

const ANY = new GraphQLScalarType({
  name: '_Any',
  description: 'A record as another graph refers to it: its `__typename` and the fields of a key.',
});
const SERVICE = new GraphQLObjectType({
  name: '_Service',
  description: 'This graph as a part of a larger one.',
  fields: {
    sdl: { type: new GraphQLNonNull(GraphQLString), description: 'Its schema with the keys of its types.' },
  },
});

/**
 * The graph with the two fields by which a router reads it as a Federation 2 subgraph. Every record that `node` finds is
 * an entity. The graph itself is not changed: what is printed and promised of it is without them.
 */
export function asSubgraph(schema: GraphQLSchema, sources: readonly NodeSource[]): GraphQLSchema {
  const types = schema.getImplementations(schema.getType('Node') as GraphQLInterfaceType).objects;
  const entities = new Entities(
    types.map(({ name }) => name),
    sources,
  );
  const entity = new GraphQLUnionType({
    name: '_Entity',
    description: 'Every type that has a key.',
    types,
    resolveType: (value: { __typename: string }) => value.__typename,
  });
  const { query, types: known, ...rest } = schema.toConfig();
  const { fields, ...queryRest } = query!.toConfig();
  const federated = new GraphQLObjectType({
    ...queryRest,
    fields: { ...fields, _entities: entitiesField(entity, entities), _service: serviceField(schema, entities) },
  });
  const others = known.filter((type) => type !== query);
  return new GraphQLSchema({ ...rest, query: federated, types: [...others, ANY, SERVICE, entity] });
}

function entitiesField(entity: GraphQLUnionType, entities: Entities): RootField {
  return {
    type: new GraphQLNonNull(new GraphQLList(entity)),
    description: 'For routers: records by their keys, in the same order; null where the viewer may see none.',
    args: {
      representations: {
        type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(ANY))),
        description: `At most ${MAX_PAGE}.`,
      },
    },
    resolve: (_root, { representations }: { representations: readonly unknown[] }, context) =>
      entities.find(representations, context),
  };
}

/** Open to every role, as introspection is: the key has been asked for before anything of a request is read. */
function serviceField(schema: GraphQLSchema, entities: Entities): RootField {
  let sdl: string | undefined;
  return {
    type: new GraphQLNonNull(SERVICE),
    description: 'For routers: what composition needs to know of this graph.',
    resolve: () => ({ sdl: (sdl ??= subgraphSdl(schema, entities.keys())) }),
  };
}
