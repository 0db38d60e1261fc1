import { ITEM, type Desk } from './desk.js';

export interface Item {
  id: string;
  kind: string;
  department: string;
  priority: string;
  title: string;
  note: string | null;
  openedAt: string;
  dueAt: string | null;
  recordId: string;
  assignee: { id: string; name: string } | null;
  order: { id: string } | null;
  quote: { id: string } | null;
  shipment: { id: string } | null;
}

export interface Queue {
  items: Item[];
  counts: Record<string, number>;
  oldest: Record<string, string | null>;
}

const PAGE = `query($department: Department!, $assigneeId: ID, $mine: Boolean, $kinds: [WorkItemKind!], $first: Int, $after: String) {
  workQueue(department: $department, assigneeId: $assigneeId, mine: $mine) { counts { kind count oldestAt }
    items(kinds: $kinds, first: $first, after: $after) { nodes { ${ITEM} } totalCount pageInfo { hasNextPage endCursor } } } }`;

interface Page {
  workQueue: {
    counts: { kind: string; count: number; oldestAt: string | null }[];
    items: { nodes: Item[]; totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  };
}

/** A whole queue, walked page by page; throws where its counts and total are not those of its items. */
export async function queueOf(desk: Desk, department: string, more: object = {}, first = 100): Promise<Queue> {
  const items: Item[] = [];
  let page: Page['workQueue'];
  let after: string | null = null;
  do {
    page = (await desk.ask<Page>(PAGE, { department, first, after, ...more })).workQueue;
    items.push(...page.items.nodes);
    after = page.items.pageInfo.endCursor;
  } while (page.items.pageInfo.hasNextPage);
  const counts = Object.fromEntries(page.counts.map(({ kind, count }) => [kind, count]));
  const oldest = Object.fromEntries(page.counts.map(({ kind, oldestAt }) => [kind, oldestAt]));
  if (!('kinds' in more)) {
    const seen = Object.fromEntries(
      Object.keys(counts).map((kind) => [kind, items.filter((one) => one.kind === kind).length]),
    );
    if (JSON.stringify(seen) !== JSON.stringify(counts))
      throw new Error(`counted ${JSON.stringify(counts)}, saw ${JSON.stringify(seen)}`);
  }
  if (page.items.totalCount !== items.length)
    throw new Error(`a total of ${page.items.totalCount}, saw ${items.length}`);
  return { items, counts, oldest };
}
