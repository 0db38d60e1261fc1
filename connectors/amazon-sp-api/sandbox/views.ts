import { moneyOfMinor } from '#connect';
import { MARKETPLACE_ID, type Account, type SoldItem, type SoldOrder } from './account.js';
import { itemTotalOf, totalOf } from './business.js';

export type Json = Record<string, unknown>;

/** The order as searchOrders and getOrder show it; what was not asked for is not there. */
export function orderView(account: Account, order: SoldOrder, included: ReadonlySet<string>): Json {
  const { id, status, isPaid, buyer, isAmazons, items, packages } = order;
  // Before it is paid nobody is told what it comes to and where it goes.
  const isOpen = isPaid && status !== 'CANCELLED';
  const standing = items.filter(({ isCanceled }) => !isCanceled);
  const money = (minor: bigint) => moneyView(account, minor);
  return {
    orderId: id,
    orderAliases: [{ aliasId: id, aliasType: 'SELLER_ORDER_ID' }],
    createdTime: order.placedAt.toISOString(),
    lastUpdatedTime: order.changedAt.toISOString(),
    programs: isAmazons ? ['PRIME'] : [],
    salesChannel: { channelName: 'AMAZON', marketplaceId: MARKETPLACE_ID, marketplaceName: 'Amazon.it' },
    ...(included.has('BUYER') && isPaid && { buyer: buyerView(buyer, isAmazons) }),
    ...(included.has('RECIPIENT') && isOpen && { recipient: { deliveryAddress: addressView(buyer, isAmazons) } }),
    ...(included.has('PROCEEDS') && isOpen && { proceeds: { grandTotal: money(totalOf(standing)) } }),
    ...(included.has('FULFILLMENT') && {
      fulfillment: {
        fulfillmentStatus: status,
        fulfilledBy: isAmazons ? 'AMAZON' : 'MERCHANT',
        fulfillmentServiceLevel: 'STANDARD',
      },
    }),
    orderItems: items.map((item) => itemView(account, item, { included, isPriced: isPaid })),
    ...(included.has('PACKAGES') && !isAmazons && { packages: packages.map(packageView) }),
  };
}

function buyerView({ name, company, email }: SoldOrder['buyer'], isAmazons: boolean): Json {
  return {
    buyerName: name,
    ...(!isAmazons && { buyerEmail: email }),
    ...(company !== null && { buyerCompanyName: company, buyerPurchaseOrderNumber: 'PO-1' }),
  };
}

function addressView({ name, company, city }: SoldOrder['buyer'], isAmazons: boolean): Json {
  const place = { city, stateOrRegion: 'IT', postalCode: '20121', countryCode: 'IT' };
  if (isAmazons) return place;
  return { name, ...(company !== null && { companyName: company }), addressLine1: 'Via Roma 1', ...place };
}

function itemView(
  account: Account,
  item: SoldItem,
  { included, isPriced }: { included: ReadonlySet<string>; isPriced: boolean },
): Json {
  const { id, sku, title, quantity, sent, isCanceled } = item;
  const money = (minor: bigint) => moneyView(account, minor);
  const unit = item.priceMinor % BigInt(quantity) === 0n ? money(item.priceMinor / BigInt(quantity)) : null;
  return {
    orderItemId: id,
    quantityOrdered: quantity,
    product: {
      asin: 'B08C1W5N87',
      title,
      sellerSku: sku,
      ...(isPriced && unit && { price: { unitPrice: unit } }),
    },
    ...(included.has('PROCEEDS') && isPriced && { proceeds: proceedsView(item, money) }),
    ...(included.has('PROMOTION') &&
      item.discountMinor > 0n && { promotion: { breakdowns: [{ promotionId: 'SPRING' }] } }),
    ...(included.has('CANCELLATION') &&
      isCanceled && {
        cancellation: { cancellationExecution: { cancelledBy: 'BUYER', cancelReason: 'NO_LONGER_NEEDED' } },
      }),
    ...(included.has('FULFILLMENT') && {
      fulfillment: { quantityFulfilled: sent, quantityUnfulfilled: isCanceled ? 0 : quantity - sent },
    }),
    ...(included.has('TAX') && { tax: { taxCollections: [] } }),
  };
}

function proceedsView(item: SoldItem, money: (minor: bigint) => Json): Json {
  const tax = item.taxMinor + item.shippingTaxMinor;
  const part = (type: string, minor: bigint, details?: [string, bigint][]) =>
    minor === 0n
      ? []
      : [
          {
            type,
            subtotal: money(minor),
            ...(details && {
              detailedBreakdowns: details.map(([subtype, value]) => ({ subtype, value: money(value) })),
            }),
          },
        ];
  return {
    proceedsTotal: money(itemTotalOf(item)),
    breakdowns: [
      ...part('ITEM', item.priceMinor),
      ...part('SHIPPING', item.shippingMinor),
      ...part('GIFT_WRAP', item.giftWrapMinor),
      ...part('DISCOUNT', -item.discountMinor, [['ITEM', -item.discountMinor]]),
      ...part('TAX', tax, [
        ['ITEM', item.taxMinor],
        ['SHIPPING', item.shippingTaxMinor],
      ]),
    ],
  };
}

function packageView({ reference, carrier, method, tracking, shippedAt, items }: SoldOrder['packages'][number]): Json {
  return {
    packageReferenceId: reference,
    packageStatus: { status: 'SHIPPED' },
    carrier,
    shipTime: shippedAt,
    ...(method !== null && { shippingService: method }),
    trackingNumber: tracking,
    packageItems: items,
  };
}

function moneyView(account: Account, minor: bigint): Json {
  return { amount: moneyOfMinor(minor.toString(), account.currency).amount, currencyCode: account.currency };
}
