import {
  getArgumentValues,
  locatedError,
  type FieldNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
} from 'graphql';
import type { GraphContext } from '../context.js';

export type Path = readonly (string | number)[];

/** A field where a document selects it. */
export interface SelectedField {
  key: string;
  parent: GraphQLObjectType;
  field: GraphQLField<unknown, unknown>;
  nodes: readonly FieldNode[];
}

type Facts = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation'>;

/** One answer in the making. */
export class Run {
  readonly errors: GraphQLError[] = [];
  readonly #infos = new Map<SelectedField, GraphQLResolveInfo>();
  readonly #args = new Map<SelectedField, Record<string, unknown>>();

  constructor(
    private readonly facts: Facts,
    readonly context: GraphContext,
    private readonly root: unknown,
    private readonly variables: Record<string, unknown>,
  ) {}

  fail(error: unknown, selected: SelectedField, path: Path): void {
    this.errors.push(locatedError(error, selected.nodes, path));
  }

  /** A field's arguments are the same for all records of its level. */
  args(selected: SelectedField): Record<string, unknown> {
    let args = this.#args.get(selected);
    if (!args) this.#args.set(selected, (args = getArgumentValues(selected.field, selected.nodes[0]!, this.variables)));
    return args;
  }

  /** What a resolver may know of its place. The path names the field alone: it is one for all records of the level. */
  info(selected: SelectedField): GraphQLResolveInfo {
    let info = this.#infos.get(selected);
    if (!info) {
      info = {
        ...this.facts,
        fieldName: selected.field.name,
        fieldNodes: selected.nodes,
        returnType: selected.field.type,
        parentType: selected.parent,
        path: { prev: undefined, key: selected.key, typename: selected.parent.name },
        rootValue: this.root,
        variableValues: this.variables,
      };
      this.#infos.set(selected, info);
    }
    return info;
  }
}
