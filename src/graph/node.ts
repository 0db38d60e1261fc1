import { Field, ID, InterfaceType } from 'type-graphql';
import type { Role } from './access.js';
import type { GraphContext, LoaderDefinition } from './context.js';

@InterfaceType('Node', { description: 'A record with an id of its own; `node` and `nodes` find it again.' })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque and typed; stays the same for the life of the record.' })
  readonly id!: string;
}

/** How `node` finds the records of one id prefix; null where there is none or the viewer may not see it. */
export interface NodeSource {
  prefix: string;
  /** Who may find these records by id at all; rows are narrowed further by the loader. */
  roles: readonly Role[];
  find(id: string, context: GraphContext): Promise<object | null>;
}

export function nodeSource<Value extends object | null>(
  prefix: string,
  loader: LoaderDefinition<string, Value>,
  roles: readonly Role[],
): NodeSource {
  return { prefix, roles, find: (id, context) => context.load(loader, id) };
}
