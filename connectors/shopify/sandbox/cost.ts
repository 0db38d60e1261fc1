import {
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

const MUTATION = 10;

/** Near to what the vendor was recorded to count: an object is one, and a list grows slower than its length. */
export function costOf(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>): number {
  let cost = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const isQuery = definition.operation === 'query';
    const root = isQuery ? schema.getQueryType()! : schema.getMutationType()!;
    cost += isQuery ? costOfSet(schema, root, definition.selectionSet, variables) : MUTATION;
  }
  return Math.max(1, cost);
}

function costOfSet(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  { selections }: SelectionSetNode,
  variables: Record<string, unknown>,
): number {
  let cost = 0;
  for (const each of selections) {
    if (each.kind === Kind.INLINE_FRAGMENT) {
      const inner = each.typeCondition ? schema.getType(each.typeCondition.name.value)! : type;
      cost += costOfSet(schema, inner, each.selectionSet, variables);
    } else if (each.kind === Kind.FIELD && each.selectionSet && isObjectType(type)) {
      const inner = getNamedType(type.getFields()[each.name.value]!.type);
      if (!isCompositeType(inner)) continue;
      const below = costOfSet(schema, inner, each.selectionSet, variables);
      // An amount and what only wraps a list count nothing.
      if (/^(MoneyV2|MoneyBag|PageInfo)$|Edge$/.test(inner.name)) cost += below;
      else if (inner.name.endsWith('Connection')) cost += 2 + Math.ceil(below * Math.log2(sizeOf(each, variables) + 1));
      else cost += 1 + below;
    }
  }
  return cost;
}

function sizeOf({ arguments: given = [] }: FieldNode, variables: Record<string, unknown>): number {
  const value = given.find(({ name }) => name.value === 'first')?.value;
  if (value?.kind === Kind.INT) return Number(value.value);
  return value?.kind === Kind.VARIABLE ? Number(variables[value.name.value]) : 1;
}
