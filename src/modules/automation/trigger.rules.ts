import type { Refusals } from '../../shared/failures.js';
import { ORDER_STATUSES, type OrderEventTypeName, type OrderStatus } from '../orders/index.js';

/** What sets a rule off: an event of the order, or that it has come to a status, and maybe stood there for so long. */
export interface Trigger {
  event?: OrderEventTypeName;
  status?: OrderStatus;
  afterMinutes?: number;
}

/** What of an event says whether it sets off a rule. */
export interface TriggeringEvent {
  type: string;
  status_from: string | null;
  status_to: string | null;
}

export const MOST_TRIGGERS = 20;
/** A year. */
const LONGEST_MINUTES = 366 * 24 * 60;

/** The pauses, in minutes, behind which the event sets the rule off; none where it does not. */
export function pausesOf(triggers: readonly Trigger[], event: TriggeringEvent): number[] {
  const pauses = triggers.filter((trigger) => sets(trigger, event)).map(({ afterMinutes }) => afterMinutes ?? 0);
  return [...new Set(pauses)];
}

function sets({ event: type, status }: Trigger, event: TriggeringEvent): boolean {
  if (type !== undefined) return event.type === type;
  return event.status_to === status && event.status_from !== status;
}

/** Leaves out what is null, and refuses what does not say one thing. */
export function readTriggers(
  given: readonly { event?: string | null; status?: string | null; afterMinutes?: number | null }[],
  refusals: Refusals,
): Trigger[] {
  if (given.length === 0 || given.length > MOST_TRIGGERS) {
    refusals.add('INVALID', `triggers: expected 1 to ${MOST_TRIGGERS}, got ${given.length}`, ['triggers']);
  }
  return given.map(({ event, status, afterMinutes }, index) => {
    const field = (name: string) => ['triggers', String(index), name];
    if ((event == null) === (status == null))
      refusals.add('INVALID', 'expected exactly one of event and status', field('event'));
    if (afterMinutes != null && event != null)
      refusals.add(
        'INVALID',
        'afterMinutes: an order stands in a status; expected with `status`',
        field('afterMinutes'),
      );
    if (afterMinutes != null && (afterMinutes < 0 || afterMinutes > LONGEST_MINUTES)) {
      const message = `afterMinutes: expected 0 to ${LONGEST_MINUTES}, got ${afterMinutes}`;
      refusals.add('INVALID', message, field('afterMinutes'));
    }
    if (status != null && !ORDER_STATUSES.includes(status as OrderStatus))
      refusals.add('INVALID', `status: no order is ever ${status}`, field('status'));
    return {
      ...(event != null && { event: event as OrderEventTypeName }),
      ...(status != null && { status: status as OrderStatus }),
      ...(afterMinutes != null && { afterMinutes }),
    };
  });
}
