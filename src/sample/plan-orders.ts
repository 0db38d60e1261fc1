import { cancelOrder, confirmOrder, createOrder } from '../modules/order-flow/index.js';
import {
  holdOrder,
  HoldReason,
  ORDER_LINE_PREFIX,
  ORDER_PREFIX,
  selectLinesToChange,
} from '../modules/orders/index.js';
import { typeId } from '../shared/ids.js';
import { chanceFrom, type Chance } from './chance.js';
import type { SampleBundle } from './bundles.js';
import type { SampleCustomer } from './customers.js';
import type { Calendar, Step } from './plan.js';
import type { SampleProduct } from './products.js';
import type { SampleSize } from './size.js';
import type { Scope } from './work.js';
import type { World } from './world.js';

const SEED = 20_260_301;
const DAY_MS = 86_400_000;
const CHANNELS = ['phone', 'email', 'email', 'web', 'web', 'web', 'api'] as const;
const NOTES = [
  'Please deliver before noon.',
  'Gate 3, ask for the porter.',
  'Call before delivery.',
  'One delivery, no parts.',
];
/** The newest orders, in minutes before the end: nobody has looked at them yet. */
const FRESH = [5, 14, 26, 41, 60, 85];

/** What can be ordered. */
export interface Goods {
  products: readonly SampleProduct[];
  bundles: readonly SampleBundle[];
}

interface Placed {
  at: Date;
  customer: SampleCustomer;
  channel: string;
  lines: { sku: string; quantity: string; optionalParts?: string[] }[];
  note: string | null;
  isDraft: boolean;
}

/** Orders of the whole time, busier on some days than on others, and what sales do with each. */
export function planOrders(
  calendar: Calendar,
  size: SampleSize,
  customers: readonly SampleCustomer[],
  goods: Goods,
): Step[] {
  const chance = chanceFrom(SEED);
  const workdays = Array.from({ length: calendar.days }, (_, day) => day).filter((day) => calendar.isWorkday(day));
  const settled = Array.from({ length: size.orders - FRESH.length }, () => {
    const day = chance.oneOf(workdays);
    return { at: calendar.at(day, 420 + chance.below(600)), isFresh: false };
  });
  const fresh = FRESH.map((minutes) => ({ at: calendar.beforeEnd(minutes), isFresh: true }));
  return [...settled, ...fresh].flatMap(({ at, isFresh }, index) => {
    const isDraft = isFresh && index % 3 === 0;
    const channel = isDraft ? 'phone' : chance.oneOf(CHANNELS);
    const customer = customerOf(customers, chance);
    const note = chance.below(5) === 0 ? chance.oneOf(NOTES) : null;
    const placed: Placed = { at, customer, channel, lines: linesOf(goods, chance), note, isDraft };
    const create: Step = { at, act: (scope, world) => place(scope, world, placed) };
    return isFresh ? [create] : [create, ...follow(calendar, placed, chance)];
  });
}

/** Some order again and again. */
function customerOf(customers: readonly SampleCustomer[], chance: Chance): SampleCustomer {
  const among = chance.below(3) === 0 ? Math.ceil(customers.length / 6) : customers.length;
  return customers[chance.below(among)]!;
}

function follow(calendar: Calendar, { at }: Placed, chance: Chance): Step[] {
  const confirmed = calendar.after(at, 12 + chance.below(200));
  const steps: Step[] = [step(confirmed, at, (scope, orderId) => confirmOrder(scope, { orderId }))];
  const turn = chance.below(100);
  if (turn < 4) {
    const reason = chance.oneOf(['Ordered twice by mistake', 'No longer needed', 'Found it elsewhere']);
    steps.push(step(calendar.after(confirmed, 45), at, (scope, orderId) => cancelOrder(scope, { orderId, reason })));
  } else if (turn < 7) {
    steps.push(step(calendar.after(confirmed, 70), at, cancelOne));
  } else if (turn < 9) {
    const hold = { reason: HoldReason.ADDRESS, note: 'The street has no such number' };
    steps.push(step(calendar.after(confirmed, 30), at, (scope, orderId) => holdOrder(scope, { orderId, ...hold })));
  }
  return steps;
}

function step(at: Date, placedAt: Date, act: (scope: Scope, orderId: string, id: string) => Promise<unknown>): Step {
  return {
    at,
    act: async (scope, world) => {
      const id = world.order(placedAt);
      if (id !== undefined) await act(scope, typeId(ORDER_PREFIX, id), id);
    },
  };
}

async function place(scope: Scope, world: World, placed: Placed): Promise<void> {
  const { customerId, contactId, country } = world.buyer(placed.customer.number);
  const id = await scope.tx.ids.one();
  const currency = country === 'SE' ? 'SEK' : 'EUR';
  await createOrder(scope, id, {
    channel: placed.channel,
    customerId,
    contactId,
    currency,
    lines: placed.lines,
    note: placed.note,
    placedAt: placed.at,
    purchaseOrderNumber: `PO-${placed.customer.number.slice(2)}-${placed.at.getTime() % 100_000}`,
    ...roadFreight(currency),
    requestedDeliveryAt: new Date(placed.at.getTime() + 7 * DAY_MS),
    allowBackorder: true,
    draft: placed.isDraft,
  });
  world.made('order', placed.at, id);
}

/** What the company charges for it. */
export function roadFreight(currency: string) {
  return {
    shippingMethod: 'Road freight',
    shippingPrice: { amount: currency === 'SEK' ? '210.00' : '18.00', currency },
  };
}

async function cancelOne(scope: Scope, orderId: string, id: string): Promise<void> {
  const [line] = await scope.tx.query(selectLinesToChange([id]));
  const lines = [{ lineId: typeId(ORDER_LINE_PREFIX, line!.id), quantity: '1' }];
  await cancelOrder(scope, { orderId, reason: 'One less is needed', lines });
}

export function linesOf({ products, bundles }: Goods, chance: Chance): Placed['lines'] {
  const lines = new Map<string, Placed['lines'][number]>();
  for (let count = 1 + chance.below(4); count > 0; count -= 1) {
    const product = products[chance.below(products.length)]!;
    lines.set(product.sku, { sku: product.sku, quantity: quantityOf(product, chance) });
  }
  if (chance.below(8) === 0) {
    const { sku, components } = chance.oneOf(bundles);
    const wanted = components.filter((part) => part.isOptional && chance.below(2) === 0).map((part) => part.sku);
    lines.set(sku, { sku, quantity: String(1 + chance.below(4)), optionalParts: wanted });
  }
  return [...lines.values()];
}

function quantityOf({ price }: SampleProduct, chance: Chance): string {
  const digits = price.indexOf('.');
  if (digits === 1) return chance.oneOf(['10', '20', '25', '50', '60']);
  return digits === 2 ? chance.oneOf(['4', '5', '8', '10', '20']) : chance.oneOf(['1', '1', '2', '3']);
}
