import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from '../support/hub.js';
import { Desk, eur, fresh, type Order, type Payload } from './support/desk.js';

let hub: TestHub;
let desk: Desk;
let sku: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.00', '100');
});
afterAll(() => hub.stop());

describe('text', () => {
  const LIST = `query($text: String) { quotes(filter: { text: $text }, first: 250) { nodes { id } totalCount } }`;
  async function found(text: string | null, by = desk): Promise<string[]> {
    const { quotes } = await by.ask<{ quotes: { nodes: { id: string }[]; totalCount: number } }>(LIST, { text });
    expect(quotes.totalCount).toBe(quotes.nodes.length);
    return quotes.nodes.map(({ id }) => id);
  }

  test('finds quotes by number and customer, in any case, and for a customer among its own', async () => {
    const [one, two] = [
      await desk.customer({ name: 'Officine Zanetti', email: 'acquisti@zanetti.example' }),
      await desk.customer({ name: '100%_Zink' }),
    ];
    const lines = [{ sku, quantity: '1' }];
    const mine = await desk.quote({ customerId: one.id, lines });
    const other = await desk.quote({ customerId: two.id, lines });
    expect(await found('zANEtti')).toEqual([mine.id]);
    expect(await found('acquisti@')).toEqual([mine.id]);
    expect(await found(mine.number.toLowerCase())).toEqual([mine.id]);
    expect(await found(two.number)).toEqual([other.id]);
    expect(await found('%_z')).toEqual([other.id]);
    expect(await found('of')).toEqual([mine.id]);
    expect(await found('ff')).toEqual([]);
    expect(await found(' ')).toHaveLength(2);
    expect(await found(null)).toHaveLength(2);
    expect(await found('Z', await desk.customerDesk(one.id))).toEqual([]);
    expect(await found('Q-', await desk.customerDesk(one.id))).toEqual([mine.id]);
    expect(await desk.code(LIST, { text: '--' })).toBe('BAD_USER_INPUT');
  });
});

describe('a recurring line', () => {
  test('totals its first period, adds up by interval, and becomes an order of its first period', async () => {
    const recurrence = (interval: string, termCount: number) => ({ recurrence: { interval, termCount } });
    const { id: customerId } = await desk.customer();
    const quote = await desk.acceptedQuote({
      customerId,
      lines: [
        { sku, quantity: '1' },
        { sku, quantity: '2', discountRate: '0.1', ...recurrence('YEAR', 3) },
        { sku, quantity: '3', ...recurrence('MONTH', 36) },
        { sku, quantity: '1', ...recurrence('YEAR', 5) },
      ],
    });
    expect(quote).toMatchObject({
      subtotal: eur('70.00'),
      recurringTotal: [
        { interval: 'MONTH', total: eur('30.00') },
        { interval: 'YEAR', total: eur('28.00') },
      ],
    });
    expect(quote.lines.map((line) => line.recurrence)).toEqual([
      null,
      { interval: 'YEAR', termCount: 3 },
      { interval: 'MONTH', termCount: 36 },
      { interval: 'YEAR', termCount: 5 },
    ]);
    const lines = [{ lineId: quote.lines[2]!.id, quantity: '3' }];
    const { order } = await desk.done<Payload<'order', Order>>('convertQuoteToOrder', { quoteId: quote.id, lines });
    expect(order).toMatchObject({ subtotal: eur('30.00'), lines: [{ quantity: '3' }] });
  });

  test.each([0, -1, 1_201])('of %i terms is refused', async (termCount) => {
    const { id: customerId } = await desk.customer({ name: fresh('x') });
    const lines = [{ sku, quantity: '1', recurrence: { interval: 'QUARTER', termCount } }];
    const input = { customerId, currency: 'EUR', validUntil: '2030-01-01T00:00:00Z', lines };
    expect(await desk.refusals('createQuote', input)).toEqual(['INVALID at lines.0.recurrence.termCount']);
  });
});
