import type { Hub } from '../app.js';
import { sql } from '../db/statement.js';
import { instantText } from '../shared/clock.js';
import { confirmOrders } from './confirm-orders.js';
import { sampleShops } from './connect-sandboxes.js';
import { hasOtherRecords } from './has-other-records.js';
import { FAMILY_PRODUCTS } from './families.js';
import { liveThrough } from './live-through.js';
import { bundlesOf, catalogPart, FIRST_LOCATION, productsOf } from './make-catalog.js';
import { approvalRulesPart } from './make-approval-rules.js';
import { customersOf, customersPart } from './make-customers.js';
import { planOrders } from './plan-orders.js';
import { planQuotes } from './plan-quotes.js';
import { planWarehouse } from './plan-warehouse.js';
import { Calendar } from './plan.js';
import { repeat } from './repeat.js';
import { runSandboxes } from './run-sandboxes.js';
import { topUpStock } from './top-up-stock.js';
import { FULL, SMALL, type SampleSize } from './size.js';
import { makeOnce } from './work.js';

export { admitRoleKeys, type RoleKey } from './role-keys.js';
export { SAMPLE_SELLER } from './seller.js';
export { FULL, SMALL, type SampleSize } from './size.js';

export interface RunningSample {
  /** Ends the sandboxes and what the company does by itself; what it made remains. */
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const WORK_EVERY_MS = 2_000;

const selectOpening = sql<{ created_at: string; is_full: boolean }>(
  'sample.opening',
  `select created_at, exists (select from product where sku = $2) as is_full from stock_location where code = $1`,
);

/**
 * Makes the sample company, connects the sandboxes of the connectors and lets them sell. May be called at every start
 * and by several processes: what is there stays as it is, and a start that was killed half-way is gone on with. Does
 * nothing in a hub that has records of its own. Where `stopping` is aborted it finishes the step under way, stops what it
 * has started and throws the signal's reason; the next start goes on.
 */
export async function startSample(
  hub: Hub,
  key: string,
  size: SampleSize,
  onProgress: (message: string) => void,
  stopping?: AbortSignal,
): Promise<RunningSample> {
  if (await hasOtherRecords(hub)) {
    onProgress('no sample company: the hub has records of its own');
    return { stop: () => Promise.resolve() };
  }
  await makeCompany(hub, size, onProgress, stopping);
  const shops = await sampleShops(hub, key);
  const channels = shops.map(({ integration }) => integration);
  const sandboxes = await runSandboxes(hub, shops, stopping);
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

async function makeCompany(
  hub: Hub,
  asked: SampleSize,
  onProgress: (message: string) => void,
  stopping?: AbortSignal,
): Promise<void> {
  const opening = await hub.db.readOne(selectOpening(FIRST_LOCATION, FAMILY_PRODUCTS[0]!.sku));
  // What has begun small goes on small.
  const isSmall = opening ? !opening.is_full : asked === SMALL;
  const size = isSmall ? SMALL : asked === SMALL ? FULL : asked;
  const now = Math.floor(hub.clock.now().getTime() / MINUTE_MS) * MINUTE_MS;
  const openedAt = opening ? new Date(instantText(opening.created_at)) : new Date(now - size.days * DAY_MS);
  for (const part of [catalogPart(openedAt, size), customersPart(openedAt, size), approvalRulesPart(openedAt)]) {
    stopping?.throwIfAborted();
    if (await makeOnce(hub, part, stopping)) onProgress(`made the sample company’s ${part.name}`);
  }
  const calendar = new Calendar(openedAt, size.days);
  const customers = customersOf(size);
  const goods = { products: productsOf(size), bundles: bundlesOf(size) };
  const steps = [
    ...planOrders(calendar, size, customers, goods),
    ...planQuotes(calendar, size, customers, goods),
    ...planWarehouse(calendar),
  ];
  if (await liveThrough(hub, steps, calendar.end, onProgress, stopping))
    onProgress('made the sample company’s orders and quotes');
}
