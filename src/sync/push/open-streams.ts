import type { Connector } from '../../connect/index.js';
import type { Transaction } from '../../db/transaction.js';
import type { Clock } from '../../shared/clock.js';
import { openStreams, type ConnectedRow } from './push.queries.js';

/**
 * Begins the streams by which integrations are told, from here in the event log on. `isAnew`: the systems were away, so
 * that those that are told all there is are told it again.
 */
export async function openPushStreams(
  { connectors, clock }: { connectors: ReadonlyMap<string, Connector>; clock: Clock },
  tx: Transaction,
  integrations: readonly ConnectedRow[],
  isAnew: boolean,
): Promise<void> {
  const streams = integrations.flatMap(({ id, connector }) =>
    [...(connectors.get(connector)?.push ?? [])].map(([stream, push]) => ({ id, stream, push })),
  );
  if (streams.length === 0) return;
  await tx.query(
    openStreams(
      streams.map(({ id }) => id),
      streams.map(({ stream }) => stream),
      streams.map(({ push }) => push.of),
      streams.map(({ push }) => push.tellsAllAtFirst ?? false),
      isAnew,
      clock.now().toISOString(),
    ),
  );
}
