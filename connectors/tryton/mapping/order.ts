import {
  exact,
  isCurrency,
  minorOfAmount,
  minorOfQuantity,
  moneyOfMinor,
  readWire,
  rejected,
  spread,
  type Change,
  type StatedLine,
  type StatedOrder,
  type StatedTax,
} from '#connect';
import type { z } from 'zod';
import { recordUrl, type Settings } from '../settings.js';
import { decimal, id, ids, latest, list, quantity, record, stampOf, text, textOf, times, word } from '../wire/parts.js';
import { skuOf } from './goods.js';
import { hubOrderIn } from './marks.js';
import { address, wholeAddress } from './people.js';

const lineShape = record({
  id,
  type: word('line', 'subtotal', 'title', 'comment'),
  product: id.nullable(),
  'product.': record({ code: text.nullish(), name: text.nullish(), type: text.nullish() }).nullish(),
  description: text.nullish(),
  quantity: quantity.nullable(),
  unit_price: decimal.nullable(),
  amount: decimal.nullable(),
  taxes: ids,
  ...times,
});
type Line = z.infer<typeof lineShape>;
const taxShape = record({ id, name: text, type: text, rate: decimal.nullable() });
type Tax = z.infer<typeof taxShape>;

const saleShape = record({
  sale: record({
    id,
    number: text.nullable(),
    reference: text.nullish(),
    description: text.nullish(),
    comment: text.nullish(),
    state: word('draft', 'quotation', 'confirmed', 'processing', 'done', 'cancelled'),
    party: id.nullable(),
    'party.': record({ name: text.nullish() }).nullish(),
    'currency.': record({ code: text }),
    untaxed_amount: decimal,
    tax_amount: decimal,
    total_amount: decimal,
    invoice_address: id.nullish(),
    shipment_address: id.nullish(),
    ...times,
  }),
  lines: list(lineShape),
  taxes: list(taxShape),
  addresses: list(address),
});
type Document = z.infer<typeof saleShape>;

interface Priced {
  line: Line;
  taxes: Tax[];
  gross: bigint;
  net: bigint;
}

/** Sales that people make there; those that the hub told are its own orders, and are known to it by what they became. */
export function orderChanges(raw: unknown, { settings }: { settings: Settings }): Change[] {
  const document = readWire(saleShape, raw);
  const { sale } = document;
  if (hubOrderIn(sale.description) !== undefined) return [];
  if (!['confirmed', 'processing', 'done'].includes(sale.state)) return [];
  return [{ kind: 'order', order: statedOrder(document, settings) }];
}

function statedOrder(document: Document, settings: Settings): StatedOrder {
  const { sale, lines, addresses } = document;
  const currency = sale['currency.'].code;
  if (!isCurrency(currency)) throw rejected(`currency: expected an ISO 4217 code, got "${currency}"`);
  const place = (which: string | null | undefined) => {
    const found = addresses.find((each) => each.id === which);
    return (found && wholeAddress(found)) ?? undefined;
  };
  return {
    externalId: sale.id,
    ...recordUrl(settings, 'sale.sale', sale.id),
    sourceVersion: new Date(latest([sale, ...lines].map(stampOf))),
    placedAt: new Date(sale.create_date),
    channelNumber: sale.number ?? `Sale ${sale.id}`,
    purchaseOrderNumber: textOf(sale.reference),
    note: textOf(sale.comment),
    currency,
    customer:
      sale.party === null
        ? undefined
        : {
            externalId: sale.party,
            name: textOf(sale['party.']?.name) ?? `Party ${sale.party}`,
            // As the hub takes a party of which nobody says what it is, whichever of both comes first.
            kind: 'COMPANY' as const,
          },
    ...amountsOf(document, currency),
    billingAddress: place(sale.invoice_address),
    shippingAddress: place(sale.shipment_address),
  };
}

type Amounts = Pick<StatedOrder, 'pricesIncludeTax' | 'lines' | 'shippingLines' | 'adjustments' | 'stated'>;

/** Prices are before tax. What is charged for shipping is a line like any other there. */
function amountsOf({ sale, lines, taxes }: Document, currency: string): Amounts {
  const amount = (minor: bigint) => moneyOfMinor(minor.toString(), currency).amount;
  const sold = lines.filter(({ type, quantity: some }) => type === 'line' && some !== null && !exact(some).isZero());
  if (sold.length === 0) throw rejected('lines: expected at least one of which something is sold');
  const priced = sold.map((line) => pricedLine(line, taxes, currency));
  const tax = minorAt('tax_amount', sale.tax_amount, currency);
  const shares = taxShares(priced, tax);
  const subtotal = sum(priced.map(({ gross }) => gross));
  const net = sum(priced.map((each) => each.net));
  const total = minorAt('total_amount', sale.total_amount, currency);
  if (net + tax !== total) {
    throw rejected(`total_amount: says ${amount(total)}, its parts come to ${amount(net + tax)}`);
  }
  return {
    pricesIncludeTax: false,
    lines: priced.map((each, index) => statedLine(each, shares[index]!, amount)),
    shippingLines: [],
    adjustments: [],
    stated: {
      subtotal: amount(subtotal),
      discountTotal: amount(subtotal - net),
      shippingTotal: amount(0n),
      taxTotal: amount(tax),
      total: amount(total),
    },
  };
}

function pricedLine(line: Line, known: readonly Tax[], currency: string): Priced {
  const at = `lines ${line.id}`;
  if (line.unit_price === null || line.amount === null) throw rejected(`${at}: expected a price, got none`);
  const taxes = line.taxes.map((tax) => {
    const found = known.find((each) => each.id === tax);
    if (!found) throw rejected(`${at}.taxes: there is no tax ${tax}`);
    if (found.type !== 'percentage' || found.rate === null || exact(found.rate).isNegative()) {
      throw rejected(`${at}.taxes: expected a percentage, got ${found.type} of "${found.name}"`);
    }
    return found;
  });
  if (exact(line.quantity!).isNegative() || exact(line.unit_price).isNegative()) {
    throw rejected(`${at}: expected no quantity or price below zero: what comes back is no part of an order`);
  }
  const gross = minorOfQuantity(line.unit_price, line.quantity!, currency);
  const net = minorAt(`${at}.amount`, line.amount, currency);
  // Halves of a cent are rounded to the even one there.
  if (gross !== net && gross !== net + 1n) {
    throw rejected(`${at}.amount: says ${line.amount}, ${line.quantity} of ${line.unit_price} are something else`);
  }
  return { line, taxes, gross, net };
}

/** Tax is reckoned of the whole sale there: what the lines owe of it, so that nothing is lost. */
function taxShares(priced: readonly Priced[], tax: bigint): bigint[][] {
  const owed = priced.flatMap(({ net, taxes }) => taxes.map(({ rate }) => exact(net).times(exact(rate!))));
  const off = owed.reduce((rest, each) => rest.minus(each), exact(tax)).abs();
  if (off.greaterThan(owed.length)) {
    throw rejected(
      `tax_amount: says ${tax} in minor units, which is ${off.toFixed(2)} off what the lines’ taxes come to`,
    );
  }
  const shares = spread(
    tax,
    owed.map((each) => BigInt(each.times(1_000_000).toFixed(0))),
  );
  return priced.map(({ taxes }) => shares.splice(0, taxes.length));
}

function statedLine(
  { line, taxes, gross, net }: Priced,
  shares: bigint[],
  amount: (minor: bigint) => string,
): StatedLine {
  const product = line['product.'];
  const description = textOf(product?.name) ?? textOf(line.description);
  const taxLines = taxes.map(({ name, rate }, index): StatedTax => ({
    name,
    rate: rate!,
    amount: amount(shares[index]!),
  }));
  return {
    externalId: line.id,
    sku: line.product === null ? 'tryton:line' : skuOf(line.product, product?.code),
    description: description ?? `Line ${line.id}`,
    quantity: line.quantity!,
    unitPrice: line.unit_price!,
    discount: amount(gross - net),
    taxLines,
    requiresShipping: line.product !== null && product?.type !== 'service',
  };
}

function minorAt(field: string, value: string, currency: string): bigint {
  const minor = minorOfAmount(value, currency);
  if (minor === null) throw rejected(`${field}: expected no more digits than ${currency} has, got ${value}`);
  return minor;
}

function sum(minors: readonly bigint[]): bigint {
  return minors.reduce((a, b) => a + b, 0n);
}
