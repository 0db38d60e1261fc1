import { decimalText, exact, isDecimalText, rejected, type StatedQuoteLine } from '#connect';
import type { Settings } from './settings.js';
import { amountOf, needed, optional, type CrmObject } from './wire.js';

const RATE_DIGITS = 6;
type Recurrence = NonNullable<StatedQuoteLine['recurrence']>;

/** How often a line is billed, in the hub’s intervals; HubSpot has more of them than the hub. */
const FREQUENCIES: Readonly<Record<string, { interval: Recurrence['interval']; months: number }>> = {
  monthly: { interval: 'MONTH', months: 1 },
  quarterly: { interval: 'QUARTER', months: 3 },
  annually: { interval: 'YEAR', months: 12 },
};

/** A line item as the line of a quote. Throws where it cannot be said exactly. */
export function lineOf(item: CrmObject, settings: Settings): StatedQuoteLine {
  const at = `line item ${item.id}`;
  const [quantity, price] = [amountOf(item, 'quantity'), amountOf(item, 'price')];
  if (quantity === null || exact(quantity).isZero())
    throw rejected(`${at}: quantity: expected more than zero, got none`);
  if (price === null) throw rejected(`${at}: price: expected an amount, got none`);
  const recurrence = recurrenceOf(item, settings);
  const name = needed(item, 'name');
  return {
    externalId: item.id,
    sku: skuOf(item),
    description: name ?? optional(item, 'description') ?? item.id,
    quantity: decimalText(quantity),
    ...priceOf(item, price),
    ...(recurrence && { recurrence }),
  };
}

function skuOf(item: CrmObject): string {
  const productId = optional(item, 'hs_product_id');
  return needed(item, 'hs_sku') ?? (productId === null ? `hubspot:item:${item.id}` : `hubspot:product:${productId}`);
}

/** A discount is a share or an amount off each unit; an amount that is no exact share lowers the price instead. */
function priceOf(item: CrmObject, price: string): Pick<StatedQuoteLine, 'unitPrice' | 'discountRate'> {
  const at = `line item ${item.id}`;
  const percent = exact(amountOf(item, 'hs_discount_percentage') ?? '0');
  const amount = exact(amountOf(item, 'discount') ?? '0');
  if (!percent.isZero() && !amount.isZero()) {
    throw rejected(
      `${at}: expected a discount in percent or as an amount, got ${percent.toFixed()} % and ${amount.toFixed()}`,
    );
  }
  const unitPrice = decimalText(price);
  if (percent.isZero() && amount.isZero()) return { unitPrice };
  if (percent.greaterThan(100) || amount.greaterThan(exact(price))) {
    throw rejected(`${at}: expected a discount of at most the price, got more`);
  }
  const rate = amount.isZero() ? percent.dividedBy(100) : amount.dividedBy(exact(price));
  const text = rate.toFixed();
  const isShort = isDecimalText(text) && rate.decimalPlaces() <= RATE_DIGITS;
  if (isShort) return { unitPrice, discountRate: text };
  if (amount.isZero()) return { unitPrice: exact(price).times(exact(1).minus(rate)).toFixed() };
  return { unitPrice: exact(price).minus(amount).toFixed() };
}

function recurrenceOf(item: CrmObject, { openEndedMonths }: Settings): Recurrence | undefined {
  const frequency = optional(item, 'recurringbillingfrequency');
  if (frequency === null) return undefined;
  const at = `line item ${item.id}`;
  const known = FREQUENCIES[frequency];
  if (!known) {
    const expected = Object.keys(FREQUENCIES).join(', ');
    throw rejected(`${at}: recurringbillingfrequency: expected one of ${expected}, got "${frequency}"`);
  }
  const period = optional(item, 'hs_recurring_billing_period');
  const months = period === null ? openEndedMonths : monthsIn(period);
  if (months === undefined) {
    throw rejected(`${at}: it recurs until it is called off: the setting openEndedMonths says for how long it counts`);
  }
  if (months === null || months % known.months !== 0 || months === 0) {
    throw rejected(
      `${at}: hs_recurring_billing_period: expected whole periods, ${frequency}, got "${period ?? months}"`,
    );
  }
  return { interval: known.interval, termCount: months / known.months };
}

/** An ISO 8601 period of years and months; null for any other. */
function monthsIn(period: string): number | null {
  const [match, years, months] = /^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?$/.exec(period) ?? [];
  return match === undefined || match === 'P' ? null : Number(years ?? 0) * 12 + Number(months ?? 0);
}

export function isTaxed(item: CrmObject): boolean {
  return optional(item, 'hs_tax_rate_group_id') !== null;
}
