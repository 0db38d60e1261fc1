import { rejected, type StatedLine, type StatedTax } from '#connect';
import type { Item, Kind, Part } from '../wire.js';
import { positive, rateOf, sum, unitPriceOf, type Purse } from './amounts.js';

/** An item with its money in minor units: each part before discounts. */
export interface PricedItem {
  item: Item;
  at: string;
  quantity: string;
  gross: Record<'ITEM' | 'SHIPPING' | 'GIFT_WRAP' | 'COD_FEE' | 'OTHER', bigint>;
  /** Of goods and of everything but the way there. */
  discount: bigint;
  shippingDiscount: bigint;
  tax: bigint;
  shippingTax: bigint;
  giftWrapTax: bigint;
  /** Whether the tax is in the prices; null where nothing tells. */
  includesTax: boolean | null;
}

export function pricedItem(item: Item, at: string, purse: Purse): PricedItem {
  const parts = item.proceeds?.breakdowns ?? [];
  const gross = {
    ITEM: 0n,
    SHIPPING: subtotal(parts, 'SHIPPING', at, purse),
    GIFT_WRAP: subtotal(parts, 'GIFT_WRAP', at, purse),
    COD_FEE: subtotal(parts, 'COD_FEE', at, purse),
    OTHER: subtotal(parts, 'OTHER', at, purse),
  };
  gross.ITEM = parts.length > 0 ? subtotal(parts, 'ITEM', at, purse) : priceOf(item, at, purse);
  for (const [kind, minor] of Object.entries(gross)) {
    if (minor < 0n && kind !== 'OTHER') throw rejected(`${at}.proceeds ${kind}: expected nothing below zero`);
  }
  const discount = positive(subtotal(parts, 'DISCOUNT', at, purse));
  const shippingDiscount = positive(detail(parts, 'DISCOUNT', 'SHIPPING', at, purse));
  const tax = subtotal(parts, 'TAX', at, purse);
  const shippingTax = detail(parts, 'TAX', 'SHIPPING', at, purse);
  const giftWrapTax = detail(parts, 'TAX', 'GIFT_WRAP', at, purse);
  const priced: PricedItem = {
    item,
    at,
    quantity: item.quantityOrdered,
    gross,
    discount: discount - shippingDiscount,
    shippingDiscount,
    tax: tax - shippingTax - giftWrapTax,
    shippingTax,
    giftWrapTax,
    includesTax: null,
  };
  if (priced.discount < 0n || priced.tax < 0n || shippingTax < 0n || giftWrapTax < 0n) {
    throw rejected(`${at}.proceeds: expected the parts of discount and tax to come to no more than their whole`);
  }
  return { ...priced, includesTax: includesTax(priced, purse) };
}

/** The total says it: either the tax comes on top of the other parts, or it is in them. */
function includesTax(priced: PricedItem, purse: Purse): boolean | null {
  const { item, at } = priced;
  const net = sum(Object.values(priced.gross)) - priced.discount - priced.shippingDiscount;
  const tax = priced.tax + priced.shippingTax + priced.giftWrapTax;
  const stated = item.proceeds?.proceedsTotal;
  if (!stated) return tax === 0n ? null : false;
  const total = purse.minor(`${at}.proceeds.proceedsTotal`, stated);
  if (tax === 0n && total === net) return null;
  if (total === net + tax) return false;
  if (total === net) return true;
  const parts = `${purse.text(net)} without and ${purse.text(net + tax)} with tax`;
  throw rejected(`${at}.proceeds.proceedsTotal: ${stated.amount} is stated, the parts come to ${parts}`);
}

/** The whole line where only the price of one is told. */
function priceOf(item: Item, at: string, purse: Purse): bigint {
  const { proceedsTotal } = item.proceeds ?? {};
  if (proceedsTotal) return purse.minor(`${at}.proceeds.proceedsTotal`, proceedsTotal);
  const unit = item.product.price?.unitPrice;
  return unit ? purse.minor(`${at}.product.price.unitPrice`, unit) * BigInt(item.quantityOrdered) : 0n;
}

function subtotal(parts: Part[], kind: Kind, at: string, purse: Purse): bigint {
  return sum(
    parts
      .filter(({ type }) => type === kind)
      .map((part) => purse.minor(`${at}.proceeds.breakdowns ${kind}`, part.subtotal)),
  );
}

function detail(parts: Part[], kind: 'TAX' | 'DISCOUNT', of: string, at: string, purse: Purse): bigint {
  const details = parts.filter(({ type }) => type === kind).flatMap((part) => part.detailedBreakdowns ?? []);
  return sum(
    details.flatMap(({ subtype, value }) =>
      subtype === of && value ? [purse.minor(`${at}.proceeds.breakdowns ${kind} ${of}`, value)] : [],
    ),
  );
}

/** The item's line, and one for its wrapping: that has a price and a tax of its own. */
export function statedLines(priced: PricedItem, purse: Purse, pricesIncludeTax: boolean): StatedLine[] {
  const { item, at, quantity, gross, discount, tax, giftWrapTax } = priced;
  const { asin, title, sellerSku } = item.product;
  const name = taxName(item);
  const sku = textOf(sellerSku) ?? (textOf(asin) ? `amazon:${asin}` : `amazon:item:${item.orderItemId}`);
  const line: StatedLine = {
    externalId: item.orderItemId,
    sku,
    description: textOf(title) ?? sku,
    quantity,
    unitPrice: unitPriceOf(at, gross.ITEM, quantity, purse),
    discount: purse.text(discount),
    taxLines: taxLines({ name, tax, net: gross.ITEM - discount }, purse, pricesIncludeTax),
    requiresShipping: true,
  };
  if (gross.GIFT_WRAP === 0n && giftWrapTax === 0n) return [line];
  const wrapping: StatedLine = {
    externalId: `${item.orderItemId}:gift-wrap`,
    sku: 'amazon:gift-wrap',
    description: `Gift wrap: ${line.description}`,
    quantity: '1',
    unitPrice: purse.text(gross.GIFT_WRAP),
    discount: purse.text(0n),
    taxLines: taxLines({ name, tax: giftWrapTax, net: gross.GIFT_WRAP }, purse, pricesIncludeTax),
    requiresShipping: false,
  };
  return [line, wrapping];
}

export function taxLines(
  { name, tax, net }: { name: string; tax: bigint; net: bigint },
  purse: Purse,
  pricesIncludeTax: boolean,
): StatedTax[] {
  if (tax === 0n) return [];
  return [{ name, rate: rateOf(tax, pricesIncludeTax ? net - tax : net), amount: purse.text(tax) }];
}

/** Who pays it to the state matters to the books. */
export function taxName({ tax }: Item): string {
  const isTheirs = (tax?.taxCollections ?? []).some(({ model }) => model === 'MARKETPLACE_FACILITATOR');
  return isTheirs ? 'Tax (collected by Amazon)' : 'Tax';
}

export function textOf(value: string | null | undefined): string | undefined {
  return value?.trim() || undefined;
}
