import { compareDecimals, isPositive, subtractDecimals } from '../../shared/decimal.js';
import type { OrderStatus } from './order.states.js';

export const FULFILLMENT_STATUSES = ['UNFULFILLED', 'PARTIALLY_FULFILLED', 'FULFILLED', 'DELIVERED'] as const;
export type FulfillmentStatus = (typeof FULFILLMENT_STATUSES)[number];

/** How far one line is. Of a line that needs no shipping nothing is ever shipped; it is delivered when it is confirmed. */
export interface LineProgress {
  requiresShipping: boolean;
  quantity: string;
  canceled: string;
  shipped: string;
  delivered: string;
}

export interface ShipmentProgress {
  /** A warehouse is at work on a shipment. */
  isPreparing: boolean;
  /** Something has left once, whatever became of it. */
  hasLeft: boolean;
}

export const NOTHING_SHIPPED: ShipmentProgress = { isPreparing: false, hasLeft: false };

/** From what has left and arrived against what is ordered less canceled; of the lines that need shipping, where any does. */
export function fulfillmentStatusOf(lines: LineProgress[]): FulfillmentStatus {
  const open = whatCounts(lines);
  if (open.length === 0) return 'UNFULFILLED';
  if (open.every((line) => reaches(line.delivered, line))) return 'DELIVERED';
  if (open.every((line) => reaches(line.shipped, line))) return 'FULFILLED';
  return open.some((line) => isPositive(line.shipped) || isPositive(line.delivered))
    ? 'PARTIALLY_FULFILLED'
    : 'UNFULFILLED';
}

/** The headline of an order that is confirmed and of which something is left. */
export function headlineOf(lines: LineProgress[], { isPreparing, hasLeft }: ShipmentProgress): OrderStatus {
  switch (fulfillmentStatusOf(lines)) {
    case 'DELIVERED':
      return 'DELIVERED';
    case 'FULFILLED':
      return 'SHIPPED';
    case 'PARTIALLY_FULFILLED':
      return 'PARTIALLY_SHIPPED';
    default:
      return isPreparing || hasLeft ? 'PROCESSING' : 'CONFIRMED';
  }
}

function whatCounts(lines: LineProgress[]): LineProgress[] {
  const left = lines.filter((line) => isPositive(subtractDecimals(line.quantity, line.canceled)));
  const toShip = left.filter((line) => line.requiresShipping);
  return toShip.length > 0 ? toShip : left;
}

function reaches(done: string, line: LineProgress): boolean {
  return compareDecimals(done, subtractDecimals(line.quantity, line.canceled)) >= 0;
}

const A_DAY_MS = 86_400_000;

/** Until when what was delivered then may be returned. */
export function returnWindowClosesAt(deliveredAt: Date, windowDays: number): Date {
  return new Date(deliveredAt.getTime() + windowDays * A_DAY_MS);
}
