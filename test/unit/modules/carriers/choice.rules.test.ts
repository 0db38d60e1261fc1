import { describe, expect, test } from '@jest/globals';
import {
  fits,
  judgeOffers,
  type ChoiceRule,
  type Conditions,
  type Effect,
  type OfferFacts,
  type ShipmentFacts,
} from '../../../../src/modules/carriers/choice.rules.js';
import { seeded } from '../../../api/support/desk.js';

const FACTS: ShipmentFacts = {
  ...{ country: 'IT', region: 'MI', channel: 'api', weightGrams: 2000, valueMinor: 10_000n, currency: 'EUR' },
  requestedDays: null,
};
const offer = (
  carrier: string,
  service: string,
  priceMinor: bigint,
  deliveryDays: number | null,
  currency = 'EUR',
) => ({
  ...{ carrier, service, priceMinor, deliveryDays, currency },
});
const EXPRESS = offer('USPS', 'Express', 5120n, 1);
const GROUND = offer('USPS', 'Ground', 820n, 4);
const POST = offer('Post', 'parcel', 700n, null);
const OFFERS = [EXPRESS, GROUND, POST];
const rule = (code: string, effect: Effect, conditions: Conditions = {}, priority = 100): ChoiceRule => ({
  ...{ code, effect, conditions, priority },
});
const money = (amount: string, currency = 'EUR') => ({ amount, currency });
const order = (judged: { offer: OfferFacts }[]) => judged.map((each) => each.offer.service);
const chosen = (rules: ChoiceRule[], facts = FACTS, offers: OfferFacts[] = OFFERS) =>
  judgeOffers(offers, facts, rules).find(({ isChosen }) => isChosen)?.offer.service;

describe('without a rule', () => {
  test('the cheapest is chosen, and each offer says why', () => {
    expect(judgeOffers(OFFERS, FACTS, []).map(({ offer: { service }, reasons }) => [service, ...reasons])).toEqual([
      ['parcel', 'chosen', 'the cheapest goes first where no rule says otherwise'],
      ['Ground', 'kept', 'costs 1.20 EUR more than Post parcel, takes 4 days'],
      ['Express', 'kept', 'costs 44.20 EUR more than Post parcel, takes 1 day'],
    ]);
  });

  test('what is there in time goes before what is not, and what nobody knows the days of', () => {
    const judged = judgeOffers(OFFERS, { ...FACTS, requestedDays: 4 }, []);
    expect(order(judged)).toEqual(['Ground', 'Express', 'parcel']);
    expect(judged[2]!.reasons).toContain('takes nobody knows how many days, delivery is asked for within 4');
    expect(chosen([], { ...FACTS, requestedDays: 3 })).toBe('Express');
    expect(chosen([], { ...FACTS, requestedDays: 0 })).toBe('parcel');
  });

  test('an offer in another currency is behind those that can be compared', () => {
    const judged = judgeOffers([offer('X', 'dollars', 1n, 1, 'USD'), ...OFFERS], FACTS, []);
    expect(order(judged)).toEqual(['parcel', 'Ground', 'Express', 'dollars']);
    expect(judged[3]!.reasons).toEqual(['kept', 'its price is in USD, the order in EUR']);
  });

  test('of the same price the faster goes first, and then the name decides', () => {
    const offers = [offer('B', 'slow', 5n, 3), offer('B', 'fast', 5n, 2), offer('A', 'fast too', 5n, 2)];
    expect(order(judgeOffers(offers, FACTS, []))).toEqual(['fast too', 'fast', 'slow']);
  });
});

describe('a rule', () => {
  test.each<[string, Conditions, boolean]>([
    ['its country', { countries: ['DE', 'IT'] }, true],
    ['another country', { countries: ['DE'] }, false],
    ['its region, whatever the case', { regions: ['mi'] }, true],
    ['another region', { regions: ['RM'] }, false],
    ['its channel', { channels: ['api'] }, true],
    ['another channel', { channels: ['shop'] }, false],
    ['more than its weight', { weightOverGrams: 2000 }, false],
    ['less than its weight', { weightOverGrams: 1999 }, true],
    ['up to its weight', { weightUpToGrams: 2000 }, true],
    ['up to less than its weight', { weightUpToGrams: 1999 }, false],
    ['more than its value', { valueOver: money('100.00') }, false],
    ['less than its value', { valueOver: money('99.99') }, true],
    ['up to its value', { valueUpTo: money('100.00') }, true],
    ['a value in another currency', { valueUpTo: money('1000.00', 'USD') }, false],
    ['delivery that is asked for', { requestedWithinDays: 9 }, false],
    ['all of several', { countries: ['IT'], channels: ['shop'] }, false],
    ['nothing', {}, true],
  ])('for %s', (_, conditions, isFor) => {
    expect(fits(conditions, FACTS)).toBe(isFor);
    expect(chosen([rule('r', { prefer: 'FASTEST' }, conditions)])).toBe(isFor ? 'Express' : 'parcel');
  });

  test('for what is asked for within days', () => {
    expect(fits({ requestedWithinDays: 2 }, { ...FACTS, requestedDays: 2 })).toBe(true);
    expect(fits({ requestedWithinDays: 2 }, { ...FACTS, requestedDays: 3 })).toBe(false);
  });

  test('drops carriers, services, what is slow and what is dear, and says so; every rule that fits does', () => {
    const rules = [
      rule('no-post', { exclude: ['post'] }),
      rule('no-express', { exclude: ['USPS/express'] }),
      rule('quick', { mostDays: 2 }),
      rule('thrifty', { mostPrice: money('8.00') }),
      rule('in-dollars', { mostPrice: money('1.00', 'USD') }),
    ];
    const judged = judgeOffers(OFFERS, FACTS, rules);
    expect(judged.map(({ isKept, isChosen }) => [isKept, isChosen])).toEqual(OFFERS.map(() => [false, false]));
    expect(Object.fromEntries(judged.map((each) => [each.offer.service, each.reasons]))).toEqual({
      Express: [
        'dropped by no-express: USPS/express is excluded',
        'dropped by thrifty: costs 51.20, at most 8.00 is allowed',
      ],
      Ground: [
        'dropped by quick: takes 4 days, at most 2 are allowed',
        'dropped by thrifty: costs 8.20, at most 8.00 is allowed',
      ],
      parcel: [
        'dropped by no-post: post is excluded',
        'dropped by quick: takes nobody knows how many days, at most 2 are allowed',
      ],
    });
  });

  test('of smaller priority decides before others, and one without a preference leaves it to them', () => {
    const fast = rule('z-fast', { prefer: 'FASTEST' }, {}, 10);
    const ground = rule('a-ground', { preferCarriers: ['USPS/Ground', 'USPS'] }, {}, 20);
    const silent = rule('silent', { exclude: ['Nobody'] }, {}, 1);
    expect(chosen([ground, fast, silent])).toBe('Express');
    expect(chosen([ground, silent])).toBe('Ground');
    expect(order(judgeOffers(OFFERS, FACTS, [ground]))).toEqual(['Ground', 'Express', 'parcel']);
    expect(judgeOffers(OFFERS, FACTS, [ground])[0]!.reasons).toEqual([
      'chosen',
      'USPS/Ground is preferred by a-ground',
      'the cheapest goes first by a-ground',
    ]);
  });
});

test('whatever the rules: each offer is judged once with a reason, one that is kept is chosen, and their order changes nothing', () => {
  const below = seeded(27);
  const pick = <T>(values: readonly T[]) => values[below(values.length)]!;
  let dropped = 0;
  for (let round = 0; round < 300; round += 1) {
    const offers = Array.from({ length: below(6) }, (_, n) =>
      offer(pick(['A', 'B', 'C']), `s${n}`, BigInt(below(5) * 100), pick([null, 1, 2, 3]), pick(['EUR', 'EUR', 'USD'])),
    );
    const rules = Array.from({ length: below(5) }, (_, n) =>
      rule(
        `r${n}`,
        {
          ...(below(2) === 0 && { exclude: [pick(['A', 'B/s1', 'C'])] }),
          ...(below(3) === 0 && { mostDays: below(4) }),
          ...(below(3) === 0 && { mostPrice: money(`${below(5)}.00`) }),
          ...(below(2) === 0 && { prefer: pick(['CHEAPEST', 'FASTEST'] as const) }),
          ...(below(3) === 0 && { preferCarriers: [pick(['A', 'B', 'C'])] }),
        },
        below(3) === 0 ? { countries: [pick(['IT', 'DE'])] } : {},
        below(3),
      ),
    );
    const facts = { ...FACTS, requestedDays: pick([null, 0, 2]) };
    const judged = judgeOffers(offers, facts, rules);
    expect(new Set(judged.map((each) => each.offer))).toEqual(new Set(offers));
    expect(judged).toHaveLength(offers.length);
    expect(judged.filter(({ isChosen }) => isChosen)).toHaveLength(judged.some(({ isKept }) => isKept) ? 1 : 0);
    expect(judged.every(({ isChosen, isKept, reasons }) => reasons.length > 0 && (isKept || !isChosen))).toBe(true);
    expect(judgeOffers(offers.toReversed(), facts, rules.toReversed()).filter(({ isKept }) => isKept)).toEqual(
      judged.filter(({ isKept }) => isKept),
    );
    dropped += judged.filter(({ isKept }) => !isKept).length;
  }
  expect(dropped).toBeGreaterThan(50);
});
