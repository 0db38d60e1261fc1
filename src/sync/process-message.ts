import { ConnectorFailure, rejected, type Change } from '../connect/index.js';
import type { Transaction } from '../db/transaction.js';
import type { ActionScope } from '../graph/mutation.js';
import { recordDeadLetter, selectConnection, type ConnectionRow } from '../modules/integrations/index.js';
import { recordStatedOrder } from '../modules/order-flow/index.js';
import { instantText, parseInstant } from '../shared/clock.js';
import { Refusal } from '../shared/failures.js';
import { finishMessage, lockMessage, type InboxRow } from './inbox.queries.js';
import { scopeOf, type SyncParts } from './parts.js';

export interface Attempt {
  /** 1 for the first. */
  number: number;
  isLast: boolean;
}

/**
 * Carries out one message of the inbox, or buries it with the reason why that cannot be. Message and effect stand in
 * one transaction: whatever happens to the process, a message takes effect once. Throws where another attempt may help.
 */
export async function processMessage(parts: SyncParts, id: string, attempt: Attempt): Promise<void> {
  try {
    await parts.db.transaction('apply-message', (tx) => apply(parts, tx, id, attempt));
  } catch (error) {
    const reason = reasonToBury(error);
    if (reason !== null) return buryMessage(parts, id, reason, attempt.number);
    if (!attempt.isLast) throw error;
    parts.log.error({ err: error, message: id }, 'a message of the inbox failed on its last attempt');
    await buryMessage(
      parts,
      id,
      `gave up after ${attempt.number} attempts: ${(error as Error).message}`,
      attempt.number,
    );
  }
}

async function apply(parts: SyncParts, tx: Transaction, id: string, attempt: Attempt): Promise<void> {
  const message = await tx.one(lockMessage(id));
  if (message?.status !== 'RECEIVED') return;
  const connection = (await tx.one(selectConnection(message.integration_id)))!;
  const scope = scopeOf(parts, tx, connection);
  const effects: string[] = [];
  for (const change of changesOf(parts, connection, message)) {
    effects.push(await applyChange(scope, change, { connection, message }));
  }
  const isStale = effects.length > 0 && effects.every((effect) => effect === 'stale');
  const detail = effects.join(', ') || 'says nothing that the hub keeps';
  tx.defer(finishMessage(id, isStale ? 'STALE' : 'APPLIED', detail, attempt.number, scope.now.toISOString()));
}

function changesOf({ connectors }: SyncParts, connection: ConnectionRow, message: InboxRow): Change[] {
  const webhooks = connectors.get(connection.connector)?.webhooks;
  if (!webhooks) throw rejected(`this hub has no connector "${connection.connector}" that takes webhooks`);
  return webhooks.read(message.topic, message.body, connection.settings);
}

async function applyChange(
  scope: ActionScope,
  change: Change,
  { connection, message }: { connection: ConnectionRow; message: InboxRow },
): Promise<string> {
  if (change.kind !== 'order') throw rejected(`this hub takes no ${change.kind} from a message yet`);
  const { effect } = await recordStatedOrder(scope, change.order, {
    integrationId: connection.id,
    integrationCode: connection.code,
    channelCode: connection.code,
    observedAt: parseInstant(instantText(message.occurred_at ?? message.received_at)),
  });
  return effect;
}

/** Gives a message up: it becomes a dead letter with its reason. Does nothing where it was carried out meanwhile. */
export async function buryMessage(parts: SyncParts, id: string, error: string, attempts: number): Promise<void> {
  await parts.db.transaction('bury-message', async (tx) => {
    const message = await tx.one(lockMessage(id));
    if (message?.status !== 'RECEIVED') return;
    const connection = (await tx.one(selectConnection(message.integration_id)))!;
    const scope = scopeOf(parts, tx, connection);
    const { deadLetterId } = await recordDeadLetter(scope, {
      integrationId: connection.id,
      stream: message.topic,
      externalId: message.external_id,
      error,
      attempts,
      body: message.body,
      inboxMessageId: id,
    });
    tx.defer(finishMessage(id, 'DEAD', `dead letter ${deadLetterId}`, attempts, scope.now.toISOString()));
    parts.log.warn(
      { integration: connection.code, topic: message.topic, deadLetterId },
      'a message could not be taken',
    );
  });
}

/** Why no later attempt can succeed; null where one may. */
function reasonToBury(error: unknown): string | null {
  if (error instanceof Refusal) return error.message;
  if (error instanceof ConnectorFailure && (error.kind === 'rejected' || error.kind === 'unexpected_shape'))
    return error.message;
  const { code, message } = error as { code?: unknown; message?: string };
  // Class 22 of SQLSTATE, "data exception": the value itself, a NUL in a text say, and it stays what it is.
  // A NUL in a statement's own text ends it early, which the server calls a broken protocol.
  if (typeof code === 'string' && /^(22[0-9A-Z]{3}|08P01)$/.test(code))
    return `the database cannot hold a value: ${message}`;
  return null;
}
