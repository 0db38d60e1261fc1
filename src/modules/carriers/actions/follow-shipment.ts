import { Refusal } from '../../../shared/failures.js';
import { parseInstant } from '../../../shared/clock.js';
import { carrierProviders, type CarrierReport, type Tracked } from '../provider.js';
import { lookAgain, nextLook } from '../tracking.rules.js';
import { noteLook, postponeLook, selectReports, selectWatch, type WatchRow } from '../watch.queries.js';
import type { CarrierParts } from './carry-out-rating.js';
import { takeReport } from './take-report.js';

/**
 * Asks the carrier where a shipment is and writes down what is new. To be called outside of any transaction; harmless
 * when called again or at the same time. Null where the carrier has answered, else why not; it is asked again later.
 */
export async function followShipment(parts: CarrierParts, shipmentId: string): Promise<string | null> {
  const watch = await parts.db.readOne(selectWatch(shipmentId));
  if (!watch) return null;
  const tracked = await ask(parts, watch);
  if (typeof tracked === 'string') {
    await postpone(parts, watch);
    return tracked;
  }
  const known = new Set((await parts.db.read(selectReports(shipmentId))).map(nameOf));
  const reports = tracked.reports.filter((report) => !known.has(nameOf(report)));
  for (const report of reports.toSorted((a, b) => a.at.getTime() - b.at.getTime())) await take(parts, watch, report);
  const { db, clock } = parts;
  await db.transaction('note-look', async (tx) => {
    const then = await tx.one(selectWatch(shipmentId));
    if (!then) return;
    const now = clock.now();
    const next = nextLook(then.status, parseInstant(then.created_at), now)?.toISOString() ?? null;
    tx.defer(noteLook(shipmentId, watch.tracker, tracked.tracker, now.toISOString(), next));
  });
  return null;
}

function nameOf({ status, at }: { status: string; at: string | Date }): string {
  return `${status} ${(typeof at === 'string' ? parseInstant(at) : at).toISOString()}`;
}

/** Why not, where it does not answer. */
async function ask({ service, log }: CarrierParts, watch: WatchRow): Promise<Tracked | string> {
  const facts = { provider: watch.provider, shipment: watch.number };
  const provider = service(carrierProviders).get(watch.provider);
  if (!provider) {
    log.warn(facts, 'a shipment is followed by a provider that this hub does not ask');
    return `${watch.provider} is not asked by this hub`;
  }
  try {
    const { tracker, tracking_number: trackingNumber, carrier } = watch;
    return await provider.track({ tracker, trackingNumber, carrier });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no error was given';
    log.warn({ ...facts, reason }, 'a carrier did not say where a shipment is; it is asked again');
    return `${watch.provider} has not said where the shipment is: ${reason}`.slice(0, 500);
  }
}

/** What the hub refuses to believe is told at each look, until it can be taken. */
async function take(parts: CarrierParts, watch: WatchRow, report: CarrierReport): Promise<void> {
  const { db, clock, log, actor, service } = parts;
  try {
    await db.transaction('take-report', (tx) =>
      takeReport({ tx, now: clock.now(), actor, customerId: null, service }, watch, report),
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const facts = { shipment: watch.number, status: report.status, reason: error.message };
    log.warn(facts, 'a carrier reports what the shipment cannot be; it is tried again with the next look');
  }
}

async function postpone({ db, clock }: CarrierParts, { shipment_id: id, tries }: WatchRow): Promise<void> {
  const again = lookAgain(clock.now(), tries).toISOString();
  await db.transaction('postpone-look', async (tx) => {
    tx.defer(postponeLook(id, again));
  });
}
