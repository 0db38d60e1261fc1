import { sql } from '../db/statement.js';
import { convertQuoteToOrder } from '../modules/order-flow/index.js';
import {
  acceptQuote,
  createQuote,
  QUOTE_LINE_PREFIX,
  QUOTE_PREFIX,
  selectLinesOfQuotes,
  sendQuote,
} from '../modules/quotes/index.js';
import { typeId } from '../shared/ids.js';
import { findBuyers } from './buyers.js';
import { CUSTOMERS } from './customers.js';
import type { CarryOut, Part } from './work.js';

type Step = 'send' | 'accept' | 'convert' | 'convert-some';

interface PlannedQuote {
  buyer: number;
  daysAgo: number;
  steps: readonly Step[];
  lines: readonly { sku: string; quantity: string; discountRate?: string }[];
}

const DAY_MS = 86_400_000;
const STEP_MS = 3 * 3_600_000;
const VALID_DAYS = 21;

const QUOTES: readonly PlannedQuote[] = [
  {
    buyer: 7,
    daysAgo: 16,
    steps: ['send', 'accept', 'convert'],
    lines: [
      { sku: 'MTR-220', quantity: '4', discountRate: '0.08' },
      { sku: 'VFD-220', quantity: '4', discountRate: '0.08' },
    ],
  },
  {
    buyer: 3,
    daysAgo: 12,
    steps: ['send', 'accept', 'convert-some'],
    lines: [
      { sku: 'BRG-6204', quantity: '200', discountRate: '0.05' },
      { sku: 'BRG-6206', quantity: '120', discountRate: '0.05' },
    ],
  },
  {
    buyer: 10,
    daysAgo: 9,
    steps: ['send', 'accept'],
    lines: [
      { sku: 'SNS-IND12', quantity: '30', discountRate: '0.1' },
      { sku: 'CBL-4G15', quantity: '6' },
    ],
  },
  {
    buyer: 1,
    daysAgo: 6,
    steps: ['send'],
    lines: [
      { sku: 'OIL-ISO46', quantity: '24', discountRate: '0.06' },
      { sku: 'GRS-EP2', quantity: '48' },
    ],
  },
  { buyer: 8, daysAgo: 4, steps: ['send'], lines: [{ sku: 'BLT-HTD8', quantity: '60', discountRate: '0.12' }] },
  { buyer: 5, daysAgo: 2, steps: [], lines: [{ sku: 'CHN-08B', quantity: '15' }] },
  {
    buyer: 4,
    daysAgo: 1,
    steps: [],
    lines: [
      { sku: 'PLT-15', quantity: '140', discountRate: '0.03' },
      { sku: 'WTR-18', quantity: '40' },
    ],
  },
];

const findQuote = sql(
  'sample.find-quote',
  `select q.id from quote q join customer c on c.id = q.customer_id where c.number = any($1::text[]) limit 1`,
);

/** Offers in every status that a quote can have today. */
export function quotesPart(now: Date): Part {
  return {
    name: 'quotes',
    isThere: findQuote(CUSTOMERS.map(({ number }) => number)),
    async make(carryOut, tx) {
      const buyers = await findBuyers(tx);
      const validUntil = new Date(now.getTime() + VALID_DAYS * DAY_MS);
      for (const { buyer, daysAgo, steps, lines } of QUOTES) {
        const { customerId, contactId } = buyers[buyer]!;
        const madeAt = now.getTime() - daysAgo * DAY_MS;
        const input = { customerId, contactId, validUntil, currency: 'EUR', lines: [...lines] };
        const { quoteId } = await carryOut(new Date(madeAt), (scope) => createQuote(scope, input));
        for (const [index, step] of steps.entries()) {
          await takeStep(carryOut, step, quoteId, new Date(madeAt + (index + 1) * STEP_MS));
        }
      }
    },
  };
}

async function takeStep(carryOut: CarryOut, step: Step, id: string, at: Date): Promise<void> {
  const quoteId = typeId(QUOTE_PREFIX, id);
  await carryOut<object>(at, async (scope) => {
    if (step === 'send') return sendQuote(scope, { quoteId });
    if (step === 'accept') return acceptQuote(scope, { quoteId, comment: 'Accepted by e-mail' });
    if (step === 'convert') return convertQuoteToOrder(scope, { quoteId });
    const [line] = await scope.tx.query(selectLinesOfQuotes([id]));
    return convertQuoteToOrder(scope, {
      quoteId,
      lines: [{ lineId: typeId(QUOTE_LINE_PREFIX, line!.id), quantity: '80' }],
    });
  });
}
