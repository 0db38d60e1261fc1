import {
  isAbstractType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

/** For each object type, the fields of it that a document selects anywhere. */
export type Selection = ReadonlyMap<string, ReadonlySet<string>>;

/** Counts a field of an interface for each type that has it, and knows nothing of variables: it may name too much, never too little. */
export function selectionOf(schema: GraphQLSchema, document: DocumentNode): Selection {
  const selection = new Map<string, Set<string>>();
  const types = new TypeInfo(schema);
  const add = (type: string, field: string): void => {
    const fields = selection.get(type);
    if (fields) fields.add(field);
    else selection.set(type, new Set([field]));
  };
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        if (isObjectType(parent)) add(parent.name, node.name.value);
        else if (isAbstractType(parent)) {
          for (const type of schema.getPossibleTypes(parent)) add(type.name, node.name.value);
        }
      },
    }),
  );
  return selection;
}
