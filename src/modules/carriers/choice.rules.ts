import type { Money } from '../../shared/money.js';
import { minorOfAmount, moneyOfMinor } from '../../shared/money.js';

export const PREFERENCES = ['CHEAPEST', 'FASTEST'] as const;
export type Preference = (typeof PREFERENCES)[number];

/** For which shipments a rule is; what is left out or empty holds for all. */
export interface Conditions {
  countries?: string[];
  /** Codes in the country, as in addresses. */
  regions?: string[];
  channels?: string[];
  weightOverGrams?: number | null;
  weightUpToGrams?: number | null;
  /** Of the order; an order in another currency is not meant. */
  valueOver?: Money | null;
  valueUpTo?: Money | null;
  /** Delivery is asked for within so many days. */
  requestedWithinDays?: number | null;
}
/** What a rule does with the offers. Carriers are named as "USPS", or with a service as "USPS/Express". */
export interface Effect {
  exclude?: string[];
  mostDays?: number | null;
  mostPrice?: Money | null;
  prefer?: Preference | null;
  /** Before all others, the first of them first. */
  preferCarriers?: string[];
}
export interface ChoiceRule {
  code: string;
  priority: number;
  conditions: Conditions;
  effect: Effect;
}

/** What rules look at of a shipment. */
export interface ShipmentFacts {
  country: string;
  region: string | null;
  channel: string;
  weightGrams: number;
  valueMinor: bigint;
  currency: string;
  /** Days until delivery is asked for; null where nobody asks. */
  requestedDays: number | null;
}
export interface OfferFacts {
  carrier: string;
  service: string;
  priceMinor: bigint;
  currency: string;
  deliveryDays: number | null;
}
export interface Judged<Offer> {
  offer: Offer;
  isKept: boolean;
  isChosen: boolean;
  reasons: string[];
}

/**
 * Says of each offer whether it is kept, which one is chosen, and why; the chosen one first, what was dropped last. Every
 * rule that fits may drop offers; the first that prefers something decides among those that are left, else the cheapest
 * is taken. Where delivery is asked for by a day, what is there in time goes before what is not. Offers in another
 * currency than the order’s cannot be compared, and come behind.
 */
export function judgeOffers<Offer extends OfferFacts>(
  offers: readonly Offer[],
  facts: ShipmentFacts,
  rules: readonly ChoiceRule[],
): Judged<Offer>[] {
  const fitting = rules.filter((rule) => fits(rule.conditions, facts)).toSorted(byPriority);
  const deciding = fitting.find(({ effect }) => effect.prefer || (effect.preferCarriers?.length ?? 0) > 0);
  const judged = offers.map((offer) => ({ offer, drops: fitting.flatMap((rule) => dropsOf(rule, offer)) }));
  const kept = judged.filter(({ drops }) => drops.length === 0).map(({ offer }) => offer);
  const ranked = kept.toSorted((a, b) => compareKeys(keyOf(a, facts, deciding), keyOf(b, facts, deciding)));
  const said = (offer: Offer, place: number) => reasonsOf(offer, facts, deciding, place === 0 ? null : ranked[0]!);
  return [
    ...ranked.map((offer, place) => ({
      offer,
      isKept: true,
      isChosen: place === 0,
      reasons: [place === 0 ? 'chosen' : 'kept', ...said(offer, place)],
    })),
    ...judged
      .filter(({ drops }) => drops.length > 0)
      .map(({ offer, drops }) => ({ offer, isKept: false, isChosen: false, reasons: drops })),
  ];
}

/** Whether a rule is for such a shipment. */
export function fits(conditions: Conditions, facts: ShipmentFacts): boolean {
  const { weightOverGrams, weightUpToGrams, valueOver, valueUpTo, requestedWithinDays } = conditions;
  return (
    isAmong(conditions.countries, facts.country) &&
    isAmong(conditions.regions, facts.region) &&
    isAmong(conditions.channels, facts.channel) &&
    (weightOverGrams == null || facts.weightGrams > weightOverGrams) &&
    (weightUpToGrams == null || facts.weightGrams <= weightUpToGrams) &&
    isWithin(valueOver, facts, (value, bound) => value > bound) &&
    isWithin(valueUpTo, facts, (value, bound) => value <= bound) &&
    (requestedWithinDays == null || (facts.requestedDays !== null && facts.requestedDays <= requestedWithinDays))
  );
}

/** "USPS" names all of a carrier’s services, "USPS/Express" one; small and capital letters are the same. */
export function names(carrier: string, offer: Pick<OfferFacts, 'carrier' | 'service'>): boolean {
  const [own, whole] = [offer.carrier, `${offer.carrier}/${offer.service}`].map((text) => text.toLowerCase());
  return carrier.toLowerCase() === own || carrier.toLowerCase() === whole;
}

function byPriority(a: ChoiceRule, b: ChoiceRule): number {
  return a.priority - b.priority || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
}

function isAmong(allowed: string[] | undefined, value: string | null): boolean {
  if (!allowed || allowed.length === 0) return true;
  return value !== null && allowed.some((each) => each.toLowerCase() === value.toLowerCase());
}

function isWithin(
  bound: Money | null | undefined,
  { valueMinor, currency }: ShipmentFacts,
  holds: (value: bigint, bound: bigint) => boolean,
): boolean {
  if (bound == null) return true;
  return bound.currency === currency && holds(valueMinor, minorOfAmount(bound.amount, currency)!);
}

function dropsOf({ code, effect }: ChoiceRule, offer: OfferFacts): string[] {
  const { exclude = [], mostDays, mostPrice } = effect;
  const drops: string[] = [];
  const excluded = exclude.find((carrier) => names(carrier, offer));
  if (excluded !== undefined) drops.push(`dropped by ${code}: ${excluded} is excluded`);
  if (mostDays != null && (offer.deliveryDays === null || offer.deliveryDays > mostDays))
    drops.push(`dropped by ${code}: ${daysOf(offer)}, at most ${mostDays} are allowed`);
  if (mostPrice != null && mostPrice.currency === offer.currency) {
    const most = minorOfAmount(mostPrice.amount, mostPrice.currency)!;
    if (offer.priceMinor > most)
      drops.push(`dropped by ${code}: costs ${amountOf(offer)}, at most ${mostPrice.amount} is allowed`);
  }
  return drops;
}

/** What is smaller at the first place where two differ goes first. */
type Key = readonly (number | bigint | string)[];

function keyOf(offer: OfferFacts, facts: ShipmentFacts, deciding: ChoiceRule | undefined): Key {
  const { prefer, preferCarriers = [] } = deciding?.effect ?? {};
  const place = preferCarriers.findIndex((carrier) => names(carrier, offer));
  const price = [offer.currency === facts.currency ? 0 : 1, offer.priceMinor];
  const days = offer.deliveryDays ?? Number.MAX_SAFE_INTEGER;
  return [
    isInTime(offer, facts) ? 0 : 1,
    place < 0 ? preferCarriers.length : place,
    ...(prefer === 'FASTEST' ? [days, ...price] : [...price, days]),
    `${offer.carrier}/${offer.service}`,
  ];
}

function compareKeys(a: Key, b: Key): number {
  for (const [index, left] of a.entries()) {
    const right = b[index]!;
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return 0;
}

function isInTime(offer: OfferFacts, { requestedDays }: ShipmentFacts): boolean {
  return requestedDays === null || (offer.deliveryDays !== null && offer.deliveryDays <= requestedDays);
}

function reasonsOf(
  offer: OfferFacts,
  facts: ShipmentFacts,
  deciding: ChoiceRule | undefined,
  chosen: OfferFacts | null,
): string[] {
  const { prefer, preferCarriers = [] } = deciding?.effect ?? {};
  const by = deciding ? `by ${deciding.code}` : 'where no rule says otherwise';
  const preferred = preferCarriers.find((carrier) => names(carrier, offer));
  const isCompared = offer.currency === facts.currency;
  return [
    ...(facts.requestedDays === null || isInTime(offer, facts)
      ? []
      : [`${daysOf(offer)}, delivery is asked for within ${facts.requestedDays}`]),
    ...(preferred === undefined ? [] : [`${preferred} is preferred ${by}`]),
    ...(isCompared ? [] : [`its price is in ${offer.currency}, the order in ${facts.currency}`]),
    ...(chosen === null ? [`the ${prefer === 'FASTEST' ? 'fastest' : 'cheapest'} goes first ${by}`] : []),
    ...(chosen !== null && chosen.currency === offer.currency ? [differenceOf(offer, chosen)] : []),
  ];
}

function differenceOf(offer: OfferFacts, chosen: OfferFacts): string {
  const more = offer.priceMinor - chosen.priceMinor;
  const { amount } = moneyOfMinor((more < 0n ? -more : more).toString(), offer.currency);
  const than = more === 0n ? 'the same as' : `${amount} ${offer.currency} ${more > 0n ? 'more' : 'less'} than`;
  return `costs ${than} ${chosen.carrier} ${chosen.service}, ${daysOf(offer)}`;
}

function daysOf({ deliveryDays }: OfferFacts): string {
  if (deliveryDays === null) return 'takes nobody knows how many days';
  return `takes ${deliveryDays} ${deliveryDays === 1 ? 'day' : 'days'}`;
}

function amountOf({ priceMinor, currency }: OfferFacts): string {
  return moneyOfMinor(priceMinor.toString(), currency).amount;
}
