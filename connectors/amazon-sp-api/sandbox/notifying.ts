import type { Delivery } from '#connect';
import { MARKETPLACE_ID, SELLER_ID, type SoldOrder } from './account.js';
import type { Happened } from './business.js';

const STATUS: Readonly<Record<SoldOrder['status'], string>> = {
  PENDING: 'Pending',
  UNSHIPPED: 'Unshipped',
  PARTIALLY_SHIPPED: 'PartiallyShipped',
  SHIPPED: 'Shipped',
  CANCELLED: 'Canceled',
};

/** Notifications as EventBridge hands them to an API destination: as the detail of an event, or bare. */
export class Notifying {
  #sent = 0;

  constructor(private readonly from: { secret: string; first: number }) {}

  delivery(happened: Happened): () => Delivery {
    this.#sent += 1;
    const id = `sandbox-${this.from.first}-${this.#sent}`;
    const notification = notificationOf(happened, id);
    const event = {
      version: '0',
      id: `event-${id}`,
      'detail-type': 'ORDER_CHANGE',
      source: 'aws.partner/sellingpartnerapi.amazon.com/sandbox',
      account: '000000000000',
      time: happened.at.toISOString(),
      region: 'eu-west-1',
      resources: [],
      detail: notification,
    };
    const body = Buffer.from(JSON.stringify(this.#sent % 3 === 0 ? notification : event));
    const headers = { 'content-type': 'application/json', 'x-api-key': this.from.secret };
    return () => ({ headers, body });
  }
}

function notificationOf({ order, status, at }: Happened, id: string) {
  const time = at.toISOString();
  return {
    NotificationVersion: '1.0',
    NotificationType: 'ORDER_CHANGE',
    PayloadVersion: '1.0',
    EventTime: time,
    Payload: {
      OrderChangeNotification: {
        NotificationLevel: 'OrderLevel',
        SellerId: SELLER_ID,
        AmazonOrderId: order.id,
        OrderChangeType: 'OrderStatusChange',
        OrderChangeTrigger: { TimeOfOrderChange: time, ChangeReason: 'Order status changed' },
        Summary: {
          MarketplaceId: MARKETPLACE_ID,
          OrderStatus: STATUS[status],
          PurchaseDate: order.placedAt.toISOString(),
          DestinationPostalCode: null,
          FulfillmentType: order.isAmazons ? 'AFN' : 'MFN',
          OrderType: 'StandardOrder',
          OrderItems: order.items.map((item) => ({
            OrderItemId: item.id,
            SellerSKU: item.sku,
            SupplySourceId: null,
            OrderItemStatus: item.sent === item.quantity ? 'Shipped' : 'Unshipped',
            Quantity: item.quantity,
            QuantityShipped: item.sent,
          })),
        },
      },
    },
    NotificationMetadata: {
      ApplicationId: 'app-sandbox',
      SubscriptionId: 'subscription-sandbox',
      PublishTime: time,
      NotificationId: id,
    },
  };
}
