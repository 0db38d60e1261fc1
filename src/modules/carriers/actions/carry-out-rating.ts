import type { Database } from '../../../db/database.js';
import type { ServiceKey } from '../../../graph/context.js';
import type { Actor } from '../../../shared/actor.js';
import { parseInstant, type Clock } from '../../../shared/clock.js';
import type { Log } from '../../../shared/log.js';
import { typeId } from '../../../shared/ids.js';
import { selectFittingRates, type CarrierRateRow } from '../carrier-rate.queries.js';
import { selectAllCarrierRules } from '../carrier-rule.queries.js';
import { judgeOffers, type ShipmentFacts } from '../choice.rules.js';
import { carrierProviders, MANUAL, type Quoted } from '../provider.js';
import {
  closeRating,
  insertOffers,
  selectRatedShipment,
  selectRating,
  type RatedShipmentRow,
  type RatingRow,
} from '../rating.queries.js';

/** What it takes to call a provider and to write down what came of it. */
export interface CarrierParts {
  db: Database;
  clock: Clock;
  log: Log;
  actor: Actor;
  service<T>(key: ServiceKey<T>): T;
}
type Offer = Quoted & { provider: string };

const RATING_PREFIX = 'crq';
const A_DAY_MS = 86_400_000;

/**
 * Asks every carrier what a shipment would cost and writes their offers with what the rules say of them. To be called
 * outside of any transaction; harmless when called again. A carrier that does not answer keeps no other waiting for
 * nothing: the rating says who was silent.
 */
export async function carryOutRating(parts: CarrierParts, ratingId: string): Promise<RatingRow> {
  const { db, clock } = parts;
  const rating = (await db.readOne(selectRating(ratingId)))!;
  if (rating.rated_at !== null) return rating;
  const shipment = (await db.readOne(selectRatedShipment(rating.shipment_id)))!;
  const { to_address: to } = shipment;
  const asked = await askProviders(parts, rating, shipment);
  await db.transaction('note-offers', async (tx) => {
    const own = await tx.query(selectFittingRates(to?.country ?? null, rating.parcel.weightGrams));
    const rules = (await tx.query(selectAllCarrierRules())).filter((rule) => rule.is_active);
    const facts = factsOf(shipment, rating, clock.now());
    const judged = judgeOffers([...own.map(ownOffer), ...asked.offers], facts, rules);
    const ids = judged.length === 0 ? [] : await tx.ids.take(judged.length);
    const closed = await tx.one(closeRating(ratingId, clock.now().toISOString(), asked.silent));
    if (!closed || judged.length === 0) return;
    const rows = judged.map(({ offer, isKept, isChosen, reasons }, index) => ({
      ...{ id: ids[index], provider: offer.provider, asked: offer.asked, rate: offer.rate },
      ...{ carrier: offer.carrier, service: offer.service, currency: offer.currency },
      ...{ price_minor: offer.priceMinor.toString(), delivery_days: offer.deliveryDays },
      ...{ is_kept: isKept, is_chosen: isChosen, reasons },
    }));
    tx.defer(insertOffers(ratingId, JSON.stringify(rows)));
  });
  return (await db.readOne(selectRating(ratingId)))!;
}

async function askProviders(
  { service, log }: CarrierParts,
  rating: RatingRow,
  { from_address: from, to_address: to, location }: RatedShipmentRow,
): Promise<{ offers: Offer[]; silent: string[] }> {
  const offers: Offer[] = [];
  const silent: string[] = [];
  for (const [code, provider] of service(carrierProviders)) {
    if (!from || !to) {
      silent.push(`${code} was not asked: ${from ? 'the order' : `stock location ${location}`} has no address`);
      continue;
    }
    try {
      const reference = typeId(RATING_PREFIX, rating.id);
      const quoted = await provider.rates({ reference, from, to, parcel: rating.parcel });
      offers.push(...quoted.map((each) => ({ ...each, provider: code })));
    } catch (error) {
      // The error may carry what was sent: no more than its text is logged.
      const reason = error instanceof Error ? error.message : 'no error was given';
      log.warn({ provider: code, rating: rating.id, reason }, 'a carrier gave no prices');
      silent.push(`${code} has not given prices: ${reason}`.slice(0, 500));
    }
  }
  return { offers, silent };
}

function ownOffer(row: CarrierRateRow): Offer {
  const { carrier, service, currency, delivery_days: deliveryDays } = row;
  const priceMinor = BigInt(row.price_minor);
  return { provider: MANUAL, asked: null, rate: null, carrier, service, priceMinor, currency, deliveryDays };
}

function factsOf(shipment: RatedShipmentRow, { parcel }: RatingRow, now: Date): ShipmentFacts {
  const { to_address: to, channel, currency, total_minor: total, requested_delivery_at: wanted } = shipment;
  const left = wanted === null ? null : parseInstant(wanted).getTime() - now.getTime();
  return {
    country: to?.country ?? '',
    region: to?.region ?? null,
    channel,
    weightGrams: parcel.weightGrams,
    valueMinor: BigInt(total),
    currency,
    requestedDays: left === null ? null : Math.max(0, Math.floor(left / A_DAY_MS)),
  };
}
