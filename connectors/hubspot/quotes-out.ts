import { ConnectorFailure, type OutgoingQuote, type PushDefinition } from '#connect';
import { writeMany, type Written } from './batches.js';
import { MOST_IN_BATCH } from './client.js';
import { dealsOfQuotes } from './orders-out.js';
import { recordUrl, type Credentials, type Settings } from './settings.js';
import { DEAL_PREFIX } from './deals.js';

type Orders = OutgoingQuote['orders'];

/**
 * What a quote became: the numbers and states of its orders, on its deal, since a published quote is locked. On the quote
 * itself where it has no deal.
 */
export const quoteOrders: PushDefinition<Settings, Credentials, 'quote'> = {
  of: 'quote',
  most: MOST_IN_BATCH,
  concerns: ({ externalId, orders }) => externalId !== null && orders.length > 0,
  async send(context, batch) {
    const { settings } = context;
    const dealsOf = await dealsOfQuotes(
      context,
      batch.flatMap(({ record }) => record.externalId ?? []),
    );
    const dealIds = (quote: OutgoingQuote): string[] => dealsOf.get(quote.externalId ?? '') ?? [];
    // Two quotes of one deal both count.
    const ofDeal = new Map<string, Orders>();
    for (const { record } of batch) {
      for (const id of dealIds(record)) ofDeal.set(id, [...(ofDeal.get(id) ?? []), ...record.orders]);
    }
    const write = ([id, orders]: [string, Orders]) => ({ id, properties: propertiesOf(orders, settings) });
    const deals = [...ofDeal];
    const bare = batch.filter(({ record }) => record.externalId !== null && dealIds(record).length === 0);
    const onDeals = await writeMany(context, 'deals', deals.map(write));
    const onQuotes = await writeMany(
      context,
      'quotes',
      bare.map(({ record }) => write([record.externalId!, record.orders])),
    );
    const outcomeOf = new Map<string, Written>([
      ...deals.map(([id], index): [string, Written] => [`deal ${id}`, onDeals[index]!]),
      ...bare.map(({ record }, index): [string, Written] => [`quote ${record.externalId}`, onQuotes[index]!]),
    ]);
    return batch.map(({ record }) => {
      const { externalId } = record;
      const targets = dealIds(record).map((id) => `deal ${id}`);
      const outcomes = (targets.length > 0 ? targets : [`quote ${externalId}`]).map((key) => outcomeOf.get(key));
      const failure = outcomes.find((each) => each instanceof ConnectorFailure);
      return failure ?? { externalId, ...(externalId !== null && { externalUrl: urlOf(externalId, settings) }) };
    });
  },
};

function propertiesOf(orders: Orders, settings: Settings): Record<string, string> {
  return {
    [settings.orderNumberProperty]: orders.map(({ number }) => number).join('; '),
    [settings.orderStatusProperty]: orders.map(({ status }) => status).join('; '),
  };
}

function urlOf(externalId: string, settings: Settings): string {
  return externalId.startsWith(DEAL_PREFIX)
    ? recordUrl(settings, 'deals', externalId.slice(DEAL_PREFIX.length))
    : recordUrl(settings, 'quotes', externalId);
}
