import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { mergeContacts, mergeCustomers } from '../../customers/index.js';
import { moveNotesToCustomer } from '../../departments/index.js';
import { moveOrdersToContact, moveOrdersToCustomer, OrderEvents } from '../../orders/index.js';
import { moveQuotesToContact, moveQuotesToCustomer, quoteMoved } from '../../quotes/index.js';
import {
  endForeign,
  linkRecord,
  meetForeign,
  repointReference,
  type Origin,
  type StatedEffect,
} from '../../references/index.js';

/** Several foreign records that became one: all of their ids mean `externalId` from now on. */
export interface StatedMerger {
  record: 'customer' | 'contact';
  externalId: string;
  mergedIds: string[];
  sourceVersion: Date;
}

/**
 * Hears that records became one there. Two customers of the hub that are one there become one here, with their orders,
 * quotes, contacts and references; what the hub did not know of them is remembered, so that an older message brings none
 * of it back.
 */
export async function recordMerger(
  scope: ActionScope,
  merger: StatedMerger,
  origin: Origin,
): Promise<{ recordId: string | null; effect: StatedEffect }> {
  const { record, externalId, mergedIds, sourceVersion } = merger;
  const { reference } = await meetForeign(scope, record, { externalId, sourceVersion }, origin);
  let keptId = reference?.record_id ?? null;
  let effect: StatedEffect = 'unchanged';
  for (const mergedId of mergedIds.filter((id) => id !== externalId).toSorted()) {
    const ended = await endForeign(
      scope,
      record,
      { externalId: mergedId, sourceVersion, mergedInto: externalId },
      origin,
    );
    const other = ended.reference;
    if (!other || other.record_id === keptId) continue;
    await scope.tx.flush();
    effect = 'updated';
    if (keptId === null) {
      keptId = other.record_id;
      const external = { integration: origin.integrationCode, externalId };
      await linkRecord(scope.tx, { kind: record, recordId: keptId, external, at: scope.now });
      continue;
    }
    if (record === 'customer') await mergeTwo(scope, keptId, other.record_id);
    else {
      await scope.tx.batch([
        moveOrdersToContact(other.record_id, keptId),
        moveQuotesToContact(other.record_id, keptId),
      ]);
      await mergeContacts(scope, { keptId, otherId: other.record_id });
    }
    scope.tx.defer(repointReference(origin.integrationId, record, mergedId, keptId, null));
  }
  return { recordId: keptId, effect };
}

async function mergeTwo(scope: ActionScope, keptId: string, otherId: string): Promise<void> {
  const { tx, actor, now } = scope;
  const { kept, other } = await mergeCustomers(scope, { keptId, otherId });
  const at = now.toISOString();
  const [orders, quotes] = await tx.batch([
    moveOrdersToCustomer(other.id, kept.id, at),
    moveQuotesToCustomer(other.id, kept.id, at),
    moveNotesToCustomer(other.id, kept.id),
  ]);
  const message = `Customer ${other.number} is now ${kept.number}`;
  const changes = [{ field: 'customer', from: other.id, to: kept.id }];
  const orderEvents = (orders as MovedOrder[]).flatMap(({ id, channel_code: channel, status, event_count: count }) => {
    const before = { status, eventCount: count - 1 };
    const order = { id, channel, customerId: kept.id };
    return new OrderEvents(order, before, { by: actor, at: now }).add({ type: 'EDITED', message, changes }).events;
  });
  const quoteEvents = (quotes as MovedQuote[]).map((quote) =>
    quoteMoved({ ...quote, event_count: quote.event_count - 1 }, scope, quote.status, quote.status, {
      type: 'EDITED',
      message,
      changes,
    }),
  );
  await appendEvents(tx, [...orderEvents, ...quoteEvents]);
}

type RowOf<T> = T extends (...values: never[]) => { row?: infer Row } ? NonNullable<Row> : never;
type MovedOrder = RowOf<typeof moveOrdersToCustomer>;
type MovedQuote = RowOf<typeof moveQuotesToCustomer>;
