import { convertQuoteToOrder } from '../modules/order-flow/index.js';
import {
  acceptQuote,
  cancelQuote,
  createQuote,
  declineQuote,
  expireQuotes,
  QUOTE_LINE_PREFIX,
  QUOTE_PREFIX,
  selectLinesOfQuotes,
  sendQuote,
} from '../modules/quotes/index.js';
import { typeId } from '../shared/ids.js';
import { chanceFrom, type Chance } from './chance.js';
import type { SampleCustomer } from './customers.js';
import { linesOf, type Goods } from './plan-orders.js';
import { DAY_MS, type Calendar, type Step } from './plan.js';
import type { SampleSize } from './size.js';
import type { Scope } from './work.js';
import type { World } from './world.js';

const SEED = 20_260_304;
const DAY_MINUTES = 1_440;
const DISCOUNTS = ['0.05', '0.08', '0.1', '0.12', undefined];

type Course = 'converted' | 'part' | 'accepted' | 'declined' | 'canceled' | 'unanswered' | 'draft';
/** What becomes of ten quotes in turn. */
const COURSES: readonly Course[] = [
  'converted',
  'unanswered',
  'part',
  'declined',
  'converted',
  'accepted',
  'draft',
  'converted',
  'canceled',
  'part',
];

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
    return quoteSteps(calendar, { at, customer, course: COURSES[index % COURSES.length]!, goods }, chance);
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
}

function quoteSteps(calendar: Calendar, { at, customer, course, goods }: Planned, chance: Chance): Step[] {
  const lines = linesOf(goods, chance).map(({ sku, quantity }) => {
    const discountRate = chance.oneOf(DISCOUNTS);
    return { sku, quantity: `${quantity}0`, ...(discountRate && { discountRate }) };
  });
  const validUntil = new Date(at.getTime() + (15 + chance.below(25)) * DAY_MS);
  const create: Step = { at, act: (scope, world) => make(scope, world, { at, customer, lines, validUntil }) };
  const later = (days: number, act: (scope: Scope, quoteId: string, id: string) => Promise<unknown>): Step => ({
    at: calendar.after(at, days * DAY_MINUTES),
    act: async (scope, world) => {
      const id = world.quote(at);
      if (id !== undefined) await act(scope, typeId(QUOTE_PREFIX, id), id);
    },
  });
  if (course === 'draft') return [create];
  if (course === 'canceled')
    return [create, later(1, (scope, quoteId) => cancelQuote(scope, { quoteId, comment: 'Superseded by a call' }))];
  const sent = [create, later(0.2, (scope, quoteId) => sendQuote(scope, { quoteId }))];
  if (course === 'unanswered') return sent;
  if (course === 'declined')
    return [...sent, later(4, (scope, quoteId) => declineQuote(scope, { quoteId, comment: 'Too dear' }))];
  const accepted = [...sent, later(3, (scope, quoteId) => acceptQuote(scope, { quoteId, comment: 'By e-mail' }))];
  if (course === 'accepted') return accepted;
  return [...accepted, later(4, course === 'converted' ? convertAll : convertFirst)];
}

async function make(
  scope: Scope,
  world: World,
  quote: { at: Date; customer: SampleCustomer; lines: object[]; validUntil: Date },
): Promise<void> {
  const { customerId, contactId, country } = world.buyer(quote.customer.number);
  const input = { customerId, contactId, currency: country === 'SE' ? 'SEK' : 'EUR', validUntil: quote.validUntil };
  const { quoteId } = await createQuote(scope, { ...input, lines: quote.lines as never });
  world.made('quote', quote.at, quoteId);
}

function convertAll(scope: Scope, quoteId: string): Promise<unknown> {
  return convertQuoteToOrder(scope, { quoteId, allowBackorder: true });
}

async function convertFirst(scope: Scope, quoteId: string, id: string): Promise<unknown> {
  const [line] = await scope.tx.query(selectLinesOfQuotes([id]));
  const lines = [{ lineId: typeId(QUOTE_LINE_PREFIX, line!.id), quantity: '1' }];
  return convertQuoteToOrder(scope, { quoteId, lines, allowBackorder: true });
}
