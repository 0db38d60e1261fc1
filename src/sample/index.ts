import type { Hub } from '../app.js';
import { confirmOrders } from './confirm-orders.js';
import { connectSandboxes } from './connect-sandboxes.js';
import { hasOtherRecords } from './has-other-records.js';
import { catalogPart } from './make-catalog.js';
import { customersPart } from './make-customers.js';
import { ordersPart } from './make-orders.js';
import { quotesPart } from './make-quotes.js';
import { repeat } from './repeat.js';
import { runSandboxes } from './run-sandboxes.js';
import { topUpStock } from './top-up-stock.js';
import { makeOnce } from './work.js';

export interface RunningSample {
  /** Ends the sandboxes and what the company does by itself; what it made remains. */
  stop(): Promise<void>;
}

const OPENED_DAYS_AGO = 30;
const DAY_MS = 86_400_000;
const WORK_EVERY_MS = 2_000;

/**
 * Makes the sample company, connects the sandboxes of the connectors and lets them sell. May be called at every start
 * and by several processes: what is there stays as it is, and a start that was killed half-way is gone on with. Does
 * nothing in a hub that has records of its own.
 */
export async function startSample(
  hub: Hub,
  key: string,
  onProgress: (message: string) => void,
): Promise<RunningSample> {
  if (await hasOtherRecords(hub)) {
    onProgress('no sample company: the hub has records of its own');
    return { stop: () => Promise.resolve() };
  }
  const now = hub.clock.now();
  const openedAt = new Date(now.getTime() - OPENED_DAYS_AGO * DAY_MS);
  const parts = [catalogPart(openedAt), customersPart(openedAt), ordersPart(now), quotesPart(now)];
  for (const part of parts) {
    if (await makeOnce(hub, part)) onProgress(`made the sample company’s ${part.name}`);
  }
  const connected = await connectSandboxes(hub, key);
  const channels = connected.map(({ integration }) => integration);
  const sandboxes = await runSandboxes(hub, connected);
  if (channels.length > 0) onProgress(`sandboxes deliver orders: ${channels.join(', ')}`);
  const endWork = repeat(WORK_EVERY_MS, hub.log, async () => {
    await topUpStock(hub);
    await confirmOrders(hub, channels);
  });
  return {
    stop: async () => {
      await Promise.all([endWork(), ...sandboxes.map((sandbox) => sandbox.stop())]);
    },
  };
}
