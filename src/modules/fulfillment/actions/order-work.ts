import type { FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { compareDecimals, isZero } from '../../../shared/decimal.js';
import {
  deleteWorkLines,
  insertFulfillmentOrder,
  insertWorkLines,
  updateFulfillmentOrder,
  updateWorkLines,
  type WorkRow,
} from '../fulfillment-order.queries.js';
import type { Hold, Work, WorkLine } from '../fulfillment-order.rules.js';
import { fulfillmentOrderMachine, isActive, type FulfillmentOrderStatus } from '../fulfillment-order.states.js';
import type { ShippableLine } from '../shipment.rules.js';

/** The fulfillment orders of an order that is locked, but for those that are canceled; and what a step changes of them. */
export class OrderWork {
  readonly works: Work[] = [];
  readonly #before = new Map<string, Work>();

  constructor(rows: readonly WorkRow[]) {
    for (const lines of Map.groupBy(rows, (row) => row.id).values()) {
      this.works.push(workOf(lines));
      this.#before.set(lines[0]!.id, workOf(lines));
    }
  }

  /** Whether a warehouse has something of the order still to send. */
  get isActive(): boolean {
    return this.works.some(isActive);
  }

  add(work: Pick<Work, 'id' | 'number' | 'locationId' | 'locationCode' | 'isReleased'>): Work {
    const made: Work = { ...work, status: 'OPEN', hasLeft: false, hold: null, version: 1, lines: [] };
    this.works.push(made);
    return made;
  }

  /** The rows of the table that each has passed, as the event of what moved them tells it. */
  get moves(): FieldChange[] {
    return this.works.flatMap(({ id, number, status }) => {
      let at: FulfillmentOrderStatus = this.#before.get(id)?.status ?? 'OPEN';
      return fulfillmentOrderMachine.path(at, status)!.map((to) => {
        const from = at;
        at = to;
        return { field: `fulfillmentOrders.${number}`, from, to };
      });
    });
  }

  /** Leaves what has changed to the transaction; what draws on it goes behind it. */
  async save(scope: ActionScope, orderId: string, shippable: readonly ShippableLine[]): Promise<void> {
    const at = scope.now.toISOString();
    const changed = this.works.filter((work) => this.#hasChanged(work));
    for (const work of changed) {
      const { id, number, locationId, status, isReleased, hold } = work;
      const held = [hold?.reason, hold?.note, hold?.by.kind, hold?.by.id, hold?.by.name, hold?.at].map(
        (v) => v ?? null,
      );
      scope.tx.defer(
        this.#before.has(id)
          ? updateFulfillmentOrder(id, locationId, status, ...held, at)
          : insertFulfillmentOrder(id, number, orderId, locationId, status, isReleased, ...held, at),
      );
    }
    await this.#saveLines(scope, changed, shippable);
  }

  #hasChanged(work: Work): boolean {
    const before = this.#before.get(work.id);
    return (
      before?.status !== work.status ||
      before.locationId !== work.locationId ||
      work.lines.some(
        (line) =>
          !isSame(
            before.lines.find(({ orderLineId }) => orderLineId === line.orderLineId),
            line,
          ),
      )
    );
  }

  async #saveLines({ tx }: ActionScope, changed: Work[], shippable: readonly ShippableLine[]): Promise<void> {
    const added: { workId: string; line: WorkLine }[] = [];
    const kept: typeof added = [];
    const gone: typeof added = [];
    for (const work of changed) {
      const before = this.#before.get(work.id)?.lines ?? [];
      for (const line of work.lines) {
        const known = before.find(({ orderLineId }) => orderLineId === line.orderLineId);
        // What is canceled shows what it was.
        if (work.status === 'CANCELED' && known)
          kept.push({ workId: work.id, line: { ...known, remaining: '0', waiting: '0' } });
        else if (!known && !isZero(line.units)) added.push({ workId: work.id, line });
        else if (!known) continue;
        else if (isZero(line.units)) gone.push({ workId: work.id, line });
        else if (!isSame(known, line)) kept.push({ workId: work.id, line });
      }
    }
    if (kept.length > 0)
      tx.defer(
        updateWorkLines(
          kept.map(({ workId }) => workId),
          kept.map(({ line }) => line.orderLineId),
          kept.map(({ line }) => line.units),
          kept.map(({ line }) => line.remaining),
          kept.map(({ line }) => line.waiting),
        ),
      );
    if (gone.length > 0)
      tx.defer(
        deleteWorkLines(
          gone.map(({ workId }) => workId),
          gone.map(({ line }) => line.orderLineId),
        ),
      );
    const rows = added.flatMap(({ workId, line }) =>
      shippable.find(({ id }) => id === line.orderLineId)!.pieces.map((piece) => ({ workId, line, piece })),
    );
    if (rows.length === 0) return;
    tx.defer(
      insertWorkLines(
        await tx.ids.take(rows.length),
        rows.map(({ workId }) => workId),
        rows.map(({ line }) => line.orderLineId),
        rows.map(({ piece }) => piece.productId),
        rows.map(({ piece }) => piece.sku),
        rows.map(({ piece }) => piece.perUnit),
        rows.map(({ line }) => line.units),
        rows.map(({ line }) => line.remaining),
        rows.map(({ line }) => line.waiting),
        rows.map(({ piece }) => piece.isStocked),
      ),
    );
  }
}

function isSame(before: WorkLine | undefined, after: WorkLine): boolean {
  return (
    before !== undefined &&
    compareDecimals(before.units, after.units) === 0 &&
    compareDecimals(before.remaining, after.remaining) === 0 &&
    compareDecimals(before.waiting, after.waiting) === 0
  );
}

function workOf(rows: readonly WorkRow[]): Work {
  const row = rows[0]!;
  return {
    id: row.id,
    number: row.number,
    locationId: row.location_id,
    locationCode: row.location_code,
    status: row.status,
    isReleased: row.is_released,
    hasLeft: row.has_left,
    hold: holdOf(row),
    version: row.version,
    lines: rows.map((line) => ({
      orderLineId: line.order_line_id,
      units: line.units,
      remaining: line.remaining,
      waiting: line.waiting,
      claimed: line.claimed,
      isCounted: line.is_counted,
    })),
  };
}

function holdOf(row: WorkRow): Hold | null {
  if (row.hold_reason === null) return null;
  const { hold_reason: reason, hold_note: note, hold_actor_kind: kind, hold_actor_id: id, hold_actor_name: name } = row;
  return { reason, note, by: { kind: kind!, id, name: name! }, at: row.held_at! };
}
