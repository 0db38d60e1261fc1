import type { FieldChange } from '../../events/append.js';
import { parseInstant } from '../../shared/clock.js';
import { Refusals } from '../../shared/failures.js';
import { isOnItsWay, movesOn, type ShipmentStatus } from './shipment.states.js';
import type { ShipmentRow } from './shipment.type.js';
import type { UpdateShipmentInput } from './shipment-input.type.js';

/** What a carrier or staff says of a shipment. */
export interface Report {
  status: ShipmentStatus;
  at: Date;
  description: string | null;
  place: string | null;
}
const HEADER = {
  carrier: 'carrier',
  service: 'service',
  trackingNumber: 'tracking_number',
  trackingUrl: 'tracking_url',
};
const A_DAY_MS = 86_400_000;

/** Throws where the input contradicts itself; null where nothing is reported. */
export function readReport(now: Date, input: UpdateShipmentInput): Report | null {
  const refusals = new Refusals();
  for (const field of ['description', 'place', 'at'] as const) {
    if (input[field] != null && input.status == null)
      refusals.add('REQUIRED', `status: expected with ${field}`, ['status']);
  }
  if (input.status === null) refusals.add('INVALID', 'status: cannot be emptied', ['status']);
  const at = input.at ?? now;
  if (at.getTime() > now.getTime() + A_DAY_MS)
    refusals.add('INVALID', `at: expected no later than a day from now, got ${at.toISOString()}`, ['at']);
  if (input.trackingUrl != null && !/^https?:\/\/\S{1,2000}$/.test(input.trackingUrl))
    refusals.add('INVALID', `trackingUrl: expected an http or https address, got "${input.trackingUrl}"`, [
      'trackingUrl',
    ]);
  refusals.throwIfAny();
  if (input.status == null) return null;
  return { status: input.status, at, description: input.description ?? null, place: input.place ?? null };
}

export function moves(shipment: ShipmentRow, report: Report): boolean {
  if (!isOnItsWay(shipment.status)) return true;
  return movesOn({ status: shipment.status, at: parseInstant(shipment.status_at) }, report);
}

export function nextRow(shipment: ShipmentRow, { status, at }: Report, now: Date): ShipmentRow {
  return {
    ...shipment,
    status,
    status_at: (isOnItsWay(status) ? at : now).toISOString(),
    ...(status === 'SHIPPED' && { shipped_at: at.toISOString() }),
    ...(status === 'DELIVERED' && { delivered_at: at.toISOString() }),
  };
}

export function headerOf(shipment: ShipmentRow, input: UpdateShipmentInput): Partial<ShipmentRow> {
  return Object.fromEntries(
    Object.entries(HEADER).map(([field, column]) => {
      const given = input[field as keyof typeof HEADER];
      return [column, given === undefined ? shipment[column as keyof ShipmentRow] : given];
    }),
  );
}

export function headerChanges(shipment: ShipmentRow, input: UpdateShipmentInput): FieldChange[] {
  const after = headerOf(shipment, input);
  return Object.entries(HEADER).flatMap(([field, column]) => {
    const [from, to] = [shipment[column as keyof ShipmentRow], after[column as keyof ShipmentRow]];
    return from === to ? [] : [{ field, from, to }];
  });
}

export function messageOf(
  { number }: ShipmentRow,
  move: Report | null,
  news: Report | null,
  isUncounted: boolean,
): string {
  const said = (status: ShipmentStatus) => status.toLowerCase().replaceAll('_', ' ');
  const before = isUncounted
    ? '; it left before its goods were first counted there, so nothing is taken off the shelf'
    : '';
  if (move) return `Shipment ${number} is now ${said(move.status)}${before}`;
  if (news) return `Shipment ${number} was ${said(news.status)}, as is reported late or again`;
  return `Shipment ${number} changed`;
}
