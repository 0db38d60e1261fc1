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

type Streams = ReadonlyMap<string, Pick<PullDefinition<unknown, unknown>, 'of'>>;

/** The streams of a connector whose records those of a stream may rest on. */
export function streamsToAwait(streams: Streams, stream: string): string[] {
  return [...streams].filter(([, { of }]) => RANK[of] < rankIn(streams, stream)).map(([name]) => name);
}

/** Those whose records may rest on the stream's. */
export function streamsThatAwait(streams: Streams, stream: string): string[] {
  return [...streams].filter(([, { of }]) => RANK[of] > rankIn(streams, stream)).map(([name]) => name);
}

function rankIn(streams: Streams, stream: string): number {
  return RANK[streams.get(stream)!.of];
}
