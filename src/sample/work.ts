import type { Hub } from '../app.js';
import type { Statement } from '../db/statement.js';
import { sql } from '../db/statement.js';
import type { Transaction } from '../db/transaction.js';
import type { confirmOrder } from '../modules/order-flow/index.js';
import type { Actor } from '../shared/actor.js';

export type Scope = Parameters<typeof confirmOrder>[0];

export const SAMPLE_COMPANY: Actor = { kind: 'SYSTEM', id: null, name: 'Sample company' };

// Any number, the same in every hub: two that start at once make the company one after the other.
const SAMPLE_LOCK = 7_120_005;
const lockSample = sql('sample.lock', 'select pg_advisory_xact_lock($1)');
/** To be sent first in a transaction that makes something of the company. */
export const lockCompany = () => lockSample(SAMPLE_LOCK);

/** Carries out one action in the open transaction as of a time; the next one reads what it wrote. */
export type CarryOut = <T>(at: Date, action: (scope: Scope) => Promise<T>) => Promise<T>;

export interface Part {
  name: string;
  /** Answers a row where the part is there. */
  isThere: Statement;
  make(carryOut: CarryOut, tx: Transaction): Promise<void>;
}

/**
 * Makes a part of the company in one transaction, unless it is there: killed or stopped in the middle, nothing of it
 * remains. Throws the signal's reason where it was stopped.
 */
export async function makeOnce(hub: Hub, part: Part, stopping?: AbortSignal): Promise<boolean> {
  return hub.db.transaction(`sample.${part.name}`, async (tx) => {
    await tx.query(lockCompany());
    if (await tx.one(part.isThere)) return false;
    await part.make(async (at, action) => {
      stopping?.throwIfAborted();
      const result = await action(scopeAt(hub, tx, at));
      const entities = await tx.entities();
      await entities.flush();
      // What is known would be compared with the database again after each action.
      entities.clear();
      await tx.flush();
      return result;
    }, tx);
    return true;
  });
}

/** One action in a transaction of its own, as of now. */
export function act<T>(hub: Hub, name: string, action: (scope: Scope) => Promise<T>): Promise<T> {
  return hub.db.transaction(`sample.${name}`, (tx) => action(scopeAt(hub, tx, hub.clock.now())));
}

export function scopeAt({ services }: Hub, tx: Transaction, now: Date): Scope {
  return { tx, now, actor: SAMPLE_COMPANY, customerId: null, service: (key) => services.get(key) };
}
