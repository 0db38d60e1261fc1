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
 * Where a walk stands: behind a time, and where more items than a page have that very time, so many behind it. No page
 * is counted from the start of the list: an item that changes meanwhile moves to its end, and would pull one that was
 * not read yet over the edge of a page that was.
 */
const placeShape = z.strictObject({ part: z.int(), at: z.int(), skip: z.int(), stalls: z.int() });
type Place = z.infer<typeof placeShape>;

/** One page of the parts, one behind the other. */
export async function step(parts: readonly Part[], cursor: string | null): Promise<PulledPage> {
  const place = cursor === null ? beginning(parts, 0) : placeShape.parse(JSON.parse(cursor));
  const part = parts[place.part];
  if (!part) throw new ConnectorFailure('unexpected_shape', `cursor: there is no part ${place.part}`);
  const { field, filter = {}, size } = part;
  const { items, totalItems } = await part.list({
    take: size,
    skip: place.skip,
    sort: { [field]: 'ASC', id: 'ASC' },
    filter: { ...filter, [field]: { after: new Date(place.at).toISOString() } },
  });
  const next = placeBehind(parts, place, { items, totalItems });
  const isOnly = parts.length === 1 && cursor === null;
  return {
    records: items.flatMap(({ records }) => records),
    next: next && JSON.stringify(next),
    ...(isOnly && { total: totalItems }),
  };
}

function beginning(parts: readonly Part[], part: number): Place {
  return { part, at: parts[part]!.since?.getTime() ?? 0, skip: 0, stalls: 0 };
}

function placeBehind(
  parts: readonly Part[],
  place: Place,
  { items, totalItems }: { items: readonly Item[]; totalItems: number },
): Place | null {
  const { at, skip, stalls } = place;
  const times = items.map((item) => item.at.getTime());
  const hasMore = totalItems > skip + items.length;
  // A page that was not asked for, or one with nothing on it though there is more: what it says of the rest is as good.
  if (times.some((time) => time < at) || (items.length === 0 && hasMore)) {
    if (stalls < MOST_STALLS) return { ...place, stalls: stalls + 1 };
    throw new ConnectorFailure(
      'transient',
      `list: nothing new behind ${new Date(at).toISOString()}, and yet more to come`,
    );
  }
  if (!hasMore) return place.part + 1 < parts.length ? beginning(parts, place.part + 1) : null;
  // Times are kept finer than they are told: the last one's millisecond is read again.
  const reached = Math.max(...times) - 1;
  return reached > at
    ? { ...place, at: reached, skip: 0, stalls: 0 }
    : { ...place, skip: skip + items.length, stalls: 0 };
}
