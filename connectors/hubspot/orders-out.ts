import { ConnectorFailure, type OutgoingOrder, type PushDefinition, type Sending, type Sent } from '#connect';
import { linkMany, writeMany, type Link, type Write, type Written } from './batches.js';
import { associated, MOST_IN_BATCH, type Context } from './client.js';
import { PERSON_PREFIX } from './contacts.js';
import { DEAL_PREFIX } from './deals.js';
import { countryName } from './addresses.js';
import { recordUrl, type Credentials, type Settings } from './settings.js';
import { modifiedOf } from './walk.js';

type Order = Sending<'order'>;

/** Where goods stand, in the words that HubSpot’s own shop connections use. */
const FULFILLMENT: Readonly<Record<OutgoingOrder['status'], string>> = {
  DRAFT: 'Unfulfilled',
  RECEIVED: 'Unfulfilled',
  CONFIRMED: 'Unfulfilled',
  PROCESSING: 'Unfulfilled',
  PARTIALLY_SHIPPED: 'Partially fulfilled',
  SHIPPED: 'Fulfilled',
  DELIVERED: 'Delivered',
  COMPLETED: 'Delivered',
  CANCELED: 'Canceled',
};

/** A summary of each order as an object of HubSpot’s own kind “order”, at its customer and the deal it came from. */
export const orders: PushDefinition<Settings, Credentials, 'order'> = {
  of: 'order',
  most: MOST_IN_BATCH,
  concerns: ({ status }) => status !== 'DRAFT',
  async send(context, batch) {
    const written = await writeMany(
      context,
      'orders',
      batch.map(({ record }) => orderWrite(record, context.settings)),
    );
    const unlinked = await linkOrders(context, batch, written);
    return batch.map((sending, index) => unlinked.get(sending) ?? sentOrder(written[index]!, context.settings));
  },
};

function orderWrite(order: OutgoingOrder, settings: Settings): Write {
  const { externalId, number, hubId, status, channel, currency, subtotal, total, shippingAddress } = order;
  const properties = {
    [settings.orderNumberProperty]: number,
    [settings.orderStatusProperty]: status,
    hs_order_name: number,
    hs_external_order_id: hubId,
    hs_external_order_status: status,
    hs_currency_code: currency,
    hs_subtotal_price: subtotal,
    hs_total_price: total,
    hs_source_store: channel,
    hs_fulfillment_status: FULFILLMENT[status],
    ...(shippingAddress && {
      hs_shipping_address_street: [shippingAddress.line1, shippingAddress.line2].filter(Boolean).join(', '),
      hs_shipping_address_city: shippingAddress.city,
      hs_shipping_address_state: shippingAddress.region ?? '',
      hs_shipping_address_country: countryName(shippingAddress.country),
    }),
  };
  return externalId === null
    ? { id: number, idProperty: settings.orderNumberProperty, properties }
    : { id: externalId, properties };
}

async function linkOrders(
  context: Context,
  batch: readonly Order[],
  written: readonly Written[],
): Promise<Map<Order, ConnectorFailure>> {
  const dealsOf = await dealsOfQuotes(
    context,
    batch.flatMap(({ record }) => record.quote?.externalId ?? []),
  );
  const owners = new Map<Link, Order>();
  const wanted = { orderToCompany: [] as Link[], orderToContact: [] as Link[], orderToDeal: [] as Link[] };
  for (const [index, sending] of batch.entries()) {
    const order = written[index]!;
    if (order instanceof ConnectorFailure) continue;
    const want = (kind: keyof typeof wanted, to: string): void => {
      const link = { from: order.id, to };
      owners.set(link, sending);
      wanted[kind].push(link);
    };
    const { customer, quote } = sending.record;
    const customerId = customer?.externalId ?? null;
    if (customerId?.startsWith(PERSON_PREFIX)) want('orderToContact', customerId.slice(PERSON_PREFIX.length));
    else if (customerId !== null) want('orderToCompany', customerId);
    for (const dealId of dealsOf.get(quote?.externalId ?? '') ?? []) want('orderToDeal', dealId);
  }
  const failed = new Map<Order, ConnectorFailure>();
  for (const kind of ['orderToCompany', 'orderToContact', 'orderToDeal'] as const) {
    for (const [link, failure] of await linkMany(context, kind, wanted[kind])) failed.set(owners.get(link)!, failure);
  }
  return failed;
}

/** The deals behind quotes, by the quote’s id; a deal that stands for a quote is its own. */
export async function dealsOfQuotes(context: Context, externalIds: readonly string[]): Promise<Map<string, string[]>> {
  const quotes = [...new Set(externalIds)].filter((id) => !id.startsWith(DEAL_PREFIX));
  const found = await associated(context, { from: 'quotes', to: 'deals' }, quotes);
  const deals = externalIds
    .filter((id) => id.startsWith(DEAL_PREFIX))
    .map((id): [string, string[]] => [id, [id.slice(DEAL_PREFIX.length)]]);
  return new Map([...[...found].map(([id, own]): [string, string[]] => [id, own.map((deal) => deal.id)]), ...deals]);
}

function sentOrder(written: Written, settings: Settings): Sent | ConnectorFailure {
  if (written instanceof ConnectorFailure) return written;
  const modifiedAt = modifiedOf(written, 'hs_lastmodifieddate');
  const externalUrl = recordUrl(settings, 'orders', written.id);
  return { externalId: written.id, externalUrl, version: modifiedAt.toISOString(), modifiedAt };
}
