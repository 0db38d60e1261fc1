import { ConnectorFailure } from '../../connect/index.js';
import type { Statement } from '../../db/statement.js';
import { echoQuestion, originOfState, type EchoRow } from '../../modules/references/index.js';
import type { EngineChange } from './apply-change.js';
import type { InboxRow } from './inbox.queries.js';
import { versionOf } from './read-changes.js';

const A_MOMENT_MS = 2_000;

/** What tells whether a change is an echo; null where the hub tells nothing of the kind. */
export function askForEcho(integrationId: string, change: EngineChange, message: InboxRow): Statement<EchoRow> | null {
  const named = recordOf(change);
  const version = message.origin === 'PULL' ? versionOf(message) : null;
  return named && echoQuestion({ integrationId, ...named, version });
}

/**
 * Whether a system only tells what the hub itself wrote there. Throws a ConnectorFailure where the hub is writing to the
 * record just now, so that it cannot be told yet: the message is tried again a moment later.
 */
export function isEcho(change: EngineChange, answer: EchoRow, message: InboxRow): boolean {
  const origin = originOfState(answer);
  // What is read for a compare or a repair is taken even where the hub wrote it there: the hub may have lost it.
  if (origin !== 'UNKNOWN') return origin === 'OWN' && message.origin !== 'CENSUS';
  const { kind, externalId } = recordOf(change)!;
  const what = `${kind} ${externalId} is being told by the hub just now`;
  throw new ConnectorFailure('transient', what, { retryAfterMs: A_MOMENT_MS });
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
