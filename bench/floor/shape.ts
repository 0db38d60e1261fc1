import { decimalText } from '../../src/shared/decimal.js';
import { typeId } from '../../src/shared/ids.js';
import { moneyOfMinor, moneyOfUnitPrice } from '../../src/shared/money.js';

/** An order as the floor's statements build it. */
export interface FloorOrder {
  id: number;
  number: string;
  status: string;
  placed_at: string;
  email: string | null;
  currency: string;
  subtotal_minor: number;
  tax_minor: number;
  total_minor: number;
  channel: string;
  customer: { id: number; name: string; email: string | null } | null;
  billing_address?: object | null;
  shipping_address?: object | null;
  lines: { id: number; sku: string; quantity: number; unit_price: number; total_minor: number }[];
}

/** The same order as the graph shows it. */
export function graphOrder(order: FloorOrder): object {
  const { currency, customer } = order;
  const money = (minor: number): object => moneyOfMinor(String(minor), currency);
  return {
    id: typeId('ord', String(order.id)),
    number: order.number,
    status: order.status,
    placedAt: new Date(order.placed_at).toISOString(),
    email: order.email,
    currency,
    subtotal: money(order.subtotal_minor),
    taxTotal: money(order.tax_minor),
    total: money(order.total_minor),
    channel: { code: order.channel },
    customer: customer && { id: typeId('cus', String(customer.id)), name: customer.name, email: customer.email },
    ...(order.billing_address !== undefined && {
      billingAddress: graphAddress(order.billing_address),
      shippingAddress: graphAddress(order.shipping_address ?? null),
    }),
    lines: order.lines.map((line) => ({
      id: typeId('oln', String(line.id)),
      sku: line.sku,
      quantity: decimalText(String(line.quantity)),
      unitPrice: moneyOfUnitPrice(String(line.unit_price), currency),
      total: money(line.total_minor),
    })),
  };
}

/** A customer as the floor's statement builds it, with its newest orders. */
export interface FloorCustomer {
  id: number;
  number: string;
  name: string;
  email: string | null;
  orders: Pick<FloorOrder, 'id' | 'number' | 'status' | 'placed_at' | 'currency' | 'total_minor'>[];
}

/** The same customer as the graph shows it. */
export function graphCustomer({ id, number, name, email, orders }: FloorCustomer): object {
  const nodes = orders.map((order) => ({
    id: typeId('ord', String(order.id)),
    number: order.number,
    status: order.status,
    placedAt: new Date(order.placed_at).toISOString(),
    currency: order.currency,
    total: moneyOfMinor(String(order.total_minor), order.currency),
  }));
  return { id: typeId('cus', String(id)), number, name, email, orders: { nodes } };
}

function graphAddress(address: object | null): object | null {
  return address && { name: null, line1: null, city: null, postalCode: null, country: null, ...address };
}
