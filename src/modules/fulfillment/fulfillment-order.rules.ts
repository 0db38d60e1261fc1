import {
  addDecimals,
  compareDecimals,
  isPositive,
  isZero,
  minDecimal,
  subtractDecimals,
} from '../../shared/decimal.js';
import type { Actor } from '../../shared/actor.js';
import type { HoldReason } from '../orders/index.js';
import { fulfillmentOrderMachine, isActive, type FulfillmentOrderStatus } from './fulfillment-order.states.js';

/** A line's share of a fulfillment order, in units of the order's line. */
export interface WorkLine {
  orderLineId: string;
  units: string;
  /** What has not left. */
  remaining: string;
  /** What of that came back or was lost, and has no stock reserved again. */
  waiting: string;
  /** What of that shipments under preparation hold. */
  claimed: string;
  isCounted: boolean;
}

export interface Hold {
  reason: HoldReason;
  note: string | null;
  by: Actor;
  at: string;
}

/** A fulfillment order as a step changes it. */
export interface Work {
  id: string;
  number: string;
  locationId: string;
  locationCode: string;
  status: FulfillmentOrderStatus;
  isReleased: boolean;
  /** Something of it has left once, whatever became of it. */
  hasLeft: boolean;
  hold: Hold | null;
  version: number;
  lines: WorkLine[];
}

/** What of a line is there to be worked on: neither canceled, shipped nor claimed; in units of the line. */
export interface Goods {
  orderLineId: string;
  isCounted: boolean;
  left: string;
  backordered: string;
  /** By location, what is reserved there and not claimed; of what is not counted there is nothing here. */
  freeAt: Map<string, string>;
}

export interface Draw {
  workId: string;
  orderLineId: string;
  units: string;
}

/** What can be shipped from it now, or taken away from it. */
export function freeOf({ remaining, waiting, claimed }: WorkLine): string {
  return subtractDecimals(subtractDecimals(remaining, waiting), claimed);
}

function linesFor(works: readonly Work[], orderLineId: string): { work: Work; line: WorkLine }[] {
  return works
    .filter(isActive)
    .flatMap((work) => work.lines.filter((line) => line.orderLineId === orderLineId).map((line) => ({ work, line })));
}

/** How much of a line the fulfillment orders there are can still ship, of those that `some` chooses. */
export function covered(works: readonly Work[], orderLineId: string, some: (work: Work) => boolean): string {
  return linesFor(works.filter(some), orderLineId).reduce((sum, { line }) => addDecimals(sum, freeOf(line)), '0');
}

function lineOf(work: Work, orderLineId: string, isCounted: boolean): WorkLine {
  const known = work.lines.find((line) => line.orderLineId === orderLineId);
  if (known) return known;
  const line = { orderLineId, units: '0', remaining: '0', waiting: '0', claimed: '0', isCounted };
  work.lines.push(line);
  return line;
}

export function addUnits(work: Work, orderLineId: string, isCounted: boolean, units: string, waiting = '0'): void {
  const line = lineOf(work, orderLineId, isCounted);
  line.units = addDecimals(line.units, units);
  line.remaining = addDecimals(line.remaining, units);
  line.waiting = addDecimals(line.waiting, waiting);
}

export function takeUnits(line: WorkLine, units: string, waiting = '0'): void {
  line.units = subtractDecimals(line.units, units);
  line.remaining = subtractDecimals(line.remaining, units);
  line.waiting = subtractDecimals(line.waiting, waiting);
}

/**
 * Takes units of a line for a shipment, from the fulfillment orders that `some` chooses, the oldest first; answers what it
 * took from where, and what is left to take.
 */
export function draw(
  works: readonly Work[],
  orderLineId: string,
  units: string,
  some: (work: Work) => boolean,
): { draws: Draw[]; rest: string } {
  const draws: Draw[] = [];
  let rest = units;
  for (const { work, line } of linesFor(works.filter(some), orderLineId)) {
    const taken = minDecimal(rest, freeOf(line));
    if (!isPositive(taken)) continue;
    rest = subtractDecimals(rest, taken);
    line.claimed = addDecimals(line.claimed, taken);
    work.status = 'IN_PROGRESS';
    draws.push({ workId: work.id, orderLineId, units: taken });
  }
  return { draws, rest };
}

/** What becomes of a shipment's share: it leaves, it comes back or is lost, or it is called off. */
export function follow(works: readonly Work[], draws: readonly Draw[], step: 'left' | 'gone' | 'canceled'): void {
  for (const { workId, orderLineId, units } of draws) {
    const work = works.find((one) => one.id === workId);
    const line = work?.lines.find((one) => one.orderLineId === orderLineId);
    if (!work || !line)
      throw new Error(`fulfillment order ${workId} has no line ${orderLineId}, of which a shipment holds ${units}`);
    if (step === 'gone') {
      line.remaining = addDecimals(line.remaining, units);
      if (line.isCounted) line.waiting = addDecimals(line.waiting, units);
      continue;
    }
    line.claimed = subtractDecimals(line.claimed, units);
    if (step === 'left') {
      line.remaining = subtractDecimals(line.remaining, units);
      work.hasLeft = true;
    } else if (!work.isReleased && !work.hasLeft) takeUnits(line, units);
  }
  for (const work of works) conclude(work);
}

/**
 * Brings fulfillment orders in line with what is there. What waited and is reserved again where it came back to is ready;
 * what was found elsewhere, or is canceled, goes. Answers, by line, how much became ready.
 */
export function settle(works: readonly Work[], goods: readonly Goods[]): Map<string, string> {
  const ready = new Map<string, string>();
  for (const of of goods) {
    const shares = linesFor(works, of.orderLineId);
    const waiting = shares.reduce((sum, { line }) => addDecimals(sum, line.waiting), '0');
    let excess = subtractDecimals(waiting, of.backordered);
    for (const { work, line } of shares) {
      const room = subtractDecimals(
        of.freeAt.get(work.locationId) ?? '0',
        covered(works, of.orderLineId, (one) => one.locationId === work.locationId),
      );
      const taken = [excess, line.waiting, room].reduce(minDecimal);
      if (!isPositive(taken)) continue;
      line.waiting = subtractDecimals(line.waiting, taken);
      excess = subtractDecimals(excess, taken);
      ready.set(of.orderLineId, addDecimals(ready.get(of.orderLineId) ?? '0', taken));
    }
    for (const { line } of shares) {
      const taken = minDecimal(excess, line.waiting);
      if (!isPositive(taken)) continue;
      takeUnits(line, taken, taken);
      excess = subtractDecimals(excess, taken);
    }
    trim(works, of);
  }
  for (const work of works) conclude(work);
  return ready;
}

/** What fulfillment orders have beyond what there is goes, from the newest first. */
export function trim(works: readonly Work[], { orderLineId, isCounted, left, freeAt }: Goods): void {
  const places = isCounted ? new Set(works.map((work) => work.locationId)) : [null];
  for (const place of places) {
    const here = (work: Work) => place === null || work.locationId === place;
    const there = place === null ? left : (freeAt.get(place) ?? '0');
    let beyond = subtractDecimals(covered(works, orderLineId, here), there);
    for (const { line } of linesFor(works.filter(here), orderLineId).reverse()) {
      const taken = minDecimal(beyond, freeOf(line));
      if (!isPositive(taken)) continue;
      takeUnits(line, taken);
      beyond = subtractDecimals(beyond, taken);
    }
  }
}

/** What a location has of a line that no fulfillment order covers. */
export interface Uncovered {
  orderLineId: string;
  isCounted: boolean;
  locationId: string;
  units: string;
}

/** What nobody has been told to work on yet. What is not counted goes to `elsewhere`, with the rest. */
export function uncovered(works: readonly Work[], goods: readonly Goods[], elsewhere: string | null): Uncovered[] {
  return goods.flatMap(({ orderLineId, isCounted, left, freeAt }) => {
    const places = isCounted ? [...freeAt] : elsewhere === null ? [] : ([[elsewhere, left]] as const);
    return places.flatMap(([locationId, there]) => {
      const here = (work: Work) => !isCounted || work.locationId === locationId;
      const units = subtractDecimals(there, covered(works, orderLineId, here));
      return isPositive(units) ? [{ orderLineId, isCounted, locationId, units }] : [];
    });
  });
}

/** Where all has left, or nothing is left of it, it ends; where something came back it is open again. */
export function conclude(work: Work): void {
  if (work.status === 'CANCELED') return;
  const sum = (of: 'remaining' | 'units') => work.lines.reduce((total, line) => addDecimals(total, line[of]), '0');
  const to = isPositive(sum('remaining'))
    ? work.status === 'CLOSED'
      ? 'OPEN'
      : work.status
    : isZero(sum('units'))
      ? 'CANCELED'
      : 'CLOSED';
  if (to === work.status) return;
  if (fulfillmentOrderMachine.path(work.status, to) === null)
    throw new Error(`no way leads fulfillment order ${work.number} from ${work.status} to ${to}`);
  work.status = to;
  work.hold = null;
}

/** Whether something of it has left and did not come back. */
export function hasShipped(work: Work): boolean {
  return work.lines.some((line) => compareDecimals(line.units, line.remaining) > 0);
}

/** Whether a shipment under preparation holds some of it. */
export function isClaimed(work: Work): boolean {
  return work.lines.some((line) => isPositive(line.claimed));
}
