import type { Change } from '../../connect/index.js';
import type { Statement } from '../../db/statement.js';
import type { StatedPayment } from '../../shared/stated/index.js';
import { receive } from './receive.js';

interface Heard {
  integrationId: string;
  receivedAt: Date;
  observedAt: Date;
}

/**
 * Keeps payments as messages of their own, each once for a version, in the lane of their order: what they came with is
 * taken or refused without them, and they without it.
 */
export function setPaymentsApart(payments: readonly StatedPayment[], heard: Heard): Statement {
  const messages = payments.map((payment) => ({
    topic: 'payment',
    eventId: `${payment.externalId} ${payment.sourceVersion.toISOString()}`,
    externalId: payment.orderExternalId,
    body: Buffer.from(JSON.stringify({ kind: 'payment', payment } satisfies Change)),
    occurredAt: heard.observedAt,
  }));
  return receive(heard.integrationId, 'HUB', messages, heard.receivedAt);
}
