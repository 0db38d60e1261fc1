import { expect } from '@jest/globals';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import * as operations from '../../support/generated/operations.js';
import { ADMIN_KEY, newKey, startTestHub, type TestHub } from '../../support/hub.js';
import { LiveClient } from '../../support/live-client.js';
import { makeCustomer, makeProducts } from '../../support/shop.js';
import { Desk } from './desk.js';

let hub: TestHub;
let customerId: string;

/** A hub with what the example operations name. To be called once, before any of them runs. */
export async function openShop(): Promise<{ hub: TestHub; customerId: string }> {
  hub = await startTestHub();
  await makeProducts(hub.graph, ['BRG-6204', 'GRS-EP2'], '500');
  customerId = await makeCustomer(hub.graph);
  return { hub, customerId };
}

export async function ask<Result, Variables extends object>(
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const { data, errors } = await hub.graph<Result>(print(document), variables);
  expect(errors).toBeUndefined();
  return data;
}

export interface Example {
  document: TypedDocumentNode<object, never>;
  run(): Promise<void>;
}

/** One file's entry: its variables, and what its answer must show. */
export function example<Result extends object, Variables extends object>(
  document: TypedDocumentNode<Result, Variables>,
  variables: () => Promise<Variables> | Variables,
  check: (result: Result) => void,
): Example {
  return {
    document: document as unknown as Example['document'],
    run: async () => check(await ask(document, await variables())),
  };
}

/** The same for a stream: `happen` gives it something to tell; then it is asked again behind its first cursor. */
export function stream<Result extends object, Variables extends { after?: string | null }>(
  document: TypedDocumentNode<Result, Variables>,
  field: keyof Result & string,
  check: (message: unknown) => void,
  happen: () => Promise<unknown> = () => takeOrder({ confirm: true }),
): Example {
  const run = async () => {
    const client = await LiveClient.connect(hub.hub.url.replace('http', 'ws') + '/graphql', ADMIN_KEY);
    client.subscribe('live', print(document));
    await untilListening();
    await happen();
    const [first] = await client.untilNexts('live', 2);
    const message = first!.data![field] as { cursor: string };
    check(message);
    client.subscribe('again', print(document), { after: message.cursor });
    const [next] = await client.untilNexts('again', 1);
    const { order, quote } = message as { order?: object; quote?: object };
    expect(next!.data![field]).toMatchObject({ ...(order && { order }), ...(quote && { quote }) });
    client.close();
  };
  return { document: document as unknown as Example['document'], run };
}

async function untilListening(): Promise<void> {
  for (;;) {
    const text = await (await fetch(`${hub.hub.url}/metrics`)).text();
    if (/^hub_live_subscriptions [1-9]/m.test(text)) return;
  }
}

export async function takeOrder(more: { confirm?: boolean; draft?: boolean } = {}) {
  const lines = [{ sku: 'BRG-6204', quantity: '3' }];
  const input = { idempotencyKey: newKey(), channel: 'phone', customerId, currency: 'EUR', lines, ...more };
  return (await ask(operations.PlaceOrderDocument, { input })).createOrder.order!;
}

export function onAccount(orderId: string) {
  return { idempotencyKey: newKey(), orderId, provider: 'manual', method: 'ON_ACCOUNT' as const };
}

export async function makeQuote() {
  const lines = [{ sku: 'BRG-6204', quantity: '5', discountRate: '0.1' }];
  const validUntil = '2026-04-01T00:00:00.000Z';
  const input = { idempotencyKey: newKey(), customerId, currency: 'EUR', validUntil, lines };
  return (await ask(operations.MakeQuoteDocument, { input })).createQuote.quote!;
}

export async function awaitingQuote(): Promise<string> {
  return (await new Desk(hub).awaitingQuote(customerId, 'BRG-6204')).id;
}
