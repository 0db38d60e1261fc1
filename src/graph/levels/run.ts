import { getArgumentValues, locatedError, type GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { GraphContext } from '../context.js';
import type { Column } from './column.js';
import type { Path } from './level.js';

type Facts = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation'>;

/** One answer in the making. */
export class Run {
  readonly errors: GraphQLError[] = [];
  readonly #infos = new Map<Column, GraphQLResolveInfo>();
  readonly #args = new Map<Column, Record<string, unknown>>();

  constructor(
    private readonly facts: Facts,
    readonly context: GraphContext,
    private readonly root: unknown,
    private readonly variables: Record<string, unknown>,
  ) {}

  fail(error: unknown, column: Column, path: Path): void {
    this.errors.push(locatedError(error, column.nodes, path));
  }

  /** A field's arguments are the same for all records of its level. */
  args(column: Column): Record<string, unknown> {
    let args = this.#args.get(column);
    if (!args) this.#args.set(column, (args = getArgumentValues(column.field, column.nodes[0]!, this.variables)));
    return args;
  }

  /** What a resolver may know of its place. The path names the field alone: it is one for all records of the level. */
  info(column: Column): GraphQLResolveInfo {
    let info = this.#infos.get(column);
    if (!info) {
      info = {
        ...this.facts,
        fieldName: column.field.name,
        fieldNodes: column.nodes,
        returnType: column.field.type,
        parentType: column.parent,
        path: { prev: undefined, key: column.key, typename: column.parent.name },
        rootValue: this.root,
        variableValues: this.variables,
      };
      this.#infos.set(column, info);
    }
    return info;
  }
}
