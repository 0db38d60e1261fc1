import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { HubProcess } from '../support/hub-process.js';
import { newKey } from '../support/hub.js';
import { brokenInvariants, queryDatabase } from '../support/invariants.js';
import { scaled } from '../support/scale.js';
import {
  CONVERT,
  CREATE_ORDER,
  makeAcceptedQuote,
  makeCustomer,
  makeProducts,
  orderInput,
  type ConvertAnswer,
  type CreateOrderAnswer,
} from '../support/shop.js';

const POINTS = ['after-first-write', 'before-commit', 'after-commit'] as const;

let database: FreshDatabase;
let survivor: HubProcess;
let customerId: string;
const ask = <Data>(query: string, variables?: object) => survivor.graph<Data>(query, variables);

beforeAll(async () => {
  database = await freshDatabase();
  survivor = await HubProcess.start({ databaseUrl: database.url });
  customerId = await makeCustomer(ask);
  await makeProducts(ask, ['KILLED'], '100000');
});
afterAll(async () => {
  await survivor.stop();
  await database.drop();
});

/** Sends the call to a hub that dies at the point; shows that it was hit and that the caller got no answer. */
async function callAndDie(dieAt: string, query: string, variables: object): Promise<void> {
  const victim = await HubProcess.start({ databaseUrl: database.url, dieAt });
  await expect(victim.graph(query, variables)).rejects.toThrow();
  await victim.gone();
  expect(victim.hits).toEqual([dieAt]);
}

describe.each(POINTS)('a hub killed %s', (point) => {
  test('converts a quote once: the retry answers the one order, another key is refused', async () => {
    for (let round = 0; round < scaled(1, 6); round += 1) {
      const { quoteId } = await makeAcceptedQuote(ask, customerId, [{ sku: 'KILLED', quantity: '3' }]);
      const input = { idempotencyKey: newKey(), quoteId };
      await callAndDie(`convertQuoteToOrder:${point}`, CONVERT, { input });
      const retry = (await ask<ConvertAnswer>(CONVERT, { input })).data.convertQuoteToOrder;
      expect(retry.userErrors).toEqual([]);
      expect(retry.replayed).toBe(point === 'after-commit');
      const again = (await ask<ConvertAnswer>(CONVERT, { input })).data.convertQuoteToOrder;
      expect(again).toEqual({ order: retry.order, replayed: true, userErrors: [] });
      const other = (await ask<ConvertAnswer>(CONVERT, { input: { ...input, idempotencyKey: newKey() } })).data;
      expect(other.convertQuoteToOrder.userErrors.map((error) => error.code)).toEqual(['QUOTE_ALREADY_CONVERTED']);
      expect(await brokenInvariants(database.url)).toEqual([]);
    }
  });

  test('places an order once and reserves its stock once', async () => {
    for (let round = 0; round < scaled(1, 6); round += 1) {
      const before = await reserved();
      const input = orderInput(customerId, [{ sku: 'KILLED', quantity: '2' }]);
      await callAndDie(`createOrder:${point}`, CREATE_ORDER, { input });
      const retry = (await ask<CreateOrderAnswer>(CREATE_ORDER, { input })).data.createOrder;
      expect(retry.userErrors).toEqual([]);
      expect(retry.replayed).toBe(point === 'after-commit');
      expect(await reserved()).toBe(before + 2);
      expect(await brokenInvariants(database.url)).toEqual([]);
    }
  });
});

test('a hub killed with calls under way loses nothing that it answered and keeps nothing by halves', async () => {
  for (let round = 0; round < scaled(2, 15); round += 1) {
    const victim = await HubProcess.start({ databaseUrl: database.url });
    const inputs = Array.from({ length: 40 }, () => orderInput(customerId, [{ sku: 'KILLED', quantity: '1' }]));
    let answered = 0;
    const calls = inputs.map(async (input) => {
      const result = await victim.graph<CreateOrderAnswer>(CREATE_ORDER, { input }).catch(() => null);
      if (!result) return null;
      answered += 1;
      if (answered === 10 + round) victim.kill();
      return result.data.createOrder.order!.id;
    });
    const first = await Promise.all(calls);
    await victim.gone();
    expect(first.filter(Boolean).length).toBeGreaterThanOrEqual(10);
    const retries = await Promise.all(inputs.map((input) => ask<CreateOrderAnswer>(CREATE_ORDER, { input })));
    retries.forEach((result, index) => {
      expect(result.data.createOrder.userErrors).toEqual([]);
      if (first[index]) expect(result.data.createOrder).toMatchObject({ order: { id: first[index] }, replayed: true });
    });
    expect(await brokenInvariants(database.url)).toEqual([]);
  }
});

async function reserved(): Promise<number> {
  const [row] = await queryDatabase<{ reserved: string }>(
    database.url,
    `select sum(reserved) as reserved from stock_level join product on product.id = product_id where sku = 'KILLED'`,
  );
  return Number(row!.reserved);
}

describe.each(POINTS.map((point) => `rule-run:${point}`))('a hub killed at %s of a rule', (dieAt) => {
  test('has done what the rule does once when the next hub has taken over', async () => {
    const code = dieAt.replace(':', '-');
    const rule = { code, triggers: [{ status: 'RECEIVED' }], actions: [{ action: 'CONFIRM_ORDER' }] };
    const upsert = (input: object) =>
      ask(
        'mutation ($input: UpsertAutomationRuleInput!) { upsertAutomationRule(input: $input) { userErrors { message } } }',
        { input: { idempotencyKey: newKey(), code, ...input } },
      );
    await upsert(rule);
    const victim = await HubProcess.start({ databaseUrl: database.url, automation: { isOn: true }, dieAt });
    const input = { ...orderInput(customerId, [{ sku: 'KILLED', quantity: '1' }]), confirm: false };
    const { order } = (await ask<CreateOrderAnswer>(CREATE_ORDER, { input })).data.createOrder;
    await victim.gone();
    expect(victim.hits).toEqual([dieAt]);
    const runs = () =>
      queryDatabase<{ status: string; moves: number }>(
        database.url,
        `select r.status, (select count(*)::int from event e where e.subject_kind = 'order' and e.subject_id = r.order_id
                              and e.type = 'STATUS_CHANGED' and e.actor_kind = 'RULE') as moves
             from automation_run r join automation_rule rule on rule.id = r.rule_id
             join orders o on o.id = r.order_id where rule.code = $1 and o.number = $2`,
        [code, order!.number],
      );
    const successor = await HubProcess.start({ databaseUrl: database.url, automation: { isOn: true } });
    await eventually('the rule to have run', async () => (await runs()).some(({ status }) => status !== 'DUE'));
    await successor.stop();
    expect(await runs()).toEqual([{ status: 'DONE', moves: 1 }]);
    expect(await brokenInvariants(database.url)).toEqual([]);
    await upsert({ isActive: false });
  });
});
