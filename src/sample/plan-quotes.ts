import { createQuote, expireQuotes, QUOTE_PREFIX } from '../modules/quotes/index.js';
import { typeId } from '../shared/ids.js';
import { chanceFrom, type Chance } from './chance.js';
import type { SampleCustomer } from './customers.js';
import { DEEP_DISCOUNT } from './make-approval-rules.js';
import { CONFIGURED_MOTOR } from './options.js';
import { linesOf, roadFreight, type Goods } from './plan-orders.js';
import { DAY_MS, type Calendar, type Step } from './plan.js';
import { COURSE_NAMES, courseOf, type Course } from './quote-courses.js';
import type { SampleSize } from './size.js';
import type { Scope } from './work.js';
import type { World } from './world.js';

const SEED = 20_260_304;
const DAY_MINUTES = 1_440;
const DISCOUNTS = ['0.05', '0.08', '0.1', '0.12', undefined];
/** Courses of quotes that somebody has to approve. */
const DEEP: readonly Course[] = ['rejected', 'mended', 'approved', 'waiting'];

interface Line {
  sku: string;
  quantity: string;
  discountRate?: string;
  configuration?: object[];
  recurrence?: object;
}

/** Quotes of the whole time, some of them answered and ordered, and their expiry by the clock each night. */
export function planQuotes(
  calendar: Calendar,
  size: SampleSize,
  customers: readonly SampleCustomer[],
  goods: Goods,
): Step[] {
  const chance = chanceFrom(SEED);
  const quotes = Array.from({ length: size.quotes }, (_, index) => {
    // The newest are of the last days, so that there are some of each kind that is still open.
    const day = Math.floor((index / size.quotes) * calendar.days);
    const at = calendar.at(day, 480 + chance.below(480));
    const customer = customers[chance.below(customers.length)]!;
    const course = COURSE_NAMES[index % COURSE_NAMES.length]!;
    const isShippingCharged = index % 3 !== 1;
    return quoteSteps(calendar, { at, customer, course, goods, isShippingCharged }, chance);
  });
  const nights = Array.from({ length: calendar.days }, (_, day) => ({
    at: calendar.at(day + 1, 5),
    act: (scope: Scope) => expireQuotes(scope),
  }));
  return [...quotes.flat(), ...nights];
}

interface Planned {
  at: Date;
  customer: SampleCustomer;
  course: Course;
  goods: Goods;
  isShippingCharged: boolean;
}

function quoteSteps(calendar: Calendar, planned: Planned, chance: Chance): Step[] {
  const { at, customer, course, goods, isShippingCharged } = planned;
  const mild = linesOf(goods, chance).map(({ sku, quantity }): Line => {
    const discountRate = chance.oneOf(DISCOUNTS);
    return { sku, quantity: `${quantity}0`, ...(discountRate && { discountRate }) };
  });
  const validUntil = new Date(at.getTime() + (15 + chance.below(25)) * DAY_MS);
  const lines = linesFor(course, mild);
  const create: Step = {
    at,
    act: (scope, world) => make(scope, world, { at, customer, lines, validUntil, isShippingCharged }),
  };
  // Which revision a step is about: known again by the time at which it was made.
  let madeAt = at;
  const steps = courseOf(course, mild).map(({ days, isRevision, act }): Step => {
    const [about, due] = [madeAt, calendar.after(at, days * DAY_MINUTES)];
    if (isRevision) madeAt = due;
    return {
      at: due,
      act: async (scope, world) => {
        const id = world.quote(about);
        if (id === undefined) return;
        const { quoteId } = await act(scope, typeId(QUOTE_PREFIX, id), id);
        if (isRevision) world.made('quote', due, quoteId);
      },
    };
  });
  return [create, ...steps];
}

/** What is offered: some of it at a price that asks for approval, month by month, or as the customer wants it built. */
function linesFor(course: Course, mild: readonly Line[]): Line[] {
  if (DEEP.includes(course)) return mild.map((line) => ({ ...line, discountRate: DEEP_DISCOUNT }));
  if (course === 'subscribed')
    return [...mild, { sku: 'SRV-CAL', quantity: '8', recurrence: { interval: 'MONTH', termCount: 12 } }];
  return course === 'configured' ? [...mild, { ...CONFIGURED_MOTOR, quantity: '2' }] : [...mild];
}

async function make(
  scope: Scope,
  world: World,
  quote: Pick<Planned, 'at' | 'customer' | 'isShippingCharged'> & { lines: readonly Line[]; validUntil: Date },
): Promise<void> {
  const { customerId, contactId, country } = world.buyer(quote.customer.number);
  const currency = country === 'SE' ? 'SEK' : 'EUR';
  // What is chosen has its price in EUR alone.
  const lines = quote.lines.map(({ configuration, ...line }) => ({
    ...line,
    ...(configuration && currency === 'EUR' && { configuration }),
  }));
  const shipping = quote.isShippingCharged ? roadFreight(currency) : {};
  const { validUntil } = quote;
  const input = { customerId, contactId, currency, validUntil, lines: lines as never, ...shipping };
  const { quoteId } = await createQuote(scope, input);
  world.made('quote', quote.at, quoteId);
}
