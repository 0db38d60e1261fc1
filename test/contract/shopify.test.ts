import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import shopify from '../../connectors/shopify/index.js';
import { ConnectorFailure } from '../../src/connect/index.js';

// The vendor's contracts lie beside the working copy; they are not the project's to give away.
const contracts = new URL('../../../../shared/contracts/shopify/', import.meta.url);
const isThere = existsSync(contracts);
const fixtures = new URL('rest-fixtures/', contracts);
const whenThere = (title: string, run: () => void) =>
  isThere ? test(title, run) : test.skip(`${title} (skipped: no vendor contracts beside the working copy)`, run);

const webhooks = shopify.webhooks!;
const settings = { shopDomain: 'apple.myshopify.com' };

interface Vector {
  secret: string;
  body: string;
  header: string;
  valid: boolean;
}

describe('the vendor’s signature vectors', () => {
  whenThere('all come out as stated', () => {
    const { cases } = JSON.parse(readFileSync(new URL('webhook-signature-vectors.json', contracts), 'utf8')) as {
      cases: Vector[];
    };
    expect(cases.length).toBeGreaterThanOrEqual(5);
    const verdicts = cases.map(({ secret, body, header }) =>
      webhooks.verify({
        method: 'POST',
        url: 'https://hub.example/webhooks/shop',
        receivedAt: new Date('2026-03-01T21:30:07Z'),
        headers: { 'x-shopify-hmac-sha256': header },
        rawBody: Buffer.from(body),
        settings,
        credentials: { clientSecret: secret },
      }),
    );
    expect(verdicts).toEqual(cases.map(({ valid }) => valid));
  });
});

/** A body as a webhook has it: the record alone, its text untouched, since numbers must keep their digits. */
function bodyOf(file: string): Buffer {
  const text = readFileSync(new URL(file, fixtures), 'utf8');
  const value = JSON.parse(text) as Record<string, unknown>;
  if (Array.isArray(value)) return Buffer.from(JSON.stringify(value[0]));
  const [only] = Object.values(value);
  if (Object.keys(value).length !== 1 || typeof only !== 'object') return Buffer.from(text);
  const inner = text.slice(text.indexOf(':') + 1, text.lastIndexOf('}')).trim();
  return Buffer.from(Array.isArray(only) ? JSON.stringify(only[0]) : inner);
}

function outcomeOf(topic: string, body: Buffer): string {
  try {
    const [change] = webhooks.read(topic, body, settings);
    if (!change) return 'says nothing';
    const said = change.kind === 'hint' ? change : (Object.values(change)[1] as { externalId: string });
    return `taken: ${change.kind} ${said.externalId}`;
  } catch (error) {
    if (error instanceof ConnectorFailure) return `${error.kind}: ${error.message}`;
    throw error;
  }
}

const NO_TOPIC = (topic: string) => new RegExp(`^rejected: topic: expected one of .*, got "${topic}"$`);

/** What becomes of each recorded body, delivered under the topic that carries such a record. */
const TABLE: [file: string, topic: string, outcome: string | RegExp][] = [
  // Three lines of 199.00 under a line total of 398.00: one line too many, or a total of before. Nothing says which.
  ['order.json', 'orders/create', 'rejected: total_line_items_price: the order says 398.00, its lines come to 597.00'],
  // An order without its lines: nothing that could be sold or shipped.
  ['orders.json', 'orders/updated', 'unexpected_shape: line_items: expected a list, got nothing'],
  // A draft is no order yet; its lines have no ids and it states no discounts.
  [
    'draft_order.json',
    'orders/create',
    'unexpected_shape: line_items.0.id: expected an id, got nothing; line_items.1.id: expected an id, got nothing; ' +
      'total_discounts: expected a decimal amount, got nothing',
  ],
  // A list of customers is no customer; what a webhook carries is one of them.
  ['customers_search.json', 'customers/update', 'taken: customer 207119551'],
  ['fulfillment.json', 'fulfillments/create', 'taken: shipment 255858046'],
  ['inventory_level.json', 'inventory_levels/update', 'says nothing'],
  ['inventory_levels.json', 'inventory_levels/update', 'says nothing'],
  // Of the time before products had a status.
  [
    'product.json',
    'products/update',
    'unexpected_shape: status: expected one of active, unlisted, archived, draft, got nothing',
  ],
  [
    'products.json',
    'products/update',
    'unexpected_shape: status: expected one of active, unlisted, archived, draft, got nothing',
  ],
  ['refund.json', 'refunds/create', 'taken: hint 450789469'],
  ['transaction.json', 'order_transactions/create', 'taken: hint 450789469'],
  ['transactions.json', 'order_transactions/create', 'taken: hint 450789469'],
  // Records of topics that the connector does not take: refused by name, so that a needless subscription shows.
  ...Object.entries({
    'fulfillment_event.json': 'fulfillments/ready_for_pickup',
    'inventory_item.json': 'inventory_items/update',
    'location.json': 'locations/update',
    'locations.json': 'locations/update',
    'shop.json': 'shop/update',
    'variant.json': 'variants/in_stock',
  }).map(([file, topic]): [string, string, RegExp] => [file, topic, NO_TOPIC(topic)]),
  // Answers that no webhook carries, in the place of an order.
  [
    'graphql.json',
    'orders/create',
    'unexpected_shape: updated_at: expected a time, got nothing; taxes_included: expected true or false, got null; ' +
      'line_items: expected a list, got nothing; and 3 more',
  ],
  [
    'metafields.json',
    'orders/create',
    'unexpected_shape: name: expected a text, got nothing; currency: expected a text, got nothing; ' +
      'taxes_included: expected true or false, got nothing; and 4 more',
  ],
  [
    'order_risks.json',
    'orders/create',
    'unexpected_shape: name: expected a text, got nothing; created_at: expected a time, got nothing; ' +
      'updated_at: expected a time, got nothing; and 6 more',
  ],
  [
    'refund_calculate.json',
    'orders/create',
    'unexpected_shape: id: expected an id, got nothing; name: expected a text, got nothing; created_at: expected a time, got nothing; and 7 more',
  ],
];

describe('the vendor’s recorded bodies', () => {
  whenThere('all have an outcome in the table', () => {
    expect(TABLE.map(([file]) => file).sort()).toEqual(readdirSync(fixtures).sort());
  });

  for (const [file, topic, outcome] of TABLE) {
    whenThere(`${file} under ${topic}`, () => {
      const found = outcomeOf(topic, bodyOf(file));
      if (typeof outcome === 'string') expect(found).toBe(outcome);
      else expect(found).toMatch(outcome);
    });
  }

  // The one line too many taken away, the rest of order.json adds up: the older shape, its tax on the order alone.
  whenThere('order.json without its third line is taken, its tax spread over the lines', () => {
    const order = JSON.parse(bodyOf('order.json').toString()) as { line_items: unknown[] };
    order.line_items.pop();
    const [change] = webhooks.read('orders/create', Buffer.from(JSON.stringify(order)), settings);
    if (change?.kind !== 'order') throw new Error(`expected an order, got ${change?.kind}`);
    const taken = change.order;
    expect(taken.stated).toEqual({
      subtotal: '398.00',
      discountTotal: '0.00',
      shippingTotal: '0.00',
      taxTotal: '11.94',
      total: '409.94',
    });
    expect(taken.lines.map(({ sku, unitPrice, taxLines }) => [sku, unitPrice, taxLines])).toEqual([
      ['IPOD2008GREEN', '199.00', [{ name: 'State Tax', rate: '0.06', amount: '5.97' }]],
      ['IPOD2008RED', '199.00', [{ name: 'State Tax', rate: '0.06', amount: '5.97' }]],
    ]);
    expect(taken.placedAt.toISOString()).toBe('2008-01-10T16:00:00.000Z');
    expect(taken.customer).toEqual({
      externalId: '207119551',
      name: 'Bob Norman',
      kind: 'PERSON',
      email: 'bob.norman@hostmail.com',
      phone: '555-625-1199',
    });
    expect(taken.shippingAddress).toMatchObject({
      line1: 'Chestnut Street 92',
      city: 'Louisville',
      region: 'Kentucky',
      country: 'US',
    });
  });
});
