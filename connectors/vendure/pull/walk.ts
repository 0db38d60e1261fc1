import { z } from 'zod';
import { ConnectorFailure, type PulledPage, type PulledRecord } from '#connect';

const MOST_STALLS = 5;

/** What a list is asked for, in the shop's words. */
export interface ListOptions {
  take: number;
  skip: number;
  sort: Record<string, 'ASC'>;
  filter: Record<string, unknown>;
}
export interface Item {
  /** The item's time that the list is sorted by. */
  at: Date;
  records: PulledRecord[];
}
/** A list that a walk goes over, by a time that its items have. */
export interface Part {
  field: 'createdAt' | 'updatedAt' | 'orderPlacedAt';
  since: Date | null;
  filter?: Record<string, unknown>;
  size: number;
  list(options: ListOptions): Promise<{ items: Item[]; totalItems: number }>;
}

/**
 * Where a walk stands: behind a time, or so many items into the ones of the very next millisecond, where more than a page
 * have that. No page is counted from the start of the list: an item that changes meanwhile moves to its end, and would
 * pull one that was not read yet over the edge of a page that was.
 */
const placeShape = z.strictObject({ part: z.int(), at: z.int(), skip: z.int().nullable(), stalls: z.int() });
type Place = z.infer<typeof placeShape>;

/** One page of the parts, one behind the other. */
export async function step(parts: readonly Part[], cursor: string | null): Promise<PulledPage> {
  const place = cursor === null ? beginning(parts, 0) : placeShape.parse(JSON.parse(cursor));
  const part = parts[place.part];
  if (!part) throw new ConnectorFailure('unexpected_shape', `cursor: there is no part ${place.part}`);
  const { items, totalItems } = await part.list(optionsAt(part, place));
  const next = placeBehind(parts, place, { items, totalItems });
  const isOnly = parts.length === 1 && cursor === null;
  return {
    records: items.flatMap(({ records }) => records),
    next: next && JSON.stringify(next),
    ...(isOnly && { total: totalItems }),
  };
}

/** Never sorted by two fields: the server takes them in the order of its schema, whatever order they are sent in. */
function optionsAt({ field, filter = {}, size: take }: Part, { at, skip }: Place): ListOptions {
  const time = (ms: number) => new Date(ms).toISOString();
  if (skip === null) {
    return { take, skip: 0, sort: { [field]: 'ASC' }, filter: { ...filter, [field]: { after: time(at) } } };
  }
  const between = { start: time(at), end: time(at + 1) };
  return { take, skip, sort: { id: 'ASC' }, filter: { ...filter, [field]: { between } } };
}

function beginning(parts: readonly Part[], part: number): Place {
  return { part, at: parts[part]!.since?.getTime() ?? 0, skip: null, stalls: 0 };
}

function placeBehind(
  parts: readonly Part[],
  place: Place,
  { items, totalItems }: { items: readonly Item[]; totalItems: number },
): Place | null {
  const { at, skip, stalls } = place;
  const times = items.map((item) => item.at.getTime());
  const hasMore = totalItems > (skip ?? 0) + items.length;
  const isElsewhere = times.some((time) => time < at || (skip !== null && time > at + 1));
  // A page that was not asked for, or one with nothing on it though there is more: what it says of the rest is as good.
  if (isElsewhere || (items.length === 0 && hasMore)) {
    if (stalls < MOST_STALLS) return { ...place, stalls: stalls + 1 };
    const from = new Date(at).toISOString();
    throw new ConnectorFailure('transient', `list: nothing new behind ${from}, and yet more to come`);
  }
  if (skip !== null) {
    return hasMore
      ? { ...place, skip: skip + items.length, stalls: 0 }
      : { ...place, at: at + 1, skip: null, stalls: 0 };
  }
  if (!hasMore) return place.part + 1 < parts.length ? beginning(parts, place.part + 1) : null;
  // Times are kept finer than they are told: the last one's millisecond is read again.
  const reached = Math.max(...times) - 1;
  return reached > at ? { ...place, at: reached, stalls: 0 } : { ...place, skip: 0, stalls: 0 };
}
