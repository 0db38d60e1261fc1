import { Kind, parse, print, printSchema, visit, type ConstDirectiveNode, type GraphQLSchema } from 'graphql';

/** The lowest version that has what is used: any router composes it. */
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])';
/** Relay gives it to every graph alike, so that another subgraph has it too. */
const SHARED = new Set(['PageInfo']);

/** A graph as composition reads it; `keys` says for each type which of its fields name a record. */
export function subgraphSdl(schema: GraphQLSchema, keys: ReadonlyMap<string, readonly string[]>): string {
  const document = visit(parse(printSchema(schema)), {
    ObjectTypeDefinition(node) {
      const fields = keys.get(node.name.value) ?? [];
      const shareable = SHARED.has(node.name.value) ? [directive('shareable')] : [];
      return { ...node, directives: [...fields.map((field) => directive('key', field)), ...shareable] };
    },
  });
  return `${LINK}\n\n${print(document)}\n`;
}

function directive(name: string, fields?: string): ConstDirectiveNode {
  const argument = (value: string) => ({
    kind: Kind.ARGUMENT as const,
    name: { kind: Kind.NAME as const, value: 'fields' },
    value: { kind: Kind.STRING as const, value },
  });
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: fields === undefined ? [] : [argument(fields)],
  };
}
