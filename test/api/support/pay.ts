import { recordStatedPayment } from '../../../src/modules/payments/index.js';
import type { StatedPayment } from '../../../src/shared/stated/index.js';
import type { TestHub } from '../../support/hub.js';
import { fresh } from './desk.js';

/** A payment in euros of an order that a connected system knows; all of 100.00 is taken, unless told otherwise. */
export function aPayment(orderExternalId: string, at: Date, more: Partial<StatedPayment> = {}): StatedPayment {
  return {
    ...{ externalId: fresh('payment'), orderExternalId, sourceVersion: at, createdAt: at, currency: 'EUR' },
    ...{ status: 'CAPTURED', amount: '100.00', captured: '100.00', refunded: '0.00', provider: 'till' },
    ...more,
  };
}

/** Lets a connected system state it; `onRun` is told each time the transaction begins. */
export async function statePayment(
  { hub }: TestHub,
  code: string,
  payment: StatedPayment,
  onRun = () => {},
): Promise<{ effect: string }> {
  const { rows } = await hub.db.pool.query<{ id: string }>('select id from integration where code = $1', [code]);
  const { id } = rows[0]!;
  const now = hub.clock.now();
  const actor = { kind: 'INTEGRATION' as const, id, name: code };
  const origin = { integrationId: id, integrationCode: code, observedAt: now };
  return hub.db.transaction('state-payment', (tx) => {
    onRun();
    return recordStatedPayment(
      { tx, now, actor, customerId: null, service: (key) => hub.services.get(key) },
      payment,
      origin,
    );
  });
}
