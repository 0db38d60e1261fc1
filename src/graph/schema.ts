import {
  isAbstractType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import { buildSchemaSync, getMetadataStorage, type NonEmptyArray, type PubSub } from 'type-graphql';
import { RoleChecker } from './role-checker.js';

/** type-graphql asks for one; our streams come from the event log and never use it. */
const UNUSED_PUB_SUB: PubSub = {
  publish: () => {
    throw new Error('events go through the event log');
  },
  subscribe: () => {
    throw new Error('streams come from the event log');
  },
};

type ResolverClass = new (...args: never[]) => object;

/** Builds the executable schema and refuses one whose guards would be lost. */
export function buildGraph(resolvers: ResolverClass[], orphanedTypes: ResolverClass[]): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: resolvers as unknown as NonEmptyArray<ResolverClass>,
    orphanedTypes: orphanedTypes as ResolverClass[],
    authChecker: RoleChecker,
    validate: false,
    pubSub: UNUSED_PUB_SUB,
  });
  resolveAbstractTypesSynchronously(schema);
  checkGuards(schema);
  readGettersAsProperties(schema);
  callPlainResolversDirectly(schema);
  return schema;
}

type ParamMetadata = NonNullable<ReturnType<typeof getMetadataStorage>['fieldResolvers'][number]['params']>[number];

export function printGraph(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

/** type-graphql wraps resolveType in an async function, for which compiled queries do not wait. */
function resolveAbstractTypesSynchronously(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isAbstractType(type)) continue;
    (type as GraphQLAbstractType).resolveType = (value: { __typename: string }) => value.__typename;
  }
}

/**
 * A field that type-graphql reads as plain data never runs its guard. Root fields must each have a guard,
 * and every guarded field a resolver that runs it.
 */
function checkGuards(schema: GraphQLSchema): void {
  const faults: string[] = [];
  const storage = getMetadataStorage();
  const roots = [...storage.queries, ...storage.mutations, ...storage.subscriptions];
  for (const root of roots) {
    if (!root.roles || root.roles.length === 0) faults.push(`${root.schemaName}: a root field without a guard`);
  }
  for (const metadata of storage.fields) {
    if (!metadata.roles && (metadata.middlewares ?? []).length === 0) continue;
    const owner = storage.objectTypes.find((type) => type.target === metadata.target);
    const type = owner && schema.getType(owner.name);
    const field = isObjectType(type) ? type.getFields()[metadata.schemaName] : undefined;
    if (field && !runsGuard(field))
      faults.push(`${owner!.name}.${metadata.schemaName}: its guard is dropped; it needs simple: false`);
  }
  if (faults.length > 0) throw new Error(`the schema loses guards:\n${faults.join('\n')}`);
}

/** Resolvers of type-graphql that run guards close over them; graphql-js' default and absent ones do not. */
function runsGuard(field: GraphQLField<unknown, unknown>): boolean {
  return field.resolve !== undefined && field.resolve.name !== 'defaultFieldResolver';
}

/** Getters of a graph class need no resolver: both engines read the property, and compiled queries at no cost. */
function readGettersAsProperties(schema: GraphQLSchema): void {
  const storage = getMetadataStorage();
  for (const metadata of storage.fieldResolvers) {
    if (metadata.kind !== 'internal' || metadata.roles || (metadata.middlewares ?? []).length > 0) continue;
    const target = metadata.target as ResolverClass;
    const property = Object.getOwnPropertyDescriptor(target.prototype, metadata.methodName);
    if (!property?.get) continue;
    const owner = storage.objectTypes.find((type) => type.target === target);
    const type = owner && schema.getType(owner.name);
    if (!isObjectType(type)) continue;
    const field = type.getFields()[metadata.schemaName];
    if (field) delete field.resolve;
  }
}

/**
 * A resolver that takes nothing but the record and the context is called as it is: what type-graphql does for arguments
 * and guards it has not costs more than most of them.
 */
function callPlainResolversDirectly(schema: GraphQLSchema): void {
  const storage = getMetadataStorage();
  const instances = new Map<unknown, Record<string, (...values: unknown[]) => unknown>>();
  for (const metadata of storage.fieldResolvers) {
    const { kind, methodName, schemaName, target, getObjectType, params = [], roles, middlewares = [] } = metadata;
    if (kind !== 'external' || roles || middlewares.length > 0 || !params.every(isWholeRootOrContext)) continue;
    const owner = storage.objectTypes.find((type) => type.target === getObjectType?.());
    const type = owner && schema.getType(owner.name);
    const field = isObjectType(type) ? type.getFields()[schemaName] : undefined;
    if (!field) continue;
    if (!instances.has(target)) instances.set(target, new (target as ResolverClass)() as never);
    const instance = instances.get(target)!;
    const takesRoot = params.toSorted((a, b) => a.index - b.index).map((param) => param.kind === 'root');
    field.resolve = (root, _args, context) =>
      instance[methodName]!(...takesRoot.map((isRoot) => (isRoot ? root : context)));
  }
}

function isWholeRootOrContext(param: ParamMetadata): boolean {
  return (param.kind === 'root' || param.kind === 'context') && param.propertyName === undefined;
}
