import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newKey, START } from '../support/hub.js';
import type { UserError } from './support/desk.js';
import { fulfillmentOrderWalks } from './support/walks/fulfillment-order-walks.js';
import { orderWalks } from './support/walks/order-walks.js';
import { paymentWalks } from './support/walks/payment-walks.js';
import { quoteWalks } from './support/walks/quote-walks.js';
import { shipmentWalks } from './support/walks/shipment-walks.js';
import { WalkDesk } from './support/walks/walk-desk.js';
import { movesOf, refusedAs, rowsOf, rowsWalked, type Walks } from './support/walks/walk.js';

let desk: WalkDesk;
beforeAll(async () => {
  desk = await WalkDesk.open();
});
afterAll(async () => {
  expect(await desk?.close()).toEqual([]);
});
beforeEach(() => desk.test.clock.set(START));
const open = () => desk;

/** Walks all rows of one table by the graph, and asks for all that is none. */
function walksAndRefusals<Status extends string, Kept>(records: Walks<Status, Kept>): void {
  const { machine, walks, asks, unreached } = records;

  test('has a walk for each of its rows, but for those that nothing leads along yet', () => {
    expect([...rowsWalked(records), ...Object.keys(unreached)].sort()).toEqual(rowsOf(machine).sort());
  });

  const cases = walks.map(
    (walk) => [walk.path.map((status) => status ?? '(none)').join(' → '), walk.how, walk] as const,
  );
  test.each(cases)('goes %s by %s, with one event for each row', async (_, __, { path, make, step }) => {
    const [from] = path;
    const kept = await (make ? make() : records.in(from!));
    const before = from === null ? null : await records.read(kept);
    if (before) expect(before.status).toBe(from);
    await step?.(kept);
    const { status, moves } = await records.read(kept);
    expect(status).toBe(path.at(-1));
    expect(moves.slice(before?.moves.length ?? 0)).toEqual(movesOf(path));
  });

  test.each(machine.statuses)('refuses what is no row from %s, with what is allowed', async (from) => {
    const kept = await records.in(from);
    const before = await records.read(kept);
    expect(before.status).toBe(from);
    for (const ask of asks) {
      const refused = refusedAs(machine, ask, from);
      if (refused === null) continue;
      const input = { idempotencyKey: newKey(), ...(await ask.input(kept)) };
      const { userErrors } = await desk.send<{ userErrors: UserError[] }>(ask.mutation, input);
      expect({ asked: ask.mutation, userErrors }).toMatchObject({ asked: ask.mutation, userErrors: [refused] });
    }
    expect(await records.read(kept)).toEqual(before);
  });
}

describe('an order', () => walksAndRefusals(orderWalks(open)));
describe('a payment', () => walksAndRefusals(paymentWalks(open)));
describe('a fulfillment order', () => walksAndRefusals(fulfillmentOrderWalks(open)));
describe('a shipment', () => walksAndRefusals(shipmentWalks(open)));
describe('a quote', () => walksAndRefusals(quoteWalks(open)));
