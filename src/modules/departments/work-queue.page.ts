import type { GraphContext } from '../../graph/context.js';
import { DEFAULT_PAGE, MAX_PAGE } from '../../graph/paging.js';
import { badInput } from '../../shared/failures.js';
import { WorkItemType, type WorkRow } from './work-item.type.js';
import { workCounts } from './work-queue.loaders.js';
import { selectWorkPage, type WorkPlace } from './work-queue.queries.js';
import { WorkItemConnection, type WorkPageArgs, type WorkQueueType } from './work-queue.type.js';

/** Reads one page of a queue; what is counted is counted only when it is asked for. */
export async function workPage(
  context: GraphContext,
  { of: department, assigneeId }: WorkQueueType,
  { kinds, first, after }: WorkPageArgs,
): Promise<WorkItemConnection> {
  if (first != null && (first < 0 || first > MAX_PAGE)) throw badInput('first', `0 to ${MAX_PAGE}`, first);
  const limit = first ?? DEFAULT_PAGE;
  const place = after == null ? null : placeOf(after);
  const wanted = { department, kinds: kinds ?? null, assigneeId };
  const rows = await context.db.read(selectWorkPage(wanted, place, limit + 1));
  const items = rows.slice(0, limit);
  const edges = items.map((row) => ({ cursor: cursorOf(row), node: new WorkItemType(row, department) }));
  const pageInfo = {
    hasNextPage: rows.length > limit,
    hasPreviousPage: place !== null,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  const count = async (): Promise<number> => {
    const counts = await context.load(workCounts, { department, assigneeId });
    return counts.filter(({ kind }) => kinds?.includes(kind) ?? true).reduce((sum, each) => sum + each.count, 0);
  };
  return new WorkItemConnection({ edges, pageInfo, count });
}

function cursorOf({ rank, opened_at: openedAt, id }: WorkRow): string {
  return Buffer.from(JSON.stringify([rank, openedAt, String(id)])).toString('base64url');
}

const INSTANT = /^[-\d :.+TZ]{1,40}$/;
const ID = /^\d{1,19}$/;

function placeOf(cursor: string): WorkPlace {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const [rank, openedAt, id] = Array.isArray(parts) && parts.length === 3 ? (parts as unknown[]) : [];
  const isPlace =
    (rank === 0 || rank === 1 || rank === 2 || rank === 3) &&
    typeof openedAt === 'string' &&
    INSTANT.test(openedAt) &&
    !Number.isNaN(Date.parse(openedAt)) &&
    typeof id === 'string' &&
    ID.test(id);
  if (!isPlace) throw badInput('after', 'a cursor that this list gave out', cursor);
  return { rank, openedAt, id };
}
