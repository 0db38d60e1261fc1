import { transitionError } from '../../graph/user-errors.js';
import { Refusal } from '../../shared/failures.js';
import { machine } from '../../shared/state-machine.js';

export const SHIPMENT_STATUSES = [
  'PENDING',
  'PICKING',
  'PACKED',
  'SHIPPED',
  'IN_TRANSIT',
  'OUT_FOR_DELIVERY',
  'DELIVERED',
  'EXCEPTION',
  'DELIVERY_FAILED',
  'RETURNED_TO_SENDER',
  'LOST',
  'CANCELED',
] as const;
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number];

const FOUND_AGAIN = ['IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'RETURNED_TO_SENDER', 'LOST'] as const;

/** What each status of a shipment may become; walked at start, and the only way a status is written. */
export const shipmentMachine = machine<ShipmentStatus>('shipment', SHIPMENT_STATUSES, {
  initial: ['PENDING'],
  moves: {
    PENDING: ['PICKING', 'PACKED', 'SHIPPED', 'CANCELED'],
    PICKING: ['PACKED', 'SHIPPED', 'CANCELED'],
    PACKED: ['SHIPPED', 'CANCELED'],
    SHIPPED: [
      'IN_TRANSIT',
      'OUT_FOR_DELIVERY',
      'DELIVERED',
      'EXCEPTION',
      'DELIVERY_FAILED',
      'RETURNED_TO_SENDER',
      'LOST',
    ],
    IN_TRANSIT: ['OUT_FOR_DELIVERY', 'DELIVERED', 'EXCEPTION', 'DELIVERY_FAILED', 'RETURNED_TO_SENDER', 'LOST'],
    OUT_FOR_DELIVERY: ['DELIVERED', 'EXCEPTION', 'DELIVERY_FAILED', 'RETURNED_TO_SENDER'],
    EXCEPTION: FOUND_AGAIN,
    DELIVERY_FAILED: FOUND_AGAIN,
    DELIVERED: [],
    RETURNED_TO_SENDER: [],
    LOST: [],
    CANCELED: [],
  },
});

/** In the warehouse: its goods are still on the shelf and claimed for it. */
export const PREPARING: readonly ShipmentStatus[] = ['PENDING', 'PICKING', 'PACKED'];
/** It has left and does not come back: what it holds counts as not shipped. */
export const GONE: readonly ShipmentStatus[] = ['RETURNED_TO_SENDER', 'LOST'];

export function isPreparing(status: ShipmentStatus): boolean {
  return PREPARING.includes(status);
}

/** Something that a carrier reports of a parcel that has left. */
export function isOnItsWay(status: ShipmentStatus): boolean {
  return !isPreparing(status) && status !== 'CANCELED';
}

/** Something that a person has to decide on: nothing of the order moves on meanwhile. */
const TROUBLE: readonly ShipmentStatus[] = ['EXCEPTION', 'DELIVERY_FAILED', 'RETURNED_TO_SENDER', 'LOST'];
/** And where the parcel goes on by itself, there is nothing left to decide. */
const GOES_ON: readonly ShipmentStatus[] = ['IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED'];

export function isTrouble(status: ShipmentStatus): boolean {
  return TROUBLE.includes(status);
}

export function goesOn(status: ShipmentStatus): boolean {
  return GOES_ON.includes(status);
}

/** Whether a step in the warehouse is one that a shipment has behind it. What was called off has none behind it. */
export function isBehind(step: ShipmentStatus, now: ShipmentStatus): boolean {
  if (!isPreparing(step)) return false;
  return isPreparing(now) ? PREPARING.indexOf(step) < PREPARING.indexOf(now) : isOnItsWay(now);
}

/** The way that every parcel goes where nothing happens to it. */
const COURSE: readonly ShipmentStatus[] = ['SHIPPED', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED'];

/**
 * Whether a report moves a shipment: the table must have the step, and the report must not be older than what stands,
 * unless it is further along the course. A late one is kept and moves nothing.
 */
export function movesOn(
  now: { status: ShipmentStatus; at: Date },
  report: { status: ShipmentStatus; at: Date },
): boolean {
  if (!shipmentMachine.canMove(now.status, report.status)) return false;
  if (report.at >= now.at || report.status === 'DELIVERED') return true;
  const from = COURSE.indexOf(now.status);
  return from >= 0 && COURSE.indexOf(report.status) > from;
}

/** Throws INVALID_TRANSITION with what is allowed, unless the shipment may go there. */
export function assertShipmentMove(shipment: { number: string; status: ShipmentStatus }, to: ShipmentStatus): void {
  const { number, status } = shipment;
  if (shipmentMachine.canMove(status, to)) return;
  throw new Refusal([transitionError(`shipment ${number}`, status, to, shipmentMachine.allowed(status))]);
}
