import type { FieldChange, NewEvent } from '../../events/append.js';
import type { Actor } from '../../shared/actor.js';
import { typeId } from '../../shared/ids.js';
import { levelEvents, shownChange, type LevelChange, type LevelHappening } from '../stock/index.js';
import { ORDER_PREFIX } from './order.type.js';
import { orderMachine, type OrderStatus } from './order.states.js';

export const ORDER = 'order';

export const ORDER_EVENT_TYPES = [
  'CREATED',
  'EDITED',
  'STATUS_CHANGED',
  'HOLD_PLACED',
  'HOLD_RELEASED',
  'NOTE_ADDED',
  'ASSIGNED',
  'STOCK_RESERVED',
  'STOCK_RELEASED',
  'PAYMENT_AUTHORIZED',
  'PAYMENT_CAPTURED',
  'PAYMENT_FAILED',
  'PAYMENT_VOIDED',
  'PAYMENT_REFUNDED',
  'FULFILLMENT_RELEASED',
  'FULFILLMENT_UPDATED',
  'INVOICE_ISSUED',
  'SHIPMENT_CREATED',
  'SHIPMENT_UPDATED',
  'SYNCED',
  'NOTIFICATION_SENT',
] as const;
export type OrderEventTypeName = (typeof ORDER_EVENT_TYPES)[number];

interface Happening {
  type: OrderEventTypeName;
  message: string;
  changes?: FieldChange[];
  data?: unknown;
  personal?: NewEvent['personal'];
  to?: OrderStatus;
}

/** Numbers an order's events behind those it has, and keeps the status each of them began and ended with. */
export class OrderEvents {
  readonly events: NewEvent[] = [];
  #status: OrderStatus | null;
  #count: number;

  constructor(
    private readonly order: { id: string; channel: string; customerId: string | null },
    from: { status: OrderStatus | null; eventCount: number },
    private readonly written: { by: Actor; at: Date },
  ) {
    this.#status = from.status;
    this.#count = from.eventCount;
  }

  /** How many events the order has with these. */
  get count(): number {
    return this.#count;
  }

  add({ to, ...happening }: Happening): this {
    this.#count += 1;
    const before = this.#status;
    this.#status = to ?? this.#status;
    this.events.push({
      subjectKind: ORDER,
      subjectId: this.order.id,
      sequence: this.#count,
      at: this.written.at,
      actor: this.written.by,
      channel: this.order.channel,
      customerId: this.order.customerId,
      statusFrom: before,
      statusTo: this.#status,
      ...happening,
    });
    return this;
  }

  moved(from: OrderStatus, to: OrderStatus, reason?: string | null): this {
    return this.add({
      type: 'STATUS_CHANGED',
      message: `Order ${from.toLowerCase()} is now ${to.toLowerCase()}`,
      changes: [{ field: 'status', from, to }],
      ...(reason && { data: { reason } }),
      to,
    });
  }

  /** From one status to another, through those that the table has between them; each step has its event. */
  walked(from: OrderStatus, to: OrderStatus, reason?: string | null): this {
    const path = orderMachine.path(from, to);
    if (!path) throw new Error(`no way leads from ${from} to ${to}`);
    let at = from;
    for (const next of path) {
      this.moved(at, next, reason);
      at = next;
    }
    return this;
  }

  stockReserved(levels: LevelChange[], message = 'Stock reserved'): this {
    if (levels.length === 0) return this;
    this.#followLevels(levels, { type: 'RESERVED', message: 'reserved for an order' });
    return this.add({ type: 'STOCK_RESERVED', message, data: { levels: levels.map(shownChange) } });
  }

  stockReleased(levels: LevelChange[]): this {
    if (levels.length === 0) return this;
    this.#followLevels(levels, { type: 'RELEASED', message: 'no longer reserved for an order' });
    return this.add({ type: 'STOCK_RELEASED', message: 'Stock released', data: { levels: levels.map(shownChange) } });
  }

  /** The order's own event tells of the shipment. */
  stockLeft(levels: LevelChange[]): this {
    return this.#followLevels(levels, { type: 'SHIPPED', message: 'shipped for an order' });
  }

  /** Levels have events of their own, for those who follow stock. */
  #followLevels(levels: LevelChange[], happening: Omit<LevelHappening, 'order'>): this {
    this.events.push(
      ...levelEvents(levels, { ...happening, order: typeId(ORDER_PREFIX, this.order.id) }, this.written),
    );
    return this;
  }
}
