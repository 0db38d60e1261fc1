import { exact, minorOfAmount, moneyOfMinor, rejected, type OutgoingOrder } from '#connect';

/** A line as a sale is to have it: before tax, which is named by its rates. */
export interface SaleLine {
  /** Null for what is charged on top. */
  sku: string | null;
  product: string | null;
  description: string;
  quantity: string;
  unitPrice: string;
  rates: string[];
}

/**
 * What a sale says of an order. There is no discount on a line and no price with tax: what a line comes to is divided by
 * its quantity. What the order charges beside its lines is a line of its own, at the rate that its tax comes to.
 */
export function saleLines(order: OutgoingOrder, priceDigits: number): SaleLine[] {
  const { currency, lines, number } = order;
  const minor = (amount: string) => minorOfAmount(amount, currency)!;
  const ordered = lines.filter(({ quantity }) => exact(quantity).greaterThan(0));
  if (ordered.length === 0) throw rejected(`order ${number}: nothing is left of it`);
  let net = minor(order.total) - minor(order.taxTotal);
  let tax = minor(order.taxTotal);
  const sale = ordered.map((line): SaleLine => {
    const lineTax = minor(line.taxTotal);
    const lineNet = minor(line.total) - (order.pricesIncludeTax ? lineTax : 0n);
    net -= lineNet;
    tax -= lineTax;
    const each = exact(moneyOfMinor(lineNet.toString(), currency).amount).dividedBy(exact(line.quantity));
    const unitPrice = each.toDecimalPlaces(priceDigits).toFixed();
    const rates = line.taxRates.map((rate) => exact(rate).toFixed()).filter((rate) => rate !== '0');
    return {
      sku: line.sku,
      product: line.productExternalId,
      description: line.description,
      quantity: line.quantity,
      unitPrice,
      rates,
    };
  });
  if (net === 0n && tax === 0n) return sale;
  const rates = [...new Set(sale.flatMap((line) => line.rates))];
  const rate = tax === 0n ? [] : [rateOf(net, tax, rates, number)];
  const unitPrice = moneyOfMinor(net.toString(), currency).amount;
  return [
    ...sale,
    { sku: null, product: null, description: 'Shipping and charges', quantity: '1', unitPrice, rates: rate },
  ];
}

function rateOf(net: bigint, tax: bigint, rates: readonly string[], number: string): string {
  // Each of what is in it may have been rounded by itself.
  const fits = rates.find((rate) => exact(net).times(exact(rate)).minus(exact(tax)).abs().lessThan(2));
  if (fits !== undefined) return fits;
  throw rejected(
    `order ${number}: none of its rates (${rates.join(', ')}) fits a tax of ${tax} on ${net} in minor units`,
  );
}

/** Tryton rounds prices to their digits and tax by the whole sale: a little may be off, a tax that is missing is more. */
export function isSameTotal(order: OutgoingOrder, total: string, lines: number): boolean {
  const off = exact(total).minus(exact(order.total)).abs();
  const least = exact(moneyOfMinor('1', order.currency).amount);
  return off.lessThanOrEqualTo(least.times(lines + 1));
}
