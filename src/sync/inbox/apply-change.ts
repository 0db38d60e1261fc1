import { rejected, type Change, type Deletion } from '../../connect/index.js';
import type { Transaction } from '../../db/transaction.js';
import type { ActionScope } from '../../graph/mutation.js';
import { recordStatedProduct, selectProductsBySku, SKU } from '../../modules/catalog/index.js';
import { recordStatedContact, recordStatedCustomer } from '../../modules/customers/index.js';
import {
  convertWonQuote,
  recordDeletion,
  recordMerger,
  recordStatedOrder,
  recordStatedQuote,
  recordStatedShipment,
  recordStatedStock,
} from '../../modules/order-flow/index.js';
import { recordStatedPayment } from '../../modules/payments/index.js';
import { endForeign, findReference, successorsOf } from '../../modules/references/index.js';
import { Refusal } from '../../shared/failures.js';
import type { StatedPayment } from '../../shared/stated/index.js';
import { notAhead, type Origin } from './origin.js';
import { settleOvertakenPayments } from './overtaken-payments.js';
import { receive } from './receive.js';
import { setPaymentsApart } from './set-payments-apart.js';

/** What the engine tells itself: a step that must not take back what led to it where it fails. */
export interface Conversion {
  kind: 'conversion';
  externalId: string;
}
export type EngineChange = Change | Conversion;

export interface Applied {
  effect: string;
  /** The records that are here from now on: whatever waited for them can be tried. */
  arrived?: { kind: string; externalId: string }[];
}

/**
 * Carries out what a system says, by the same actions that mutations use. Throws a Refusal for what cannot be taken, and
 * NotYet for what came before the record it belongs to.
 */
export async function applyChange(scope: ActionScope, change: EngineChange, origin: Origin): Promise<Applied> {
  switch (change.kind) {
    case 'order': {
      const { effect } = await recordStatedOrder(scope, notAhead(change.order, origin), origin);
      const { externalId, customer } = change.order;
      // An order brings its customer.
      const buyer = customer ? (here(effect, 'customer', customer.externalId).arrived ?? []) : [];
      return { effect, arrived: [...(here(effect, 'order', externalId).arrived ?? []), ...buyer] };
    }
    case 'quote': {
      const { quote } = change;
      const { effect } = await recordStatedQuote(scope, notAhead(quote, origin), origin);
      if (quote.isWon && effect !== 'stale') convertNext(scope, quote.externalId, origin);
      return here(effect, 'quote', quote.externalId);
    }
    case 'conversion':
      return convertWonQuote(scope, change.externalId, origin);
    case 'shipment': {
      const { effect } = await recordStatedShipment(scope, notAhead(change.shipment, origin), origin);
      return here(effect, 'shipment', change.shipment.externalId);
    }
    case 'customer': {
      const { effect } = await recordStatedCustomer(scope, notAhead(change.customer, origin), origin);
      return here(effect, 'customer', change.customer.externalId);
    }
    case 'contact': {
      const { effect } = await recordStatedContact(scope, notAhead(change.contact, origin), origin);
      return here(effect, 'contact', change.contact.externalId);
    }
    case 'product': {
      const { effect, sku } = await recordStatedProduct(scope, notAhead(change.product, origin), origin);
      // What waits for a product names its SKU: it may mean another one now.
      return effect === 'stale' ? { effect } : { effect, arrived: [{ kind: SKU, externalId: sku }] };
    }
    case 'stock': {
      const { effect } = await recordStatedStock(scope, notAhead(change.level, origin), origin);
      return { effect };
    }
    case 'merged': {
      const { effect } = await recordMerger(scope, notAhead(change, origin), origin);
      const ids = [change.externalId, ...change.mergedIds];
      return { effect, arrived: ids.map((externalId) => ({ kind: change.record, externalId })) };
    }
    case 'deleted':
      return recordEnd(scope, notAhead(change, origin), origin);
    case 'payment':
      return takePayment(scope, notAhead(change.payment, origin), origin);
    case 'hint':
      throw rejected('a record that is read after a hint cannot be a hint itself');
  }
}

/** What comes with it, its order above all, must not fail for it: where it is refused, it is by a message of its own, behind that. */
async function takePayment(scope: ActionScope, payment: StatedPayment, origin: Origin): Promise<Applied> {
  try {
    const applied = await recordStatedPayment(scope, payment, origin);
    if (applied.effect !== 'stale') scope.tx.defer(settleOvertakenPayments(origin.integrationId, payment, scope.now));
    return applied;
  } catch (error) {
    if (!origin.isOneOfSeveral || !(error instanceof Refusal)) throw error;
    scope.tx.dropDeferred();
    scope.tx.defer(setPaymentsApart([payment], origin));
    return { effect: 'a payment set apart' };
  }
}

/** By a message of its own: a quote that cannot become an order now is kept all the same, and tried again by a replay. */
function convertNext({ tx }: ActionScope, externalId: string, { integrationId, receivedAt }: Origin): void {
  const conversion: Conversion = { kind: 'conversion', externalId };
  const body = Buffer.from(JSON.stringify(conversion));
  const message = { topic: 'quote-conversion', eventId: externalId, externalId, body, occurredAt: null };
  tx.defer(receive(integrationId, 'HUB', [message], receivedAt));
}

/** An order, quote or shipment that a system no longer has is nobody's less here: what was agreed stays on record. */
async function recordEnd(scope: ActionScope, deletion: Deletion, origin: Origin): Promise<Applied> {
  const { record } = deletion;
  if (record === 'customer' || record === 'contact' || record === 'product' || record === 'stock') {
    return recordDeletion(scope, { ...deletion, record }, origin);
  }
  const { effect } = await endForeign(scope, record, deletion, origin);
  return { effect };
}

function here(effect: string, kind: string, externalId: string): Applied {
  // One that was here under another system's id is news all the same to what waits for it under this one.
  return effect === 'stale' ? { effect } : { effect, arrived: [{ kind, externalId }] };
}

/** Whether the hub has a record that a system knows under that id, or knows that it goes by another there. */
export async function isHere(tx: Transaction, code: string, kind: string, externalId: string): Promise<boolean> {
  if (kind === SKU) return (await tx.query(selectProductsBySku([externalId]))).length > 0;
  if ((await tx.one(findReference(code, kind, externalId))) !== undefined) return true;
  return (await successorsOf(tx, code, kind, [externalId]))(externalId) !== externalId;
}
