import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import { badInput } from '../shared/failures.js';
import type { GraphContext } from './context.js';
import {
  readCount,
  readPage,
  type Bounds,
  type Cursored,
  type ListQuery,
  type Page,
  type SortColumn,
} from './list-query.js';
import { PageInfo } from './values.type.js';

export const MAX_PAGE = 250;
export const DEFAULT_PAGE = 50;

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many from the start of the list; at most ${MAX_PAGE}, ${DEFAULT_PAGE} if neither is given.`,
  })
  first?: number | null;
  @Field(() => String, { nullable: true, description: 'Only what follows this edge’s cursor.' })
  after?: string | null;
  @Field(() => Int, {
    nullable: true,
    description: `How many from the end of the list; at most ${MAX_PAGE}. Not together with \`first\`.`,
  })
  last?: number | null;
  @Field(() => String, { nullable: true, description: 'Only what comes before this edge’s cursor.' })
  before?: string | null;
}

function readBounds(args: PageArgs, sort: SortColumn): Bounds {
  const { first, last, after, before } = args;
  if (first != null && last != null) throw badInput('first', 'either `first` or `last`, not both', { first, last });
  for (const [name, value] of Object.entries({ first, last })) {
    if (value != null && (value < 0 || value > MAX_PAGE)) throw badInput(name, `0 to ${MAX_PAGE}`, value);
  }
  return {
    limit: first ?? last ?? DEFAULT_PAGE,
    backwards: last != null,
    after: after == null ? null : decodeCursor('after', after, sort),
    before: before == null ? null : decodeCursor('before', before, sort),
  };
}

/** The driver gives integers as numbers; a cursor holds text alone. */
export function encodeCursor(sort: SortColumn, row: Cursored): string {
  return Buffer.from(JSON.stringify([sort.column, String(row.cursor_value), String(row.cursor_id)])).toString(
    'base64url',
  );
}

function decodeCursor(argument: string, cursor: string, sort: SortColumn): [string, string] {
  const parts = parseCursor(cursor);
  if (!parts) throw badInput(argument, 'a cursor that this list gave out', cursor);
  if (parts[0] !== sort.column) throw badInput(argument, 'a cursor of a list in the same order', cursor);
  return [parts[1], parts[2]];
}

const VALUE = /^[\s\S]{0,1000}$/;
const ID = /^\d{1,19}$/;

function parseCursor(cursor: string): [string, string, string] | null {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!Array.isArray(parts) || parts.length !== 3 || !parts.every((part) => typeof part === 'string')) return null;
  const [column, value, id] = parts as [string, string, string];
  return VALUE.test(value) && ID.test(id) ? [column, value, id] : null;
}

export interface Edge<T> {
  cursor: string;
  node: T;
}

/** Makes its cursor when it is asked for: most documents show none. */
class PageEdge<T> implements Edge<T> {
  constructor(
    private readonly sort: SortColumn,
    private readonly row: Cursored,
    readonly node: T,
  ) {}
  get cursor(): string {
    return encodeCursor(this.sort, this.row);
  }
}

class PageFacts implements PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;

  constructor(
    page: Page<unknown>,
    private readonly edges: Edge<unknown>[],
  ) {
    this.hasNextPage = page.hasNextPage;
    this.hasPreviousPage = page.hasPreviousPage;
  }
  get startCursor(): string | null {
    return this.edges[0]?.cursor ?? null;
  }
  get endCursor(): string | null {
    return this.edges.at(-1)?.cursor ?? null;
  }
}

/** What a connection type resolves from. */
export interface ConnectionSource<T> {
  edges: Edge<T>[];
  pageInfo: PageInfo;
  count(): Promise<number>;
}

/** Reads a page and makes a connection of it; the rows are counted only when `totalCount` is selected. */
export async function connect<Row, T extends object>(
  context: GraphContext,
  list: ListQuery,
  args: PageArgs,
  toNode: (row: Row) => T,
): Promise<ConnectionSource<T>> {
  const page = await readPage<Row>(context, list, readBounds(args, list.sort));
  const edges = page.rows.map((row) => new PageEdge(list.sort, row, toNode(row)));
  return {
    edges,
    pageInfo: new PageFacts(page, edges),
    count: () => readCount(context, list),
  };
}

/** The connection and edge types of a node type, named and described as Relay has them. */
export function connectionTypes<T extends object>(name: string, node: () => ClassType<T>) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One ${name} of a page and its cursor.` })
  class EdgeClass implements Edge<T> {
    @Field(() => String, { description: 'Opaque; give it back as `after` or `before`.' })
    cursor!: string;
    @Field(() => node(), { description: 'The record itself.' })
    node!: T;
  }
  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name} records.` })
  class ConnectionClass {
    constructor(private readonly source: ConnectionSource<T>) {}
    @Field(() => [EdgeClass], { description: 'The page’s records with their cursors.' })
    get edges(): Edge<T>[] {
      return this.source.edges;
    }
    @Field(() => [node()], { description: 'The page’s records alone.' })
    get nodes(): T[] {
      return this.source.edges.map((edge) => edge.node);
    }
    @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
    get pageInfo(): PageInfo {
      return this.source.pageInfo;
    }
    @Field(() => Int, { description: 'How many records the whole list has; counted only when selected.' })
    totalCount(): Promise<number> {
      return this.source.count();
    }
  }
  return ConnectionClass;
}
