import type { Connector } from '../../connect/index.js';

/** Streams whose records a system can list and tell one by one. */
export function comparableStreams({ pull }: Pick<Connector, 'pull'>): string[] {
  return [...pull].filter(([, { census, one }]) => census && one).map(([stream]) => stream);
}

/** No other stream has records of that kind: what the hub knows of the kind is this stream's. */
export function isOnlyOfKind({ pull }: Connector, stream: string): boolean {
  const kind = pull.get(stream)?.of;
  return [...pull.values()].filter(({ of }) => of === kind).length === 1;
}
