import { postponeLabel, selectLabel, type LabelRow } from '../label.queries.js';
import { isUnderWay, nextTry } from '../label.rules.js';
import { carrierProviders, type LabelAnswer } from '../provider.js';
import type { CarrierParts } from './carry-out-rating.js';
import { settleLabel } from './settle-label.js';

/**
 * Buys or cancels a label that was asked for: asks its provider, and then settles it. To be called outside of any
 * transaction; harmless when called again, and when a process dies within it: whoever carries it out next finds out what
 * became of the call.
 */
export async function carryOutLabel(parts: CarrierParts, labelId: string): Promise<LabelRow> {
  const { db, clock, log, actor, service } = parts;
  const label = (await db.readOne(selectLabel(labelId)))!;
  if (!isUnderWay(label.status)) return label;
  try {
    const answer = await ask(parts, label);
    if (answer === null) await postpone(parts, label);
    else
      await db.transaction('settle-label', (tx) =>
        settleLabel({ tx, now: clock.now(), actor, customerId: null, service }, label, answer),
      );
  } catch (error) {
    log.error({ err: error, label: labelId }, 'a label could not be settled; it is tried again');
  }
  return (await db.readOne(selectLabel(labelId)))!;
}

/** Null where nobody knows what became of the call. */
async function ask({ service, log }: CarrierParts, label: LabelRow): Promise<LabelAnswer | null> {
  const provider = service(carrierProviders).get(label.provider);
  const facts = { label: label.id, status: label.status, provider: label.provider };
  if (!provider) {
    log.warn(facts, 'a label waits for a provider that this hub does not ask');
    return null;
  }
  const call = { asked: label.asked!, rate: label.rate! };
  try {
    return await (label.status === 'CANCELING' ? provider.cancelLabel(call) : provider.buyLabel(call));
  } catch (error) {
    // The error may carry what was sent: no more than its text is logged.
    const reason = error instanceof Error ? error.message : 'no error was given';
    log.warn({ ...facts, reason }, 'a carrier did not answer; it is asked again');
    return null;
  }
}

async function postpone({ db, clock }: CarrierParts, { id, tries }: LabelRow): Promise<void> {
  const again = nextTry(clock.now(), tries + 1).toISOString();
  await db.transaction('postpone-label', async (tx) => {
    tx.defer(postponeLabel(id, again));
  });
}
