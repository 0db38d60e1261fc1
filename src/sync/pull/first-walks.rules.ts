import type { PullDefinition, RecordKind } from '../../connect/index.js';

/** What rests on nothing first; a parcel on its order, an order on its customer, its goods and what is there of them. */
const RANK: Record<RecordKind, number> = {
  customer: 0,
  product: 0,
  contact: 1,
  stock: 1,
  quote: 2,
  order: 3,
  shipment: 4,
  payment: 4,
};

/** The streams of a connector whose records those of a stream may rest on. */
export function streamsToAwait(
  streams: ReadonlyMap<string, Pick<PullDefinition<unknown, unknown>, 'of'>>,
  stream: string,
): string[] {
  const rank = RANK[streams.get(stream)!.of];
  return [...streams].filter(([, { of }]) => RANK[of] < rank).map(([name]) => name);
}
