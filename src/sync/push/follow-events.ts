import type { Transaction } from '../../db/transaction.js';
import { addPushJobs } from '../../modules/integrations/index.js';
import { dueRecords, type DueRecord } from './due-records.js';
import { selectWaitingStreams } from './item.queries.js';
import { openPushStreams } from './open-streams.js';
import type { PushParts } from './parts.js';
import {
  lockPosition,
  markDue,
  movePosition,
  selectBehind,
  leapOver,
  selectConnected,
  selectLevelsOfProducts,
  selectQuotesOfOrders,
  SILENT,
  type FollowedRow,
} from './push.queries.js';

const BATCH = 500;
const INTEGRATION = 'integration';

/**
 * Makes due what the next events of the log ask for, and moves the hub's place in the log with it: each event does so
 * once, whichever process reads it. Answers whether more may be waiting; does nothing while another process is at it.
 */
export async function followEvents(parts: PushParts): Promise<boolean> {
  return parts.db.transaction('push-follow', async (tx) => {
    const place = await tx.one(lockPosition());
    if (!place) return false;
    const leap = await tx.one(leapOver());
    if (leap && leap.position !== place.position) return true;
    const behind = await tx.query(selectBehind(place.position, BATCH));
    if (behind.length === 0) return false;
    // What is behind the connecting of a system is told to it, what is before is not.
    const next = behind.findIndex((event, index) => index > 0 && event.subject_kind === INTEGRATION);
    const events = next === -1 ? behind : behind.slice(0, next);
    if (events[0]!.subject_kind === INTEGRATION) await integrationChanged(parts, tx, events[0]!);
    await markRecords(parts, tx, events);
    tx.defer(movePosition(events.at(-1)!.position));
    return behind.length === BATCH || next !== -1;
  });
}

/** Streams of integrations that were connected before their connector had them. */
export async function openMissingStreams(parts: PushParts): Promise<void> {
  await parts.db.transaction('push-open', async (tx) => {
    const connected = await tx.query(selectConnected());
    await openPushStreams(parts, tx, connected, false);
  });
}

async function integrationChanged(parts: PushParts, tx: Transaction, event: FollowedRow): Promise<void> {
  const integration = (await tx.query(selectConnected())).find(({ id }) => id === event.subject_id);
  if (!integration) return;
  await openPushStreams(parts, tx, [integration], event.status_from === 'DISCONNECTED');
  if (SILENT.includes(integration.status)) return;
  const waiting = await tx.query(selectWaitingStreams(integration.id));
  if (waiting.length === 0) return;
  tx.defer(
    addPushJobs(
      waiting.map((row) => row.integration_id),
      waiting.map(({ stream }) => stream),
    ),
  );
}

async function markRecords(parts: PushParts, tx: Transaction, events: readonly FollowedRow[]): Promise<void> {
  const { records, orders, products } = dueRecords(events);
  if (records.length === 0) return;
  const all = [...records, ...(await namingRecords(tx, records, orders, products))];
  const touched = await tx.query(
    markDue(
      all.map(({ kind }) => kind),
      all.map(({ id }) => id),
      all.map(({ at }) => at),
      all.map(({ teller }) => teller),
      parts.clock.now().toISOString(),
      SILENT,
    ),
  );
  if (touched.length === 0) return;
  tx.defer(
    addPushJobs(
      touched.map((row) => row.integration_id),
      touched.map(({ stream }) => stream),
    ),
  );
}

/** Records that did not change themselves, but are told with what did. */
async function namingRecords(
  tx: Transaction,
  records: readonly DueRecord[],
  orders: ReadonlyMap<string, string>,
  products: ReadonlyMap<string, string>,
): Promise<DueRecord[]> {
  const quotes = orders.size === 0 ? [] : await tx.query(selectQuotesOfOrders([...orders.keys()]));
  const levels = products.size === 0 ? [] : await tx.query(selectLevelsOfProducts([...products.keys()]));
  const naming = new Map<string, DueRecord>();
  for (const { id, quote_id: quoteId } of quotes)
    naming.set(`quote ${quoteId}`, { kind: 'quote', id: quoteId, at: orders.get(id)!, teller: null });
  for (const { id, product_id: productId } of levels)
    naming.set(`stock ${id}`, { kind: 'stock', id, at: products.get(productId)!, teller: null });
  for (const known of records) {
    const named = naming.get(`${known.kind} ${known.id}`);
    // It is there with a teller of its own; now there is another reason.
    if (named && naming.delete(`${known.kind} ${known.id}`)) known.teller = null;
  }
  return [...naming.values()];
}
