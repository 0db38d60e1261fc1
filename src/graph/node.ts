import { Field, ID, InterfaceType } from 'type-graphql';
import type { Role, Viewer } from './access.js';
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
  key?: SecondKey;
}

/** Another unique name of a type's records. By it and by the id, other graphs of a federation refer to them. */
export interface SecondKey {
  type: string;
  field: string;
  find(value: string, context: GraphContext): Promise<object | null>;
}

export function secondKey<Value extends object | null>(
  type: string,
  field: string,
  loader: LoaderDefinition<string, Value>,
): SecondKey {
  return { type, field, find: (value, context) => context.load(loader, value) };
}

export function nodeSource<Value extends object | null>(
  prefix: string,
  loader: LoaderDefinition<string, Value>,
  roles: readonly Role[],
  key?: SecondKey,
): NodeSource {
  return { prefix, roles, find: (id, context) => context.load(loader, id), ...(key && { key }) };
}

export function mayFind(viewer: Viewer, source: NodeSource): boolean {
  return viewer.roles.some((role) => source.roles.includes(role));
}
