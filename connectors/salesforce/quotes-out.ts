import type { PushDefinition } from '#connect';
import { MOST_IN_BATCH, updateMany } from './client.js';
import { longId } from './ids.js';
import type { Credentials, Settings } from './settings.js';
import { isFailure } from './writing.js';

/** What a quote became: the numbers and states of its orders. */
export const quoteOrders: PushDefinition<Settings, Credentials, 'quote'> = {
  of: 'quote',
  most: MOST_IN_BATCH,
  concerns: ({ externalId, orders }, { settings }) =>
    settings.quotes === 'cpq' && externalId !== null && orders.length > 0,
  async send(context, batch) {
    const { orderNumberField, orderStatusField } = context.settings;
    const written = await updateMany(
      context,
      'SBQQ__Quote__c',
      batch.map(({ record: { externalId, orders } }) => ({
        id: longId(externalId ?? ''),
        [orderNumberField]: orders.map(({ number }) => number).join('; '),
        [orderStatusField]: orders.map(({ status }) => status).join('; '),
      })),
    );
    return written.map((each) => (isFailure(each) ? each : { externalId: each.id }));
  },
};
