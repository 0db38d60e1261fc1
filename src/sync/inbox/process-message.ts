import { askedToWait, ConnectorFailure, type Change } from '../../connect/index.js';
import type { Transaction } from '../../db/transaction.js';
import type { ConnectionRow } from '../../modules/integrations/index.js';
import { lockForeignRecord, type EchoRow } from '../../modules/references/index.js';
import { NotYet, Refusal } from '../../shared/failures.js';
import type { StatedPayment } from '../../shared/stated/index.js';
import { connectorOf, scopeOf, type SyncParts } from '../parts.js';
import { learned } from '../reconcile/learned.js';
import { asSeenNow } from '../reconcile/seen-now.js';
import { applyChange, isHere } from './apply-change.js';
import { buryMessage } from './bury-message.js';
import {
  finishAnswered,
  finishMessage,
  lockMessage,
  MAX_ATTEMPTS,
  parkMessage,
  postponeMessage,
  wake,
  wakeOlder,
  type InboxRow,
  type LockedRow,
} from './inbox.queries.js';
import { askForEcho, isEcho } from './echoes.js';
import { notAhead, originOf } from './origin.js';
import { readChanges, type Said } from './read-changes.js';
import { setPaymentsApart } from './set-payments-apart.js';

/** How long a message waits for the record it belongs to. */
const PATIENCE_MS = 86_400_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 3_600_000;

/**
 * Carries out one message, or says why that cannot be now or ever. Message and effect stand in one transaction: whatever
 * happens to the process, a message takes effect once. `known` is what it says, where it has been read. `later` where it
 * is to be tried again; otherwise the messages that are done with it.
 */
export async function processMessage(
  parts: SyncParts,
  connection: ConnectionRow,
  message: InboxRow,
  known?: Said,
): Promise<readonly string[] | 'later'> {
  const attempts = message.attempts + 1;
  if (message.crashes > MAX_ATTEMPTS) return giveUp(parts, message, 'the process ended each time', MAX_ATTEMPTS);
  let changes: Change[] = [];
  try {
    const said = known ?? (await readChanges(parts, connection, message));
    changes = said.changes;
    const isDone = await parts.db.transaction('apply-message', (tx) =>
      apply(parts, tx, { connection, message, said, attempts }),
    );
    return isDone ? (said.answers ?? []) : [];
  } catch (error) {
    if (error instanceof NotYet) return park(parts, connection, message, error);
    const reason = reasonToBury(error);
    if (reason !== null) {
      const payments = changes.length > 1 ? changes.flatMap(paymentIn) : [];
      const keep = (tx: Transaction) => keepPayments(tx, connection, message, payments);
      const kind = error instanceof ConnectorFailure ? error.kind : undefined;
      await buryMessage(parts, message.id, reason, attempts, { kind, keep });
      return [];
    }
    const isTheirs = error instanceof ConnectorFailure;
    if (!isTheirs && attempts >= MAX_ATTEMPTS) {
      parts.log.error({ err: error, message: message.id }, 'a message of the inbox failed on its last attempt');
      return giveUp(parts, message, (error as Error).message, attempts);
    }
    return postpone(parts, message, error as Error, attempts);
  }
}

/** An order that is here may be changed in a way that cannot be taken over; what moved of its money has moved all the same. */
async function keepPayments(
  tx: Transaction,
  connection: ConnectionRow,
  message: InboxRow,
  payments: StatedPayment[],
): Promise<void> {
  const origin = originOf(connection, message);
  for (const payment of payments) {
    if (!(await isHere(tx, connection.code, 'order', payment.orderExternalId))) continue;
    tx.defer(setPaymentsApart([notAhead(payment, origin)], origin));
  }
}

function paymentIn(change: Change): StatedPayment[] {
  return change.kind === 'payment' ? [change.payment] : [];
}

async function giveUp(parts: SyncParts, message: InboxRow, why: string, attempts: number): Promise<[]> {
  await buryMessage(parts, message.id, `gave up after ${attempts} attempts: ${why}`, attempts);
  return [];
}

/** Answers whether it was still to be carried out. */
async function apply(
  parts: SyncParts,
  tx: Transaction,
  given: { connection: ConnectionRow; message: InboxRow; said: Said; attempts: number },
): Promise<boolean> {
  const { connection, message, said, attempts } = given;
  const { changes } = said;
  const questions = changes.map((change) => askForEcho(connection.id, change, message));
  const [messages, ...answers] = await tx.batch([lockMessage(message.id), ...questions.filter((one) => one !== null)]);
  const locked = messages![0] as LockedRow | undefined;
  if (locked?.status !== 'RECEIVED') return false;
  const scope = scopeOf(parts, tx, connection);
  const origin = { ...originOf(connection, message), isOneOfSeveral: changes.length > 1 };
  const effects: string[] = [];
  for (const [index, told] of changes.entries()) {
    // Each is carried out on what those before it left.
    if (index > 0) await tx.flush();
    const change = message.origin === 'CENSUS' ? await asSeenNow(tx, connection.code, told) : told;
    if (questions[index] && isEcho(change, answers.shift()![0] as EchoRow, message)) {
      effects.push('echo');
      continue;
    }
    const { effect, arrived = [] } = await applyChange(scope, change, origin);
    effects.push(effect);
    if (arrived.length > 0) tx.defer(wake(connection.id, arrived));
  }
  const detail = effects.join(', ') || 'says nothing that the hub keeps';
  const status = statusOf(effects);
  tx.defer(finishMessage(message.id, status, detail, attempts, scope.now.toISOString()));
  const answered = said.answers ?? [];
  if (answered.length > 0)
    tx.defer(finishAnswered(answered, `was read with message ${message.id}`, scope.now.toISOString()));
  if (locked.leaves_behind && status !== 'STALE') tx.defer(wakeOlder(connection.id, message.id));
  if (status !== 'STALE') tx.defer(...learned(connectorOf(parts, connection), connection.id, said));
  return true;
}

function statusOf(effects: string[]): 'APPLIED' | 'STALE' | 'ECHO' {
  const all = (what: string) => effects.length > 0 && effects.every((effect) => effect === what);
  if (all('stale')) return 'STALE';
  return all('echo') ? 'ECHO' : 'APPLIED';
}

/** Waits for a record that is not here yet; tried again at once where it came meanwhile. */
async function park(
  parts: SyncParts,
  connection: ConnectionRow,
  message: InboxRow,
  { kind, externalId }: NotYet,
): Promise<[] | 'later'> {
  const now = parts.clock.now();
  const until = new Date(now.getTime() + PATIENCE_MS).toISOString();
  return parts.db.transaction('park-message', async (tx) => {
    // Who brings the record holds this lock: either it is here now, or it will find the message waiting.
    await tx.query(lockForeignRecord(`${connection.id} ${kind} ${externalId}`));
    if (await isHere(tx, connection.code, kind, externalId)) return 'later';
    tx.defer(parkMessage(message.id, kind, externalId, until, `waits for ${kind} ${externalId}`));
    return [];
  });
}

/** What waits because it was told to wait, by the system or by the hub's own pacing, is none the worse for it the next time. */
async function postpone(parts: SyncParts, message: InboxRow, error: Error, tries: number): Promise<'later'> {
  const askedMs = error instanceof ConnectorFailure ? askedToWait(error) : null;
  const attempts = askedMs === null ? tries : message.attempts;
  const pauseMs = askedMs ?? Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
  const due = new Date(parts.clock.now().getTime() + pauseMs).toISOString();
  parts.log.warn({ err: error, message: message.id, attempts }, 'a message of the inbox is to be tried again');
  await parts.db.transaction('postpone-message', async (tx) => {
    tx.defer(postponeMessage(message.id, attempts, due, error.message.replaceAll('\0', '\uFFFD')));
    return Promise.resolve();
  });
  return 'later';
}

/** Why no later attempt can succeed; null where one may. */
export function reasonToBury(error: unknown): string | null {
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
