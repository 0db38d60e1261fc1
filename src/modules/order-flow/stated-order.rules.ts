import { isDeepStrictEqual } from 'node:util';
import { compareDecimals, exact, subtractDecimals } from '../../shared/decimal.js';
import { refuse, type Refusals } from '../../shared/failures.js';
import { isCurrency, minorOfAmount, minorOfQuantity, moneyOfMinor, spread } from '../../shared/money.js';
import type { StatedOrder, StatedTax } from '../../shared/stated/index.js';
import {
  pricedTotals,
  type AdjustmentFigure,
  type LockedLine,
  type NewLine,
  type ShippingFigure,
} from '../orders/index.js';
import type { TaxFigure } from '../tax/index.js';

export interface StatedFigures {
  lines: NewLine[];
  shipping: ShippingFigure[];
  adjustments: AdjustmentFigure[];
}

/** The order's lines and money in the hub's figures; `ids` gives one for each line, way of shipping and adjustment. */
export function statedFigures(order: StatedOrder, productIds: Map<string, string>, ids: string[]): StatedFigures {
  if (!isCurrency(order.currency)) {
    throw refuse('INVALID', `currency: expected an ISO 4217 code, got "${order.currency}"`, ['currency']);
  }
  if (order.lines.length === 0) throw refuse('REQUIRED', 'lines: expected at least one', ['lines']);
  const nextId = ids.values();
  const adjustments = order.adjustments.map((one, index) => ({
    kind: one.kind,
    label: one.label,
    minor: statedMinor(one.amount, order.currency, ['adjustments', String(index)]),
  }));
  const given = adjustments.filter(({ kind }) => kind === 'DISCOUNT').reduce((sum, { minor }) => sum + minor, 0n);
  return {
    lines: statedLines(order, given).map((line) => ({
      id: nextId.next().value!,
      productId: productIds.get(line.sku) ?? null,
      ...line,
    })),
    shipping: order.shippingLines.map((_, index) => ({ id: nextId.next().value!, ...statedShipping(order, index) })),
    adjustments: adjustments.map(({ kind, label, minor }) => ({
      id: nextId.next().value!,
      kind,
      label,
      amount_minor: minor.toString(),
      tax_lines: [],
    })),
  };
}

/** The lines, with their shares of the discounts on the whole order. */
function statedLines(order: StatedOrder, givenMinor: bigint): Omit<NewLine, 'id' | 'productId'>[] {
  const priced = order.lines.map((line, index) => {
    const discount = statedMinor(line.discount, order.currency, ['lines', String(index), 'discount']);
    return { line, discount, net: minorOfQuantity(line.unitPrice, line.quantity, order.currency) - discount };
  });
  const nets = priced.map((one) => one.net);
  const shares = spread(givenMinor, nets);
  return priced.map(({ line, discount, net }, index) => ({
    externalId: line.externalId,
    sku: line.sku,
    description: line.description,
    requiresShipping: line.requiresShipping,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    discountMinor: discount + shares[index]!,
    taxLines: statedTaxes(order, line.taxLines, net - shares[index]!, ['lines', String(index)]),
  }));
}

function statedShipping(order: StatedOrder, index: number): Omit<ShippingFigure, 'id'> {
  const line = order.shippingLines[index]!;
  const field = ['shippingLines', String(index)];
  const discount = statedMinor(line.discount, order.currency, [...field, 'discount']);
  const price = statedMinor(line.price, order.currency, [...field, 'price']) - discount;
  return {
    method: line.method,
    price_minor: price.toString(),
    discount_minor: discount.toString(),
    tax_lines: statedTaxes(order, line.taxLines, price, field),
  };
}

function statedTaxes(order: StatedOrder, stated: StatedTax[], net: bigint, field: string[]): TaxFigure[] {
  const amounts = stated.map((tax, index) =>
    statedMinor(tax.amount, order.currency, [...field, 'taxLines', String(index)]),
  );
  const taxable = order.pricesIncludeTax ? net - amounts.reduce((sum, amount) => sum + amount, 0n) : net;
  return stated.map((tax, index) => ({
    name: tax.name,
    rate: exact(tax.rate).toFixed(),
    taxable: taxable.toString(),
    amount: amounts[index]!.toString(),
  }));
}

function statedMinor(amount: string, currency: string, field: string[]): bigint {
  const minor = minorOfAmount(amount, currency);
  if (minor === null) throw refuse('INVALID', `${field.join('.')}: ${amount} has more digits than ${currency}`, field);
  return minor;
}

/** What the channel states must be what its lines add up to: adds a refusal for each total that is not. */
export function checkStatedTotals(order: StatedOrder, figures: StatedFigures, refusals: Refusals): void {
  const totals = pricedTotals(figures, order.currency, order.pricesIncludeTax).order;
  const computed = {
    subtotal: totals.subtotalMinor,
    discountTotal: totals.discountMinor,
    shippingTotal: totals.shippingMinor,
    taxTotal: totals.taxMinor,
    total: totals.totalMinor,
  };
  for (const [name, minor] of Object.entries(computed)) {
    const stated = order.stated[name as keyof typeof computed];
    if (statedMinor(stated, order.currency, ['stated', name]) === minor) continue;
    const sum = moneyOfMinor(minor.toString(), order.currency).amount;
    refusals.add('CONFLICT', `${name}: ${stated} is stated, the order's parts add up to ${sum}`, ['stated', name]);
  }
}

/** Whether what the hub holds of the lines is what the channel states now. */
export function sameLines(stored: LockedLine[], stated: NewLine[]): boolean {
  const taxText = (taxes: TaxFigure[]) => JSON.stringify(taxes.map(({ name, rate, amount }) => [name, rate, amount]));
  return (
    stored.length === stated.length &&
    stored.every((line, index) => {
      const other = stated[index]!;
      return (
        line.sku === other.sku &&
        line.description === other.description &&
        compareDecimals(line.quantity, other.quantity) === 0 &&
        compareDecimals(line.unit_price, other.unitPrice) === 0 &&
        BigInt(line.ordered_discount_minor) === other.discountMinor &&
        taxText(line.ordered_tax_lines) === taxText(other.taxLines)
      );
    })
  );
}

/** How much of which lines no longer stands, if that is all that the channel changed of them; null where it is not. */
export function takenAway(stored: LockedLine[], stated: NewLine[]): { id: string; quantity: string }[] | null {
  const left = new Map(stated.map((line) => [line.externalId ?? '', line]));
  const less: { id: string; quantity: string }[] = [];
  for (const line of stored) {
    if (line.external_id === null) return null;
    const other = left.get(line.external_id);
    left.delete(line.external_id);
    if (other && (other.sku !== line.sku || compareDecimals(other.unitPrice, line.unit_price) !== 0)) return null;
    const standing = subtractDecimals(line.quantity, line.canceled_quantity);
    const quantity = subtractDecimals(standing, other?.quantity ?? '0');
    if (compareDecimals(quantity, '0') < 0) return null;
    if (compareDecimals(quantity, '0') > 0) less.push({ id: line.id, quantity });
  }
  return left.size > 0 ? null : less;
}

/** The same for shipping and adjustments, whose ids are the hub's own. In whatever order their fields were kept. */
export function sameParts(stored: object[], stated: object[]): boolean {
  const withoutIds = (parts: object[]) => parts.map((part) => ({ ...part, id: null }));
  return isDeepStrictEqual(withoutIds(stored), withoutIds(stated));
}
