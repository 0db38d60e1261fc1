import { ConnectorFailure, readWire, rejected, type Change, type WebhookDefinition } from '#connect';
import { customerChanges } from './mapping/customers.js';
import { orderChanges } from './mapping/order.js';
import { productChanges } from './mapping/products.js';
import { fulfillmentChanges } from './mapping/shipments.js';
import { hubLocation, type Credentials, type Settings } from './settings.js';
import { gid, id, listOrNone, record } from './wire/parts.js';
import { levelDelivered, levelId } from './wire/stock.js';

type Topics = WebhookDefinition<Settings, Credentials>['topics'];

const itself = record({ id });
const ofOrder = record({ order_id: id });
const orderHint = (externalId: string): Change[] => [{ kind: 'hint', stream: 'orders', externalId }];

/** Money is told transaction by transaction; where an order stands with it is read from the order. */
const moneyMoved = (payload: unknown): Change[] => orderHint(readWire(ofOrder, payload).order_id);
const orderToRead = (payload: unknown): Change[] => orderHint(readWire(itself, payload).id);

const edited = record({ order_edit: ofOrder });
const merged = record({
  admin_graphql_api_customer_kept_id: gid('Customer').nullish(),
  admin_graphql_api_customer_deleted_id: gid('Customer').nullish(),
});

function customersMerged(payload: unknown): Change[] {
  const { admin_graphql_api_customer_kept_id: kept, admin_graphql_api_customer_deleted_id: gone } = readWire(
    merged,
    payload,
  );
  return [kept, gone].flatMap((externalId) =>
    externalId ? { kind: 'hint' as const, stream: 'customers', externalId } : [],
  );
}

/** Tells no SKU and no figure but what is free, so that the level is read. */
function levelChanged(payload: unknown, { settings }: { settings: Settings }): Change[] {
  const { inventory_item_id: item, location_id: location } = readWire(levelDelivered, payload);
  if (settings.stockCountedBy !== 'SHOP' || hubLocation(settings, location) === undefined) return [];
  return [{ kind: 'hint', stream: 'stock', externalId: levelId(item, location) }];
}

const parcelEvent = record({ fulfillment_id: id });

const asked = record({ customer: itself, orders_requested: listOrNone(id), orders_to_redact: listOrNone(id) });

/** What the law asks for is a person's to do; a dead letter stays until it is done. */
function privacy(topic: string, what: string) {
  return (payload: unknown): Change[] => {
    const { customer, orders_requested: requested, orders_to_redact: redacted } = readWire(asked, payload);
    const orders = [...requested, ...redacted].join(', ') || 'none';
    throw rejected(
      `${topic}: the shop asks to ${what} of customer ${customer.id} (orders: ${orders}); a person has to do it`,
    );
  };
}

export const topics: Topics = {
  'orders/create': orderChanges,
  'orders/updated': orderChanges,
  'orders/cancelled': orderChanges,
  'orders/fulfilled': orderChanges,
  'orders/partially_fulfilled': orderChanges,
  'orders/paid': orderToRead,
  'orders/edited': (payload) => orderHint(readWire(edited, payload).order_edit.order_id),
  'orders/delete': orderToRead,
  'refunds/create': moneyMoved,
  'order_transactions/create': moneyMoved,
  'fulfillments/create': fulfillmentChanges,
  'fulfillments/update': fulfillmentChanges,
  'fulfillment_events/create': (payload) => [
    { kind: 'hint', stream: 'shipments', externalId: readWire(parcelEvent, payload).fulfillment_id },
  ],
  'products/create': productChanges,
  'products/update': productChanges,
  // Names the product alone, while the hub knows its variants: the next census finds them gone.
  'products/delete': (payload) => (readWire(itself, payload), []),
  'customers/create': customerChanges,
  'customers/update': customerChanges,
  'customers/delete': (payload) => [{ kind: 'hint', stream: 'customers', externalId: readWire(itself, payload).id }],
  'customers/merge': customersMerged,
  'inventory_levels/connect': levelChanged,
  'inventory_levels/update': levelChanged,
  'inventory_levels/disconnect': levelChanged,
  'app/uninstalled': () => {
    throw new ConnectorFailure(
      'unauthorized',
      'app/uninstalled: the shop has removed the app; nothing can be asked of it any more',
    );
  },
  'customers/data_request': privacy('customers/data_request', 'hand out the data'),
  'customers/redact': privacy('customers/redact', 'erase the data'),
  'shop/redact': () => {
    throw rejected(
      'shop/redact: the shop asks to erase all that came from it, 48 hours after the app was removed; a person has to do it',
    );
  },
};
