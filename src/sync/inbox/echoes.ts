import { ConnectorFailure } from '../../connect/index.js';
import type { Transaction } from '../../db/transaction.js';
import { isBeingTold, isOwnEcho, type ToldState } from '../../modules/references/index.js';
import type { EngineChange } from './apply-change.js';
import type { InboxRow } from './inbox.queries.js';
import { versionOf } from './read-changes.js';

const A_MOMENT_MS = 2_000;

/**
 * Whether a system only tells what the hub itself wrote there. Throws a ConnectorFailure where the hub is writing to the
 * record just now, so that it cannot be told yet: the message is tried again a moment later.
 */
export async function isEcho(
  tx: Transaction,
  integrationId: string,
  change: EngineChange,
  message: InboxRow,
): Promise<boolean> {
  const named = recordOf(change);
  if (named === null) return false;
  const version = message.origin === 'PULL' ? versionOf(message) : null;
  const state: ToldState = { integrationId, ...named, version };
  // What is read for a compare or a repair is taken even where the hub wrote it there: the hub may have lost it.
  if (message.origin !== 'CENSUS' && (await isOwnEcho(tx, state))) return true;
  if (await isBeingTold(tx, state)) {
    const what = `${state.kind} ${state.externalId} is being told by the hub just now`;
    throw new ConnectorFailure('transient', what, { retryAfterMs: A_MOMENT_MS });
  }
  return false;
}

/** Only of what the hub tells too. */
function recordOf(change: EngineChange): { kind: string; externalId: string; modifiedAt: Date } | null {
  switch (change.kind) {
    case 'customer':
      return named('customer', change.customer);
    case 'product':
      return named('product', change.product);
    case 'order':
      return named('order', change.order);
    case 'shipment':
      return named('shipment', change.shipment);
    case 'quote':
      return named('quote', change.quote);
    case 'stock':
      return named('stock', change.level);
    default:
      return null;
  }
}

function named(kind: string, { externalId, sourceVersion }: { externalId: string; sourceVersion: Date }) {
  return { kind, externalId, modifiedAt: sourceVersion };
}
