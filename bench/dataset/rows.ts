import { decimalOfMinor, LINES, sku, taxLine, type Order } from './company.js';
import type { CopyValue } from './copy-in.js';

/** The first of each kind's ids and numbers. */
export interface Numbers {
  location: number;
  priceList: number;
  product: number;
  price: number;
  level: number;
  movement: number;
  customer: number;
  order: number;
  line: number;
  orderNumber: number;
  customerNumber: number;
  event: number;
  position: number;
}

function addressOf(customer: number): object {
  return {
    name: `Customer ${customer + 1}`,
    line1: `Via Roma ${(customer % 200) + 1}`,
    city: 'Torino',
    postalCode: '10121',
    country: 'IT',
  };
}

export function emailOf(customer: number): string {
  return `buyer${customer + 1}@customers.example`;
}

export function customerRow(numbers: Numbers, index: number, at: string): CopyValue[] {
  const address = addressOf(index);
  const number = `C-${numbers.customerNumber + index}`;
  return [
    numbers.customer + index,
    number,
    'COMPANY',
    `Customer ${index + 1}`,
    emailOf(index),
    address,
    [address],
    at,
    at,
  ];
}

export function orderRow(numbers: Numbers, order: Order): CopyValue[] {
  const { index, customer, channel, isConfirmed, placedAt, subtotalMinor, taxMinor } = order;
  const address = addressOf(customer);
  return [
    numbers.order + index,
    `SO-${numbers.orderNumber + index}`,
    channel.id,
    isConfirmed ? 'CONFIRMED' : 'RECEIVED',
    numbers.customer + customer,
    emailOf(customer),
    'EUR',
    false,
    subtotalMinor,
    0,
    0,
    taxMinor,
    subtotalMinor + taxMinor,
    [taxLine(subtotalMinor, taxMinor)],
    address,
    address,
    placedAt,
    placedAt,
    placedAt,
    isConfirmed ? 3 : 1,
  ];
}

export function lineRow(numbers: Numbers, order: Order, position: number): CopyValue[] {
  const { product, quantity, unitMinor, totalMinor, taxMinor } = order.lines[position]!;
  const taxes = [taxLine(totalMinor, taxMinor)];
  return [
    numbers.line + order.index * LINES + position,
    numbers.order + order.index,
    position + 1,
    numbers.product + product,
    sku(product),
    `Product ${product + 1}`,
    true,
    quantity,
    decimalOfMinor(unitMinor),
    0,
    taxMinor,
    totalMinor,
    taxes,
    0,
    taxes,
    order.isConfirmed ? quantity : 0,
  ];
}

export function eventRows(numbers: Numbers, order: Order, nextId: () => number): CopyValue[][] {
  const { index, customer, channel, isConfirmed, placedAt, lines, subtotalMinor, taxMinor } = order;
  const row = (
    sequence: number,
    type: string,
    message: string,
    changes: object,
    data: object | null,
    from: string | null,
    to: string,
  ) => [
    nextId(),
    'order',
    numbers.order + index,
    sequence,
    type,
    placedAt,
    'SYSTEM',
    'Hub',
    message,
    changes,
    data,
    channel.code,
    numbers.customer + customer,
    from,
    to,
  ];
  const created = {
    channel: channel.code,
    total: { amount: decimalOfMinor(subtotalMinor + taxMinor), currency: 'EUR' },
    lines: lines.map((line) => ({ sku: sku(line.product), quantity: line.quantity.toString() })),
  };
  const rows = [row(1, 'CREATED', 'Order received', [], created, null, 'RECEIVED')];
  if (!isConfirmed) return rows;
  const levels = lines.map((line) => ({
    sku: sku(line.product),
    location: `W${order.location + 1}`,
    reservedDelta: line.quantity.toString(),
  }));
  rows.push(row(2, 'STOCK_RESERVED', 'Stock reserved', [], { levels }, 'RECEIVED', 'RECEIVED'));
  const moved = [{ field: 'status', from: 'RECEIVED', to: 'CONFIRMED' }];
  rows.push(row(3, 'STATUS_CHANGED', 'Order received is now confirmed', moved, null, 'RECEIVED', 'CONFIRMED'));
  return rows;
}
