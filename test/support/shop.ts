import { newKey, type GraphAnswer } from './hub.js';

type Ask = <Data>(query: string, variables?: object) => Promise<GraphAnswer<Data>>;

export interface UserErrorAnswer {
  __typename: string;
  code: string;
  message: string;
  field: string[] | null;
}

/** Throws unless the mutation took effect, so that a set-up cannot fail unseen. */
export async function must<Data>(answer: Promise<GraphAnswer<Data>>): Promise<Data> {
  const { data, errors } = await answer;
  const payloads = Object.values((data ?? {}) as Record<string, { userErrors?: unknown[] } | null>);
  const refused = payloads.flatMap((payload) => payload?.userErrors ?? []);
  if (errors || refused.length > 0) throw new Error(`set-up failed: ${JSON.stringify(errors ?? refused)}`);
  return data;
}

/** A customer in Milan; answers its id. */
export async function makeCustomer(ask: Ask, name = 'ACME'): Promise<string> {
  const input = {
    idempotencyKey: newKey(),
    name,
    shippingAddresses: [{ line1: 'Via Roma 1', city: 'Milano', postalCode: '20121', country: 'IT' }],
  };
  const data = await must(
    ask<{ upsertCustomer: { customer: { id: string }; userErrors: unknown[] } }>(
      'mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { customer { id } userErrors { message } } }',
      { input },
    ),
  );
  return data.upsertCustomer.customer.id;
}

/** Products with a price of 10 EUR and so much stock at each of the locations. */
export async function makeProducts(ask: Ask, skus: string[], onHand: string, locations = ['MILAN']): Promise<void> {
  for (const code of locations) {
    const input = { idempotencyKey: newKey(), code };
    await must(
      ask(
        'mutation ($input: UpsertStockLocationInput!) { upsertStockLocation(input: $input) { userErrors { message } } }',
        { input },
      ),
    );
  }
  for (const sku of skus) {
    await must(
      ask('mutation ($input: UpsertProductInput!) { upsertProduct(input: $input) { userErrors { message } } }', {
        input: { idempotencyKey: newKey(), sku, name: `Product ${sku}` },
      }),
    );
    await must(
      ask('mutation ($input: SetPriceInput!) { setPrice(input: $input) { userErrors { message } } }', {
        input: { idempotencyKey: newKey(), sku, unitPrice: { amount: '10.00', currency: 'EUR' } },
      }),
    );
    for (const location of locations) {
      await must(
        ask('mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { userErrors { message } } }', {
          input: { idempotencyKey: newKey(), sku, location, setTo: onHand, kind: 'COUNT', reason: 'First count' },
        }),
      );
    }
  }
}

/** An accepted quote that charges shipping; answers its id and its lines' ids. */
export async function makeAcceptedQuote(
  ask: Ask,
  customerId: string,
  lines: { sku: string; quantity: string }[],
): Promise<{ quoteId: string; lineIds: string[] }> {
  const input = {
    idempotencyKey: newKey(),
    customerId,
    currency: 'EUR',
    validUntil: '2099-01-01T00:00:00.000Z',
    lines,
    shippingPrice: { amount: '7.00', currency: 'EUR' },
  };
  const data = await must(
    ask<{ createQuote: { quote: { id: string; lines: { id: string }[] }; userErrors: unknown[] } }>(
      'mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id lines { id } } userErrors { message } } }',
      { input },
    ),
  );
  const { id, lines: made } = data.createQuote.quote;
  await must(
    ask('mutation ($input: QuoteActionInput!) { acceptQuote(input: $input) { userErrors { message } } }', {
      input: { quoteId: id },
    }),
  );
  return { quoteId: id, lineIds: made.map((line) => line.id) };
}

export const CREATE_ORDER = `mutation ($input: CreateOrderInput!) {
  createOrder(input: $input) { order { id number } replayed userErrors { __typename code message field } }
}`;
export interface CreateOrderAnswer {
  createOrder: { order: { id: string; number: string } | null; replayed: boolean; userErrors: UserErrorAnswer[] };
}

export const CONVERT = `mutation ($input: ConvertQuoteToOrderInput!) {
  convertQuoteToOrder(input: $input) { order { id number } replayed userErrors { __typename code message field } }
}`;
export interface ConvertAnswer {
  convertQuoteToOrder: {
    order: { id: string; number: string } | null;
    replayed: boolean;
    userErrors: UserErrorAnswer[];
  };
}

export function orderInput(customerId: string, lines: { sku: string; quantity: string }[], key = newKey()) {
  return { idempotencyKey: key, channel: 'api', customerId, currency: 'EUR', confirm: true, lines };
}
