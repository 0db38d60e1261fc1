import { setImmediate as breath } from 'node:timers/promises';
import type { Transaction } from '../../db/transaction.js';
import type { ConnectionRow } from '../../modules/integrations/index.js';
import { recordNewOrders } from '../../modules/order-flow/index.js';
import { echoQuestion, originOfState, type EchoRow } from '../../modules/references/index.js';
import type { StatedOrder } from '../../shared/stated/index.js';
import { connectorOf, scopeOf, type SyncParts } from '../parts.js';
import { learned } from '../reconcile/learned.js';
import { finishMessages, lockMessages, wake, type InboxRow } from './inbox.queries.js';
import { notAhead, originOf } from './origin.js';
import { readAtOnce, type Said } from './read-changes.js';

export interface TakenOrders {
  taken: ReadonlySet<InboxRow>;
  /** What messages say that were read and not taken. */
  said: ReadonlyMap<InboxRow, Said>;
}
export const NOTHING_TAKEN: TakenOrders = { taken: new Set(), said: new Map() };

interface Candidate {
  message: InboxRow;
  said: Said;
  order: StatedOrder;
}

const KIND = 'order';

/**
 * Carries out those messages together, in one transaction, that say nothing but a new order of a known customer: most of
 * what a shop delivers. All others are left to be carried out one by one, and where the transaction fails, these too: so
 * whatever is wrong with one of them is that one's alone.
 */
export async function takeNewOrders(
  parts: SyncParts,
  connection: ConnectionRow,
  messages: readonly InboxRow[],
): Promise<TakenOrders> {
  if (messages.length < 2) return NOTHING_TAKEN;
  const said = new Map<InboxRow, Said>();
  const candidates: Candidate[] = [];
  const records = new Set<string>();
  for (const message of messages) {
    const read = readAtOnce(parts, connection, message);
    if (read) said.set(message, read);
    const order = read && loneOrder(message, read);
    // What comes second for a record has to find what the first left.
    if (order && !records.has(order.externalId) && !records.has(message.external_id ?? ''))
      candidates.push({ message, said: read, order });
    for (const id of [message.external_id, order?.externalId]) if (id) records.add(id);
    // Requests go first: reading many at a stretch would keep them waiting.
    await breath();
  }
  if (candidates.length < 2) return { taken: new Set(), said };
  try {
    const taken = await parts.db.transaction('apply-messages', (tx) => takeAll(parts, tx, connection, candidates));
    return { taken, said };
  } catch (error) {
    parts.log.debug({ err: error, integration: connection.code }, 'messages are carried out one by one');
    return { taken: new Set(), said };
  }
}

/** The order that a message brings, where it says nothing else and was not tried before. */
function loneOrder({ origin, attempts, crashes }: InboxRow, { changes: [change, ...more] }: Said): StatedOrder | null {
  if (change?.kind !== KIND || more.length > 0) return null;
  return (origin === 'WEBHOOK' || origin === 'PULL') && attempts + crashes === 0 ? change.order : null;
}

async function takeAll(
  parts: SyncParts,
  tx: Transaction,
  connection: ConnectionRow,
  candidates: readonly Candidate[],
): Promise<ReadonlySet<InboxRow>> {
  const { id: integrationId, code } = connection;
  // Of an order that is not known here: all that are new have the same answer.
  const question = echoQuestion({ integrationId, kind: KIND, externalId: '', version: null });
  const [locked, answers] = await tx.batch([lockMessages(candidates.map(({ message }) => message.id)), question]);
  if (originOfState(answers![0] as EchoRow) !== 'THEIRS') return new Set();
  const open = new Set((locked as { id: string }[]).map(({ id }) => id));
  const seen = candidates
    .filter(({ message }) => open.has(message.id))
    .map((candidate) => {
      const origin = originOf(connection, candidate.message);
      return { ...candidate, order: notAhead(candidate.order, origin), observedAt: origin.observedAt };
    });
  const scope = scopeOf(parts, tx, connection);
  const orders = await recordNewOrders(scope, seen, { integrationId, integrationCode: code, channelCode: code });
  const done = seen.filter(({ order }) => orders.has(order));
  if (done.length === 0) return new Set();
  const arrived = done.map(({ order }) => ({ kind: KIND, externalId: order.externalId }));
  const connector = connectorOf(parts, connection);
  tx.defer(
    wake(integrationId, arrived),
    ...done.flatMap(({ said }) => learned(connector, integrationId, said)),
    finishMessages(
      done.map(({ message }) => message.id),
      'APPLIED',
      'created',
      scope.now.toISOString(),
    ),
  );
  return new Set(done.map(({ message }) => message));
}
