import type { ShipmentStatus } from '../fulfillment/index.js';
import type { HoldReason, OrderEventTypeName } from '../orders/index.js';

export const TEMPLATES = [
  'ORDER_CONFIRMED',
  'SHIPPED',
  'DELIVERED',
  'REFUNDED',
  'HOLD_PLACED',
  'SHIPMENT_EXCEPTION',
] as const;
export type Template = (typeof TEMPLATES)[number];
export type Audience = 'CUSTOMER' | 'DEPARTMENT';
export type Language = 'en' | 'it';
export type Department = 'SALES' | 'WAREHOUSE' | 'FINANCE' | 'LOGISTICS' | 'SUPPORT';

/** What of an event decides whom it is told to. */
export interface ToldEvent {
  type: OrderEventTypeName;
  status_from: string | null;
  status_to: string | null;
  /** Which status a shipment was moved to. */
  shipment_status: string | null;
  hold_reason: string | null;
}

/** Events that may be told; what else happens is left in the database. */
export const TOLD_TYPES: OrderEventTypeName[] = [
  'CREATED',
  'STATUS_CHANGED',
  'SHIPMENT_UPDATED',
  'PAYMENT_REFUNDED',
  'HOLD_PLACED',
];

const OF_SHIPMENTS: Partial<Record<ShipmentStatus, Template>> = {
  SHIPPED: 'SHIPPED',
  DELIVERED: 'DELIVERED',
  EXCEPTION: 'SHIPMENT_EXCEPTION',
  DELIVERY_FAILED: 'SHIPMENT_EXCEPTION',
  RETURNED_TO_SENDER: 'SHIPMENT_EXCEPTION',
  LOST: 'SHIPMENT_EXCEPTION',
};
/** What a quote becomes is confirmed from the first. */
const UNCONFIRMED = new Set<string | null>([null, 'DRAFT', 'RECEIVED']);

/** Null for what nobody is told. */
export function templateOf(event: ToldEvent): Template | null {
  switch (event.type) {
    case 'CREATED':
    case 'STATUS_CHANGED':
      return event.status_to === 'CONFIRMED' && UNCONFIRMED.has(event.status_from) ? 'ORDER_CONFIRMED' : null;
    case 'SHIPMENT_UPDATED':
      return OF_SHIPMENTS[event.shipment_status as ShipmentStatus] ?? null;
    case 'PAYMENT_REFUNDED':
      return 'REFUNDED';
    case 'HOLD_PLACED':
      return 'HOLD_PLACED';
    default:
      return null;
  }
}

export function audienceOf(template: Template): Audience {
  return template === 'HOLD_PLACED' || template === 'SHIPMENT_EXCEPTION' ? 'DEPARTMENT' : 'CUSTOMER';
}

/**
 * Whether it is told where nobody has decided. Marketplaces forbid to write to their customers, and a web shop writes
 * itself.
 */
export function isOnByItself(template: Template, channelKind: string): boolean {
  return audienceOf(template) === 'DEPARTMENT' || (channelKind !== 'MARKETPLACE' && channelKind !== 'WEB_SHOP');
}

const OF_HOLDS: Partial<Record<`${HoldReason}`, Department>> = {
  STOCK: 'WAREHOUSE',
  PAYMENT: 'FINANCE',
  CREDIT: 'FINANCE',
  FRAUD: 'FINANCE',
  TAX: 'FINANCE',
};

/** Who deals with it; SALES where that department has no address. */
export function departmentOf(template: Template, holdReason: string | null): Department {
  if (template === 'SHIPMENT_EXCEPTION') return 'LOGISTICS';
  return OF_HOLDS[holdReason as HoldReason] ?? 'SALES';
}

/** An address that a server can be given; nothing that could be read as two, or as more than an address. */
export function isAddress(text: string): boolean {
  return (
    text.length <= 320 && /^[^\s@,;:<>"()[\]\\]{1,64}@[^\s@,;:<>"()[\]\\]{1,253}$/.test(text) && !/\p{Cc}/u.test(text)
  );
}

export function languageOf(country: string | null): Language {
  return country === 'IT' || country === 'SM' || country === 'VA' ? 'it' : 'en';
}

const MINUTE = 60_000;
const PAUSES = [1, 5, 15, 60, 240].map((minutes) => minutes * MINUTE);
/** After two days and a half it is given up. */
export const MOST_TRIES = 16;
/** How long a process may take to send what it has claimed. */
export const LEASE_MS = 10 * MINUTE;

export function nextSending(now: Date, tries: number): Date {
  return new Date(now.getTime() + PAUSES[Math.min(tries, PAUSES.length) - 1]!);
}
