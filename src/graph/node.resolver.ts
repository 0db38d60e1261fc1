import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { parseTypeId } from '../shared/ids.js';
import { badInput } from '../shared/failures.js';
import { Allow, EVERYONE } from './access.js';
import type { GraphContext, ServiceKey } from './context.js';
import { MAX_PAGE } from './paging.js';
import { mayFind, Node, type NodeSource } from './node.js';

export const nodeSources: ServiceKey<Map<string, NodeSource>> = { name: 'nodes' };

@Resolver()
export class NodeResolver {
  @Allow(EVERYONE)
  @Query(() => Node, {
    nullable: true,
    description: 'A record by its id; null where there is none that the viewer may see.',
  })
  node(
    @Arg('id', () => ID, { description: 'As the record gave it.' }) id: string,
    @Ctx() context: GraphContext,
  ): Promise<object | null> {
    return findNode(id, context);
  }

  @Allow(EVERYONE)
  @Query(() => [Node], {
    nullable: 'items',
    description: 'Records by their ids, in the same order; null where there is none that the viewer may see.',
  })
  nodes(
    @Arg('ids', () => [ID], { description: `At most ${MAX_PAGE}.` }) ids: string[],
    @Ctx() context: GraphContext,
  ): Promise<(object | null)[]> {
    if (ids.length > MAX_PAGE) throw badInput('ids', `at most ${MAX_PAGE}`, ids.length);
    return Promise.all(ids.map((id) => findNode(id, context)));
  }
}

/** The record behind any id, if the viewer may see it. */
export async function findNode(id: string, context: GraphContext): Promise<object | null> {
  const parsed = parseTypeId(id);
  const source = parsed && context.service(nodeSources).get(parsed.prefix);
  if (!source || !mayFind(context.viewer, source)) return null;
  return source.find(parsed.id, context);
}
