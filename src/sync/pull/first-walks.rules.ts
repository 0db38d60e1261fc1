import type { Connector, RecordKind } from '../../connect/index.js';

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

type Streams = Pick<Connector, 'pull' | 'push'>;

/** The streams of a connector whose records those of a stream may rest on. */
export function streamsToAwait(connector: Streams, stream: string): string[] {
  return ranked(connector, (rank) => rank < rankIn(connector, stream));
}

/** Those whose records may rest on the stream's. */
export function streamsThatAwait(connector: Streams, stream: string): string[] {
  return ranked(connector, (rank) => rank > rankIn(connector, stream));
}

/**
 * None of a system that is told what there is: what it has sent so far was never counted here, so that its orders are not
 * to wait for products which would ask for that.
 */
function ranked({ pull, push }: Streams, fits: (rank: number) => boolean): string[] {
  if ([...push.values()].some(({ of }) => of === 'stock')) return [];
  return [...pull].filter(([, { of }]) => fits(RANK[of])).map(([name]) => name);
}

function rankIn({ pull }: Streams, stream: string): number {
  return RANK[pull.get(stream)!.of];
}
