import {
  minorOfQuantity,
  minorOfShare,
  rejected,
  spread,
  type StatedLine,
  type StatedShippingLine,
  type StatedTax,
} from '#connect';
import { amountOf, minorAt, sum } from './amounts.js';
import type { LineItem, Order, ShippingLine, TaxLine } from '../wire/order.js';

/** A line as far as it still stands, with its money in minor units. */
export interface KeptLine {
  item: LineItem;
  quantity: bigint;
  grossMinor: bigint;
  discountMinor: bigint;
  taxes: Tax[];
}
export interface KeptShipping {
  line: ShippingLine;
  priceMinor: bigint;
  discountMinor: bigint;
  taxes: Tax[];
}
interface Tax {
  name: string;
  rate: string;
  minor: bigint;
}

/** The lines with that much of each; what is left of a line has its share of the line's discount and tax. */
export function keepLines({ line_items: items, currency }: Order, quantityOf: (item: LineItem) => bigint): KeptLine[] {
  return items.flatMap((item, index) => {
    const quantity = quantityOf(item);
    // A tip that was rung up as a line is in `total_tip_received`.
    if (quantity === 0n || item.tip) return [];
    const field = `line_items.${index}`;
    const share = (minor: bigint) => minorOfShare(minor, quantity.toString(), item.quantity);
    return [
      {
        item,
        quantity,
        grossMinor: minorOfQuantity(item.price, quantity.toString(), currency),
        discountMinor: share(discountOf(field, item, currency)),
        taxes: taxesOf(field, item.tax_lines, currency).map((tax) => ({ ...tax, minor: share(tax.minor) })),
      },
    ];
  });
}

export function keepShipping(
  { shipping_lines: lines, currency }: Order,
  isKept: (line: ShippingLine) => boolean,
): KeptShipping[] {
  return lines.flatMap((line, index) => {
    if (!isKept(line)) return [];
    const field = `shipping_lines.${index}`;
    const priceMinor = minorAt(`${field}.price`, line.price, currency);
    const taxes = taxesOf(field, line.tax_lines, currency);
    return [{ line, priceMinor, discountMinor: shippingDiscount(field, line, priceMinor, currency), taxes }];
  });
}

/** Allocations hold the line's own and its part of the order's discounts; `total_discount` is what older payloads have. */
function discountOf(field: string, item: LineItem, currency: string): bigint {
  const allocated = allocatedOf(field, item, currency);
  return allocated > 0n ? allocated : minorAt(`${field}.total_discount`, item.total_discount ?? '0', currency);
}

function shippingDiscount(field: string, line: ShippingLine, priceMinor: bigint, currency: string): bigint {
  const allocated = allocatedOf(field, line, currency);
  if (line.discounted_price == null) return allocated;
  const discount = priceMinor - minorAt(`${field}.discounted_price`, line.discounted_price, currency);
  if (discount < 0n || (allocated > 0n && allocated !== discount)) {
    throw rejected(
      `${field}.discounted_price: expected ${amountOf(priceMinor - allocated, currency)}, got ${line.discounted_price}`,
    );
  }
  return discount;
}

function allocatedOf(
  field: string,
  { discount_allocations: allocations }: Pick<LineItem, 'discount_allocations'>,
  currency: string,
): bigint {
  return sum(
    allocations.map(({ amount }, index) => minorAt(`${field}.discount_allocations.${index}.amount`, amount, currency)),
  );
}

function taxesOf(field: string, lines: TaxLine[], currency: string): Tax[] {
  return lines.map(({ title, rate, price }, index) => ({
    name: title,
    rate,
    minor: minorAt(`${field}.tax_lines.${index}.price`, price, currency),
  }));
}

/**
 * Older payloads state taxes on the order alone. Each is spread over the taxable lines by what they cost, so that the
 * lines' taxes add up to it exactly.
 */
export function spreadOrderTaxes(order: Order, lines: KeptLine[], shipping: KeptShipping[]): void {
  const isStatedBelow = [...lines, ...shipping].some(({ taxes }) => taxes.length > 0);
  const taxed = lines.filter(({ item }) => item.taxable !== false);
  if (isStatedBelow || taxed.length === 0) return;
  const weights = taxed.map(({ grossMinor, discountMinor }) => grossMinor - discountMinor);
  for (const { name, rate, minor } of taxesOf('order', order.tax_lines, order.currency)) {
    const shares = spread(minor, weights);
    for (const [index, line] of taxed.entries()) line.taxes.push({ name, rate, minor: shares[index]! });
  }
}

export function statedLine({ item, quantity, discountMinor, taxes }: KeptLine, currency: string): StatedLine {
  return {
    externalId: item.id,
    sku: item.sku?.trim() || (item.variant_id ? `shopify:${item.variant_id}` : `shopify:custom:${item.id}`),
    description: item.name?.trim() || item.title?.trim() || item.id,
    quantity: quantity.toString(),
    unitPrice: item.price,
    discount: amountOf(discountMinor, currency),
    taxLines: taxes.map((tax) => statedTax(tax, currency)),
    requiresShipping: item.requires_shipping ?? true,
  };
}

export function statedShipping(
  { line, priceMinor, discountMinor, taxes }: KeptShipping,
  currency: string,
): StatedShippingLine {
  return {
    method: line.title?.trim() || line.code?.trim() || 'Shipping',
    price: amountOf(priceMinor, currency),
    discount: amountOf(discountMinor, currency),
    taxLines: taxes.map((tax) => statedTax(tax, currency)),
  };
}

function statedTax({ name, rate, minor }: Tax, currency: string): StatedTax {
  return { name, rate, amount: amountOf(minor, currency) };
}
