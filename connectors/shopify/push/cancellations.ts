import {
  ConnectorFailure,
  rejected,
  type ConnectorHttp,
  type OutgoingOrder,
  type PushDefinition,
  type Sent,
} from '#connect';
import { ask, refuse, userErrors } from '../client.js';
import { cancelOrder, isOrderCanceled } from '../documents/cancellations.js';
import type { Credentials, Settings } from '../settings.js';
import { gidOf, instant, record } from '../wire/parts.js';

/** That an order of the shop is off: all else about an order the shop knows better. */
export const cancellations: PushDefinition<Settings, Credentials, 'order'> = {
  of: 'order',
  most: 10,

  concerns: ({ isTheirs, externalId, status }) => isTheirs && externalId !== null && status === 'CANCELED',

  async send({ http }, batch) {
    const outcomes: (Sent | ConnectorFailure)[] = [];
    for (const { record: order } of batch) {
      try {
        outcomes.push(await cancel(http, order));
      } catch (error) {
        if (!(error instanceof ConnectorFailure)) throw error;
        outcomes.push(error);
      }
    }
    return outcomes;
  },
};

const stateShape = record({ order: record({ cancelledAt: instant.nullish() }).nullish() });
const cancelShape = record({ orderCancel: record({ orderCancelUserErrors: userErrors }) });

async function cancel(http: ConnectorHttp, { externalId, number }: OutgoingOrder): Promise<Sent> {
  const id = gidOf('Order', externalId!);
  const { order } = await ask(http, isOrderCanceled, { id }, stateShape);
  if (!order) throw rejected(`order ${number}: the shop has no order ${externalId}`);
  // Mostly the shop itself called it off, or an earlier attempt did.
  if (order.cancelledAt) return { externalId };
  const answer = await ask(http, cancelOrder, { id, note: `Canceled as ${number}` }, cancelShape);
  refuse(cancelOrder, answer.orderCancel.orderCancelUserErrors);
  return { externalId };
}
