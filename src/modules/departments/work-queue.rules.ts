import type { StreamedEvent } from '../../events/streamed-event.js';
import { Department, ORDER, ORDER_PREFIX } from '../orders/index.js';
import { QUOTE, QUOTE_PREFIX } from '../quotes/index.js';
import { parseTypeId } from '../../shared/ids.js';
import { departmentOfHold } from './work-facts.js';
import type { AboutKind } from './work-queue.queries.js';
import { WORK_ITEM } from './work-item.type.js';

const { SALES, WAREHOUSE, FINANCE, LOGISTICS } = Department;
const ALL = Object.values(Department);
const CLOSED = new Set<unknown>(['COMPLETED', 'CANCELED']);
const PREPARING = new Set<unknown>(['PENDING', 'PICKING', 'PACKED']);
const IN_TROUBLE = new Set<unknown>(['EXCEPTION', 'DELIVERY_FAILED']);

/**
 * Whose queues an event may have changed. It may name one too many, never one too few: an event that changes whether one
 * of WORK_FACTS holds of a record must be among them.
 */
export function queuesTouchedBy(event: StreamedEvent): readonly Department[] {
  if (event.subjectKind === QUOTE) return isOrWas(event, 'PENDING_APPROVAL') ? [SALES] : [];
  if (event.subjectKind === WORK_ITEM) return departmentsIn(event.data?.department);
  return event.subjectKind === ORDER ? ofOrder(event) : [];
}

function ofOrder(event: StreamedEvent): Department[] {
  // An order that is closed takes along whatever was open of it.
  if (moved(event) && (CLOSED.has(event.statusFrom) || CLOSED.has(event.statusTo))) return ALL;
  const touched = new Set<Department>();
  const isHold = event.type === 'HOLD_PLACED' || event.type === 'HOLD_RELEASED';
  if (isHold) {
    const own = departmentOfHold(String(event.data?.reason));
    for (const department of own === null ? ALL : [own]) touched.add(department);
  }
  if (moved(event) || isHold) {
    if (isOrWas(event, 'RECEIVED')) touched.add(SALES);
    if (isOrWas(event, 'CONFIRMED')) touched.add(WAREHOUSE);
  }
  if (event.type === 'ASSIGNED') {
    const { from, to } = (event.data?.department ?? {}) as { from?: unknown; to?: unknown };
    // Holds that are the order's department's are those of SALES while it is with none.
    for (const department of [from ?? SALES, to ?? SALES]) touched.add(department as Department);
  }
  for (const department of byShipment(event)) touched.add(department);
  if (isAboutMoney(event)) touched.add(FINANCE);
  return [...touched];
}

function byShipment(event: StreamedEvent): Department[] {
  if (event.type === 'SHIPMENT_CREATED') return [WAREHOUSE];
  if (event.type !== 'SHIPMENT_UPDATED') return [];
  const statuses = event.changes.filter(({ field }) => field === 'status').flatMap(({ from, to }) => [from, to]);
  return [
    ...(statuses.some((status) => PREPARING.has(status)) ? [WAREHOUSE] : []),
    ...(statuses.some((status) => IN_TROUBLE.has(status)) ? [LOGISTICS] : []),
  ];
}

/** A payment on account is moved by people, which its events say; of all others it counts whether the order stays unpaid. */
function isAboutMoney(event: StreamedEvent): boolean {
  if (event.data?.payment !== undefined && event.data.provider === 'manual') return true;
  return event.changes.some(
    ({ field, from, to }) => field === 'paymentStatus' && (from === 'FAILED' || to === 'FAILED'),
  );
}

function moved({ statusFrom, statusTo }: StreamedEvent): boolean {
  return statusFrom !== statusTo;
}

function isOrWas({ statusFrom, statusTo }: StreamedEvent, status: string): boolean {
  return statusFrom === status || statusTo === status;
}

function departmentsIn(value: unknown): Department[] {
  return ALL.filter((department) => department === value);
}

/** What an event's message names: the order or quote, or the item that is about neither. */
export function aboutOf(event: StreamedEvent): { about: AboutKind; id: string } {
  if (event.subjectKind === ORDER) return { about: 'order', id: event.subjectId };
  if (event.subjectKind === QUOTE) return { about: 'quote', id: event.subjectId };
  const named = parseTypeId(String(event.data?.record ?? ''));
  if (named?.prefix === ORDER_PREFIX) return { about: 'order', id: named.id };
  if (named?.prefix === QUOTE_PREFIX) return { about: 'quote', id: named.id };
  return { about: 'item', id: event.subjectId };
}
