import type { FieldChange, NewEvent } from '../../events/append.js';
import type { Actor } from '../../shared/actor.js';
import { compareDecimals, decimalText } from '../../shared/decimal.js';
import { availableOf, type LevelChange, type LockedLevel } from './stock.rules.js';

/** The subjects of events about stock. */
export const LOCATION = 'stock_location';
export const LEVEL = 'stock_level';
/** What connected systems keep of a level, as references and the connector kit name it. */
export const STOCK = 'stock';

/** What happens to a level; each event's sequence is the version that the change made. */
export type LevelEventType = 'ADJUSTED' | 'POLICY_SET' | 'RESERVED' | 'RELEASED' | 'SHIPPED';

export interface LevelHappening {
  type: LevelEventType;
  message: string;
  /** Which order it was for, by its id in the graph. */
  order: string;
}

/** What of a level's event every follower of levels reads. */
export interface LevelEventData {
  sku: string;
  location: string;
  availableBefore: string;
  availableAfter: string;
}

/** The events of the levels that an order's step has changed. */
export function levelEvents(
  changes: readonly LevelChange[],
  { type, message, order }: LevelHappening,
  written: { by: Actor; at: Date },
): NewEvent[] {
  return changes.map(({ before, after }) => ({
    subjectKind: LEVEL,
    subjectId: before.id,
    sequence: after.version,
    at: written.at,
    actor: written.by,
    type,
    message: `${before.sku} at ${before.location_code}: ${message}`,
    changes: [
      ...changed('reserved', before.reserved, after.reserved),
      ...changed('onHand', before.on_hand, after.on_hand),
    ],
    data: { ...levelData(before, after), order },
  }));
}

export function levelData(before: LockedLevel, after: LockedLevel): LevelEventData {
  return {
    sku: before.sku,
    location: before.location_code,
    availableBefore: availableOf(before),
    availableAfter: availableOf(after),
  };
}

function changed(field: string, from: string, to: string): FieldChange[] {
  return compareDecimals(from, to) === 0 ? [] : [{ field, from: decimalText(from), to: decimalText(to) }];
}
