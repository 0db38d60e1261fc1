import { addDecimals, isPositive } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import { idOf } from '../../shared/ids.js';
import { isWhole } from '../catalog/index.js';
import type { LineQuantityInput } from './order-input.type.js';
import type { LinePartRow } from './order.queries.js';
import { ORDER_LINE_PREFIX } from './order.type.js';

export interface LineQuantity {
  quantity: string;
  field: string[];
}

/**
 * Reads how much of which lines is asked for, a line named twice added up; adds a refusal for a line that the order does
 * not have, for a quantity that is none, and for one that divides a bundle.
 */
export function readLineQuantities(
  asked: readonly LineQuantityInput[],
  lineIds: ReadonlySet<string>,
  parts: readonly LinePartRow[],
  refusals: Refusals,
): Map<string, LineQuantity> {
  if (asked.length === 0) refusals.add('REQUIRED', 'lines: expected at least one; leave it out for all', ['lines']);
  const read = new Map<string, LineQuantity>();
  asked.forEach(({ lineId, quantity }, index) => {
    const field = ['lines', String(index)];
    const id = idOf(ORDER_LINE_PREFIX, lineId);
    if (id === null || !lineIds.has(id)) {
      refusals.add('NOT_FOUND', `the order has no line ${lineId}`, [...field, 'lineId']);
    } else if (!isPositive(quantity)) {
      refusals.add('INVALID', `quantity: expected more than zero, got ${quantity}`, [...field, 'quantity']);
    } else if (!isWhole(quantity) && parts.some((part) => part.order_line_id === id)) {
      refusals.add('INVALID', `quantity: expected a whole number of a bundle, got ${quantity}`, [...field, 'quantity']);
    } else {
      const sum = addDecimals(read.get(id)?.quantity ?? '0', quantity);
      read.set(id, { quantity: sum, field: [...field, 'quantity'] });
    }
  });
  return read;
}
