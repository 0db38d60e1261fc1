import { badInput } from '../../shared/failures.js';
import type { GraphContext } from '../context.js';
import { mayFind, type NodeSource } from '../node.js';
import { findNode } from '../node.resolver.js';
import { MAX_PAGE } from '../paging.js';

/** Finds the records that other graphs refer to: with the same eyes as `node`, and by the same loaders. */
export class Entities {
  readonly #second: ReadonlyMap<string, NodeSource>;

  constructor(
    private readonly types: readonly string[],
    sources: readonly NodeSource[],
  ) {
    this.#second = new Map(sources.flatMap((source) => (source.key ? [[source.key.type, source]] : [])));
  }

  /** For each type, the fields of which one names a record. */
  keys(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.types.map((type) => [type, ['id', ...this.#secondKey(type)]]));
  }

  /** In the order of the representations; null where there is none that the viewer may see. */
  find(representations: readonly unknown[], context: GraphContext): Promise<(object | null)[]> {
    if (representations.length > MAX_PAGE) {
      throw badInput('representations', `at most ${MAX_PAGE}`, representations.length);
    }
    // All are looked at before any is read: what is wrong is wrong with the request as a whole.
    return Promise.all(representations.map((one) => this.#reader(one)).map((read) => read(context)));
  }

  #reader(representation: unknown): (context: GraphContext) => Promise<object | null> {
    const { __typename: type, ...fields } = (representation ?? {}) as Record<string, unknown>;
    if (typeof type !== 'string' || !this.types.includes(type)) {
      throw badInput('representations', 'each with the `__typename` of a type that has a key', representation);
    }
    const { id } = fields;
    if (typeof id === 'string') return (context) => findOfType(type, id, context);
    const source = this.#second.get(type);
    const value = source?.key && fields[source.key.field];
    if (source?.key && typeof value === 'string') {
      const { find } = source.key;
      return (context) => (mayFind(context.viewer, source) ? find(value, context) : Promise.resolve(null));
    }
    const wanted = ['id', ...this.#secondKey(type)].join(' or ');
    throw badInput('representations', `${type} with the text of its ${wanted}`, representation);
  }

  #secondKey(type: string): string[] {
    const key = this.#second.get(type)?.key;
    return key ? [key.field] : [];
  }
}

/** An id says its type itself: one of another type names no record of this one. */
async function findOfType(type: string, id: string, context: GraphContext): Promise<object | null> {
  const found = await findNode(id, context);
  return (found as { __typename?: string } | null)?.__typename === type ? found : null;
}
