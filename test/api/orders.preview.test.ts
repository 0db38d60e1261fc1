import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { START, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, ERRORS, eur, MONEY, refusal, type Money, type Order, type UserError } from './support/desk.js';

interface PreviewLine {
  sku: string;
  unitPrice: Money;
  listPrice: Money | null;
  available: string | null;
  reservedQuantity: string;
  backorderedQuantity: string;
  sources: { sku: string; quantity: string; location: { code: string } | null }[];
}
interface Preview {
  lines: PreviewLine[];
  promisedAt: string | null;
  [amount: string]: unknown;
}

const TOTALS = ['subtotal', 'discountTotal', 'shippingTotal', 'taxTotal', 'total'] as const;
const QUERY = `query($input: PreviewOrderInput!) { previewOrder(input: $input) { ${ERRORS} preview {
  ${TOTALS.map((name) => `${name} ${MONEY}`).join(' ')} promisedAt shippingAddress { city }
  taxLines { name rate taxable ${MONEY} amount ${MONEY} }
  lines { sku unitPrice ${MONEY} listPrice ${MONEY} available reservedQuantity backorderedQuantity
    sources { sku quantity location { code } } } } } }`;

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(() => hub.stop());

async function preview(input: object, by = desk): Promise<{ preview: Preview | null; userErrors: UserError[] }> {
  const values = { input: { channel: 'api', currency: 'EUR', ...input } };
  const answer = await by.ask<{ previewOrder: { preview: Preview | null; userErrors: UserError[] } }>(QUERY, values);
  return answer.previewOrder;
}

test('tells what the order then costs, to the cent, and writes nothing', async () => {
  const sku = await desk.product('10.00', '100');
  const { id: customerId } = await desk.customer();
  const input = {
    customerId,
    lines: [
      { sku, quantity: '1.5' },
      { sku, quantity: '3', unitPrice: eur('3.333') },
    ],
    shippingPrice: eur('7.77'),
    adjustments: [
      { kind: 'DISCOUNT', label: 'x', amount: eur('0.10') },
      { kind: 'FEE', label: 'y', amount: eur('1.01') },
    ],
  };
  const before = await desk.traces();
  const { preview: seen, userErrors } = await preview(input);
  expect(await desk.traces()).toEqual(before);
  expect(await desk.level(sku)).toMatchObject({ reserved: '0' });
  expect(userErrors).toEqual([]);
  const order = await desk.order({ ...input, confirm: true });
  for (const name of TOTALS) expect([name, seen![name]]).toEqual([name, order[name as keyof Order]]);
  expect(seen!['taxLines']).toEqual(order.taxLines);
  expect(seen).toMatchObject({ shippingAddress: { city: 'Milano' }, promisedAt: START.toISOString() });
  expect(seen!.lines.map(({ unitPrice, listPrice }) => [unitPrice, listPrice])).toEqual([
    [eur('10.00'), eur('10.00')],
    [eur('3.333'), eur('10.00')],
  ]);
});

describe('availability', () => {
  test('is what is there now, from where it would come, and what would have to wait', async () => {
    const sku = await desk.product('10.00', '3');
    await desk.stock(sku, '4', 'SECOND');
    const { preview: seen, userErrors } = await preview({
      allowBackorder: true,
      lines: [
        { sku, quantity: '5' },
        { sku, quantity: '6' },
      ],
    });
    expect(userErrors).toEqual([]);
    expect(seen!.lines).toMatchObject([
      {
        available: '7',
        reservedQuantity: '5',
        backorderedQuantity: '0',
        sources: [
          { sku, quantity: '4', location: { code: 'SECOND' } },
          { sku, quantity: '1', location: { code: 'MAIN' } },
        ],
      },
      { available: '7', reservedQuantity: '2', backorderedQuantity: '4' },
    ]);
    expect(seen!.promisedAt).toBeNull();
  });

  test('of a bundle counts what its parts make up, and what is not counted is there at once', async () => {
    const part = await desk.product('1.00', '7');
    const service = await desk.product('1.00', null, { isStocked: false, requiresShipping: false });
    await desk.done('upsertProduct', { sku: `${part}-SET`, name: 'x', components: [{ sku: part, quantity: '2' }] });
    const lines = [
      { sku: `${part}-SET`, quantity: '2' },
      { sku: service, quantity: '1' },
    ];
    const requestedDeliveryAt = '2026-03-20T00:00:00.000Z';
    const { preview: seen } = await preview({ lines, requestedDeliveryAt });
    expect(seen!.lines).toMatchObject([
      { available: '3', reservedQuantity: '2', sources: [{ sku: part, quantity: '4' }] },
      { available: null, reservedQuantity: '0', backorderedQuantity: '0', sources: [] },
    ]);
    expect(seen!.promisedAt).toBe(requestedDeliveryAt);
  });
});

describe('what would be refused', () => {
  test('is what createOrder refuses, all of it at once', async () => {
    const short = await desk.product('10.00', '0.5');
    const { id: customerId } = await desk.customer({ creditLimit: eur('1.00') });
    const input = {
      channel: 'no such',
      customerId,
      shippingAddress: { line1: 'x', city: 'y', country: 'BR' },
      lines: [
        { sku: short, quantity: '1' },
        { sku: 'no such', quantity: '1' },
      ],
    };
    const { preview: seen, userErrors } = await preview(input);
    const refused = await desk.refusals('createOrder', { currency: 'EUR', confirm: true, ...input });
    expect(userErrors.map(refusal)).toEqual(refused);
    expect(refused).toHaveLength(5);
    expect(seen!.lines).toMatchObject([{ unitPrice: eur('10.00'), backorderedQuantity: '0.5' }, { listPrice: null }]);
  });

  test('comes without a preview where the input cannot be read', async () => {
    const { preview: seen, userErrors } = await preview({ lines: [{ sku: 'x', quantity: '-1' }] });
    expect([seen, userErrors.map(refusal)]).toEqual([null, ['INVALID at lines.0.quantity']]);
    expect((await preview({ lines: [] })).userErrors.map(refusal)).toEqual(['REQUIRED at lines']);
  });
});

test('a customer previews for itself, at its own prices, and does not see from where', async () => {
  const sku = await desk.product('10.00', '5');
  await desk.done('setPrice', { sku, priceList: 'own', unitPrice: eur('8.00') });
  const [own, other] = [await desk.customer({ priceList: 'own' }), await desk.customer()];
  const buyer = await desk.customerDesk(own.id);
  const { preview: seen, userErrors } = await preview({ lines: [{ sku, quantity: '1' }] }, buyer);
  expect([seen!.lines, userErrors]).toMatchObject([[{ unitPrice: eur('8.00'), available: '5', sources: [] }], []]);
  const forbidden = {
    customerId: other.id,
    lines: [{ sku, quantity: '1', unitPrice: eur('1.00') }],
    adjustments: [{ kind: 'DISCOUNT', label: 'x', amount: eur('1.00') }],
  };
  const refused = await preview(forbidden, buyer);
  expect([refused.preview, refused.userErrors.map(refusal)]).toEqual([
    null,
    ['FORBIDDEN at adjustments', 'FORBIDDEN at lines.0.unitPrice', 'FORBIDDEN at customerId'],
  ]);
});
