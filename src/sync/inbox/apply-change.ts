import { rejected, type Change, type RecordKind } from '../../connect/index.js';
import type { Transaction } from '../../db/transaction.js';
import type { ActionScope } from '../../graph/mutation.js';
import {
  convertWonQuote,
  recordStatedOrder,
  recordStatedQuote,
  recordStatedShipment,
  type StatedOrigin,
} from '../../modules/order-flow/index.js';
import { findReference } from '../../modules/references/index.js';
import { receive } from './receive.js';

export interface Origin extends StatedOrigin {
  /** When the hub got to know; no state can be newer. */
  receivedAt: Date;
}

/** What the engine tells itself: a step that must not take back what led to it where it fails. */
export interface Conversion {
  kind: 'conversion';
  externalId: string;
}
export type EngineChange = Change | Conversion;

export interface Applied {
  effect: string;
  /** The record that is here from now on, whatever waited for it. */
  arrived?: { kind: RecordKind; externalId: string };
}

/**
 * Carries out what a system says, by the same actions that mutations use. Throws a Refusal for what cannot be taken, and
 * NotYet for what came before the record it belongs to.
 */
export async function applyChange(scope: ActionScope, change: EngineChange, origin: Origin): Promise<Applied> {
  switch (change.kind) {
    case 'order': {
      const { effect } = await recordStatedOrder(scope, notAhead(change.order, origin), origin);
      return here(effect, 'order', change.order.externalId);
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
    default:
      throw rejected(`this hub takes no ${change.kind} yet`);
  }
}

/** By a message of its own: a quote that cannot become an order now is kept all the same, and tried again by a replay. */
function convertNext({ tx }: ActionScope, externalId: string, { integrationId, receivedAt }: Origin): void {
  const conversion: Conversion = { kind: 'conversion', externalId };
  const body = Buffer.from(JSON.stringify(conversion));
  const message = { topic: 'quote-conversion', eventId: externalId, externalId, body, occurredAt: null };
  tx.defer(receive(integrationId, 'HUB', [message], receivedAt));
}

function here(effect: string, kind: RecordKind, externalId: string): Applied {
  return effect === 'created' ? { effect, arrived: { kind, externalId } } : { effect };
}

/** A system whose clock is ahead must not make what it says later look old. */
function notAhead<T extends { sourceVersion: Date }>(stated: T, { receivedAt }: Origin): T {
  return stated.sourceVersion > receivedAt ? { ...stated, sourceVersion: receivedAt } : stated;
}

/** Whether the hub has a record that a system knows under that id. */
export async function isHere(tx: Transaction, code: string, kind: string, externalId: string): Promise<boolean> {
  return (await tx.one(findReference(code, kind, externalId))) !== undefined;
}
