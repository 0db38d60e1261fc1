import { CountryCode, CurrencyCode } from '../../graph/scalars.js';
import type { Address } from '../../graph/values.type.js';
import { parseInstant } from '../../shared/clock.js';
import type { Money } from '../../shared/money.js';
import type { CustomerToFindInput } from '../customers/index.js';
import type { OrderLineInput } from '../orders/index.js';
import { numberExample, readNumber } from './number.rules.js';
import { addError, type Asked, type ReadOptions, type Row } from './order-row.rules.js';
import type { Column, OrderColumn } from './order-columns.rules.js';

type Shared = Partial<Record<OrderColumn, string>>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the rows of an order ask for; notes at them what cannot be read. */
export function askedBy(rows: readonly Row[], shared: Shared, options: ReadOptions): Asked {
  const first = rows[0]!;
  const currency = shared.currency?.toUpperCase() ?? options.currency;
  if (!accepts(CurrencyCode, currency))
    addError(first, 'INVALID', `currency: expected an ISO 4217 code such as EUR, got "${currency}"`, 'currency');
  const money = (row: Row, column: Column, text: string | undefined): Money | null => {
    if (text === undefined) return null;
    const amount = numberIn(row, column, text, options);
    return amount === null ? null : { amount, currency };
  };
  const shippingAddress = addressOf('ship', first, shared);
  const billingAddress = addressOf('bill', first, shared);
  return {
    customer: customerOf(shared, shippingAddress, billingAddress),
    content: {
      channel: options.channel,
      currency,
      pricesIncludeTax: options.pricesIncludeTax,
      email: shared.email ?? null,
      purchaseOrderNumber: shared.purchase_order_number ?? null,
      note: shared.note ?? null,
      requestedDeliveryAt: dayIn(first, shared.requested_delivery),
      shippingMethod: shared.shipping_method ?? null,
      shippingPrice: money(first, 'shipping_price', shared.shipping_price),
      shippingAddress,
      billingAddress,
      lines: rows.map((row) => lineOf(row, options, money(row, 'unit_price', row.values.unit_price))),
    },
  };
}

function lineOf(row: Row, options: ReadOptions, unitPrice: Money | null): OrderLineInput {
  const { sku, quantity } = row.values;
  if (sku === undefined) addError(row, 'REQUIRED', 'sku: a row needs one', 'sku');
  if (quantity === undefined) addError(row, 'REQUIRED', 'quantity: a row needs one', 'quantity');
  const read = quantity === undefined ? null : numberIn(row, 'quantity', quantity, options);
  return { sku: sku ?? '', quantity: read ?? '1', unitPrice };
}

function numberIn(row: Row, column: Column, text: string, { decimalMark }: ReadOptions): string | null {
  const number = readNumber(text, decimalMark);
  if (number === null)
    addError(
      row,
      'INVALID',
      `${column}: expected a number such as ${numberExample(decimalMark)}, got "${text}"`,
      column,
    );
  return number;
}

function dayIn(row: Row, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const day = DAY.test(text) ? parseInstant(`${text}T00:00:00Z`) : null;
  // The 30th of February would be read as a day of March.
  if (day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)) return day;
  const column = 'requested_delivery';
  addError(row, 'INVALID', `${column}: expected a day such as 2026-03-31, got "${text}"`, column);
  return null;
}

function addressOf(of: 'ship' | 'bill', row: Row, shared: Shared): Address | null {
  const part = (name: string) => shared[`${of}_${name}` as OrderColumn];
  const [line1, city, country] = [part('line1'), part('city'), part('country')?.toUpperCase()];
  const parts = ['name', 'company', 'line1', 'line2', 'city', 'region', 'postal_code', 'country', 'phone'];
  if (parts.every((name) => part(name) === undefined)) return null;
  for (const [name, value] of Object.entries({ line1, city, country })) {
    const column = `${of}_${name}` as OrderColumn;
    if (value === undefined) addError(row, 'REQUIRED', `${column}: an address needs one`, column);
  }
  if (country !== undefined && !accepts(CountryCode, country)) {
    const column = `${of}_country` as const;
    addError(row, 'INVALID', `${column}: expected an ISO 3166-1 alpha-2 code such as IT, got "${country}"`, column);
  }
  return {
    name: part('name') ?? null,
    company: part('company') ?? null,
    line1: line1 ?? '',
    line2: part('line2') ?? null,
    city: city ?? '',
    region: part('region') ?? null,
    postalCode: part('postal_code') ?? null,
    country: country ?? '',
    phone: part('phone') ?? null,
  };
}

function customerOf(
  { customer_number: number, email, customer_name: name }: Shared,
  shippingAddress: Address | null,
  billingAddress: Address | null,
): CustomerToFindInput | null {
  if (number === undefined && email === undefined && name === undefined) return null;
  return { number: number ?? null, email: email ?? null, name: name ?? null, shippingAddress, billingAddress };
}

function accepts(scalar: { parseValue(value: unknown): unknown }, text: string): boolean {
  try {
    scalar.parseValue(text);
    return true;
  } catch {
    return false;
  }
}
