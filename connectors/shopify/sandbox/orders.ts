import type { Buyer } from './buyers.js';
import type { Chance } from '#connect';
import { amount, cents, parts, taxWithin } from './money.js';

export interface SandboxProduct {
  sku: string;
  name: string;
  /** Including tax, e.g. "12.50". */
  price: string;
  /** A fraction, e.g. "0.22". */
  taxRate: string;
  requiresShipping?: boolean;
}

/** An order as the shop has it; numbers beyond 2^53 are marked, see `wireText`. */
export type ShopOrder = ReturnType<typeof placeOrder>;
export type ShopLine = ShopOrder['line_items'][number];
export interface ShopRefund {
  id: string;
  order_id: string;
  created_at: string;
  note: string | null;
  refund_line_items: { line_item_id: string; quantity: number; restock_type: string }[];
}

export const FIRST_ID = 820_982_911_946_154_508n;
const FREE_SHIPPING_FROM = 5_000;
const SHIPPING_PRICE = 490;
const SHIPPING_TAX_RATE = '0.22';

interface Line {
  product: SandboxProduct;
  quantity: number;
  gross: number;
  discount: number;
}

/** The n-th order, as it is right after checkout. */
export function placeOrder(
  n: number,
  at: Date,
  from: { chance: Chance; products: SandboxProduct[]; buyers: Buyer[]; currency: string },
) {
  const { chance, products, buyers, currency } = from;
  const buyer = chance.oneOf(buyers);
  const lines = pickLines(chance, products, buyer.isCompany);
  const isDiscounted = chance.below(5) === 0;
  if (isDiscounted) takeTenPercent(lines);
  const note = chance.below(8) === 0 ? 'Please ring twice' : null;
  const goods = lines.reduce((total, line) => total + line.gross, 0);
  const discount = lines.reduce((total, line) => total + line.discount, 0);
  const lineItems = lines.map((line, index) => lineItem(n, index, line, from));
  const shipping = shippingLine(n, goods - discount >= FREE_SHIPPING_FROM, currency);
  const tax = [...lineItems, shipping]
    .flatMap((line) => line.tax_lines)
    .reduce((sum, { price }) => sum + cents(price), 0);
  return {
    id: `@${FIRST_ID + BigInt(n)}@`,
    name: `#${1000 + n}`,
    order_number: 1000 + n,
    test: false,
    confirmed: true,
    created_at: shopTime(at),
    processed_at: shopTime(at),
    updated_at: shopTime(at),
    cancelled_at: null as string | null,
    cancel_reason: null as string | null,
    financial_status: 'pending',
    fulfillment_status: null as string | null,
    currency,
    presentment_currency: currency,
    taxes_included: true,
    email: buyer.customer.email,
    note,
    po_number: buyer.isCompany ? `PO-${5000 + n}` : null,
    customer: buyer.customer,
    billing_address: buyer.address,
    shipping_address: buyer.address,
    discount_codes: isDiscounted ? [{ code: 'WELCOME10', amount: amount(discount), type: 'percentage' }] : [],
    line_items: lineItems,
    shipping_lines: [shipping],
    tax_lines: [] as ReturnType<typeof taxLine>[],
    refunds: [] as ShopRefund[],
    ...totals(goods, discount, SHIPPING_PRICE - cents(shipping.discounted_price), tax, currency),
  };
}

function totals(goods: number, discount: number, shippingDiscount: number, tax: number, currency: string) {
  const discounts = discount + shippingDiscount;
  const total = goods + SHIPPING_PRICE - discounts;
  return {
    total_line_items_price: amount(goods),
    total_discounts: amount(discounts),
    subtotal_price: amount(goods - discount),
    total_tax: amount(tax),
    total_price: amount(total),
    total_price_set: bag(total, currency),
    total_tax_set: bag(tax, currency),
    total_discounts_set: bag(discounts, currency),
    current_total_discounts: amount(discounts),
    current_total_tax: amount(tax),
    current_total_price: amount(total),
  };
}

function shippingLine(n: number, isFree: boolean, currency: string) {
  const price = amount(SHIPPING_PRICE);
  const tax = taxWithin(SHIPPING_PRICE, SHIPPING_TAX_RATE);
  return {
    id: `@${FIRST_ID + 900_000_000n + BigInt(n)}@`,
    title: 'Standard',
    code: 'STANDARD',
    price,
    price_set: bag(SHIPPING_PRICE, currency),
    discounted_price: isFree ? amount(0) : price,
    discount_allocations: isFree ? [{ amount: price, amount_set: bag(SHIPPING_PRICE, currency) }] : [],
    tax_lines: isFree ? [] : [taxLine(tax, SHIPPING_TAX_RATE, currency)],
  };
}

/** The order once it is paid, or called off. */
export function updateOrder(order: ShopOrder, at: Date, isCancelled: boolean): ShopOrder {
  const paid = { ...order, updated_at: shopTime(at), financial_status: isCancelled ? 'voided' : 'paid' };
  return isCancelled ? { ...paid, cancelled_at: shopTime(at), cancel_reason: 'customer' } : paid;
}

/** The order without one of its lines, as an edit leaves it; what is taken away keeps its place with nothing left. */
export function withoutLine(order: ShopOrder, index: number, at: Date): ShopOrder {
  const line = order.line_items[index]!;
  const gross = cents(line.price) * line.quantity;
  const discount = line.discount_allocations.reduce((sum, each) => sum + cents(each.amount), 0);
  const tax = line.tax_lines.reduce((sum, each) => sum + cents(each.price), 0);
  return {
    ...order,
    updated_at: shopTime(at),
    line_items: order.line_items.map((each, n) =>
      n === index ? { ...each, current_quantity: 0, fulfillable_quantity: 0 } : each,
    ),
    current_total_discounts: amount(cents(order.current_total_discounts) - discount),
    current_total_tax: amount(cents(order.current_total_tax) - tax),
    current_total_price: amount(cents(order.current_total_price) - gross + discount),
  };
}

/** The order with one piece of a line come back, its money with it. */
export function withReturn(order: ShopOrder, { index, refundId, at }: { index: number; refundId: string; at: Date }) {
  const line = order.line_items[index]!;
  const discount = line.discount_allocations.reduce((sum, each) => sum + cents(each.amount), 0);
  const given = Math.floor((cents(line.price) * line.quantity - discount) / line.quantity);
  const refund: ShopRefund = {
    id: refundId,
    order_id: order.id,
    created_at: shopTime(at),
    note: 'Changed my mind',
    refund_line_items: [{ line_item_id: line.id, quantity: 1, restock_type: 'return' }],
  };
  const changed: ShopOrder = {
    ...order,
    updated_at: shopTime(at),
    financial_status: 'partially_refunded',
    refunds: [...order.refunds, refund],
    line_items: order.line_items.map((each, n) =>
      n === index ? { ...each, current_quantity: each.current_quantity - 1 } : each,
    ),
    current_total_price: amount(cents(order.current_total_price) - given),
  };
  return { changed, refund, given };
}

/** What an order comes to as it stands: an edit counts, a return does not. */
export function totalNow(order: ShopOrder): string {
  const isEdited = order.refunds.length === 0 && order.line_items.some((line) => line.current_quantity < line.quantity);
  return isEdited ? order.current_total_price : order.total_price;
}

/** JSON in which marked ids are numbers with all their digits, as the shop sends them. */
export function wireText(value: unknown): string {
  return JSON.stringify(value).replace(/"@(\d+)@"/g, '$1');
}

function pickLines(chance: Chance, products: SandboxProduct[], isCompany: boolean): Line[] {
  const rest = [...products];
  return Array.from({ length: Math.min(1 + chance.below(3), rest.length) }, () => {
    const [product] = rest.splice(chance.below(rest.length), 1) as [SandboxProduct];
    const quantity = 1 + chance.below(isCompany ? 6 : 2);
    return { product, quantity, gross: cents(product.price) * quantity, discount: 0 };
  });
}

function takeTenPercent(lines: Line[]): void {
  const goods = lines.map((line) => line.gross);
  const shares = parts(Math.round(goods.reduce((a, b) => a + b, 0) / 10), goods);
  for (const [index, line] of lines.entries()) line.discount = shares[index]!;
}

function lineItem(
  n: number,
  index: number,
  { product, quantity, gross, discount }: Line,
  { products, currency }: { products: SandboxProduct[]; currency: string },
) {
  const price = cents(product.price);
  return {
    id: `@${FIRST_ID + 100_000_000n + BigInt(n * 10 + index)}@`,
    variant_id: `@${44_000_000_000_000n + BigInt(products.indexOf(product))}@`,
    sku: product.sku,
    name: product.name,
    title: product.name,
    quantity,
    current_quantity: quantity,
    fulfillable_quantity: quantity,
    price: amount(price),
    price_set: bag(price, currency),
    total_discount: '0.00',
    discount_allocations:
      discount > 0
        ? [{ amount: amount(discount), amount_set: bag(discount, currency), discount_application_index: 0 }]
        : [],
    tax_lines: [taxLine(taxWithin(gross - discount, product.taxRate), product.taxRate, currency)],
    taxable: true,
    requires_shipping: product.requiresShipping ?? true,
    gift_card: false,
    duties: [],
  };
}

function taxLine(tax: number, rate: string, currency: string) {
  return { title: `VAT ${Number(rate) * 100}%`, rate: Number(rate), price: amount(tax), price_set: bag(tax, currency) };
}

export function bag(value: number, currency: string) {
  const money = { amount: amount(value), currency_code: currency };
  return { shop_money: money, presentment_money: money };
}

/** Whole seconds with the shop's offset, two hours ahead of UTC. */
export function shopTime(at: Date): string {
  return `${new Date(at.getTime() + 7_200_000).toISOString().slice(0, 19)}+02:00`;
}
