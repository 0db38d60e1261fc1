import {
  ConnectorFailure,
  exact,
  rejected,
  type ConnectorHttp,
  type OutgoingStock,
  type PushDefinition,
  type Sent,
} from '#connect';
import { channelsOf, patchListing, type ListingKey } from './client.js';
import type { Credentials, Settings } from './settings.js';

/** A type that every listing can be patched by where only its offer changes. */
const PRODUCT_TYPE = 'PRODUCT';
const FULFILLED_BY_AMAZON = 'AMAZON_';

/** What is free to sell of what the seller sends; Amazon counts its own warehouses itself. */
export const stock: PushDefinition<Settings, Credentials, 'stock'> = {
  of: 'stock',
  tellsAllAtFirst: true,
  most: 10,

  concerns: ({ location }, { settings }) => settings.locations?.[location] !== undefined,

  async send({ http, settings }, batch) {
    const outcomes: (Sent | ConnectorFailure)[] = [];
    for (const { record } of batch) {
      try {
        outcomes.push(await tell(http, settings, record));
      } catch (error) {
        if (!(error instanceof ConnectorFailure)) throw error;
        outcomes.push(error);
      }
    }
    return outcomes;
  },
};

/** In each marketplace where the SKU is listed and the seller sends it. */
async function tell(http: ConnectorHttp, settings: Settings, record: OutgoingStock): Promise<Sent> {
  const channel = settings.locations?.[record.location];
  if (channel === undefined) return { externalId: null };
  let isSold = false;
  for (const marketplaceId of settings.marketplaceIds) {
    const key = { sellerId: settings.sellerId, sku: record.sku, marketplaceId };
    const channels = await channelsOf(http, key);
    // A quantity for the seller's own channel would take a listing away from Amazon's warehouses.
    if (channels === null || isOnlyAmazons(channels)) continue;
    await setQuantity(http, key, { channel, quantity: wholeOf(record) });
    isSold = true;
  }
  return { externalId: isSold ? `${record.sku}/${channel}` : null };
}

function isOnlyAmazons(channels: readonly string[]): boolean {
  return channels.length > 0 && channels.every((channel) => channel.startsWith(FULFILLED_BY_AMAZON));
}

async function setQuantity(
  http: ConnectorHttp,
  key: ListingKey,
  { channel, quantity }: { channel: string; quantity: number },
): Promise<void> {
  const value = [{ fulfillment_channel_code: channel, quantity, marketplace_id: key.marketplaceId }];
  // "replace" would take the listing's handling time away: https://developer-docs.amazon.com/sp-api/docs/merge-a-listing
  const patches = [{ op: 'merge', path: '/attributes/fulfillment_availability', value }];
  const { status, issues } = await patchListing(http, key, { productType: PRODUCT_TYPE, patches });
  if (status === 'ACCEPTED') return;
  const said = (issues ?? []).map(({ code, message, attributeNames }) =>
    [code, message, ...(attributeNames?.length ? [`(${attributeNames.join(', ')})`] : [])].join(' '),
  );
  throw rejected(`stock ${key.sku} in ${key.marketplaceId}: ${status}: ${said.join('; ') || 'no reason'}`);
}

/** Halves cannot be sold: what is told is never more than there is. */
function wholeOf({ available }: OutgoingStock): number {
  return exact(available).floor().toNumber();
}
