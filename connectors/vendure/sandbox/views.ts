import { lineNet, shippingNow, totalWithTax, withTax } from './prices.js';
import { sentOf, type Buyer, type Fulfillment, type Line, type Order, type Variant } from './shop.js';

export const NEXT: Readonly<Record<string, string[]>> = {
  Pending: ['Shipped', 'Delivered', 'Cancelled'],
  Shipped: ['Delivered', 'Cancelled'],
  Delivered: ['Cancelled'],
  Cancelled: [],
};

const percent = (taxRate: number) => taxRate / 100;
const taxLines = (taxRate: number) => [{ description: `VAT ${percent(taxRate)}%`, taxRate: percent(taxRate) }];

export function orderView(order: Order) {
  const { address, buyer, shipping, currency } = order;
  const { net, full } = shippingNow(order);
  const rates = [...new Set([...order.lines.map(({ variant }) => variant.taxRate), shipping.taxRate])];
  const called = { adjustmentSource: 'CANCEL_ORDER', description: 'shipping cancellation' };
  return {
    __typename: 'Order',
    ...order,
    type: 'Regular',
    active: order.orderPlacedAt === null,
    currencyCode: currency,
    totalWithTax: totalWithTax(order),
    customer: customerView(buyer),
    shippingAddress: address,
    billingAddress: address,
    lines: order.lines.map((line) => lineView(order, line)),
    surcharges: [],
    shippingLines: [
      {
        id: `${order.id}1`,
        shippingMethod: { id: '1', code: 'standard', name: 'Standard' },
        price: shipping.price,
        priceWithTax: withTax(shipping.price, shipping.taxRate),
        discountedPrice: net,
        discountedPriceWithTax: full,
        discounts: shipping.isCanceled
          ? [{ ...called, amount: -shipping.price, amountWithTax: -withTax(shipping.price, shipping.taxRate) }]
          : [],
      },
    ],
    taxSummary: rates.map((rate) => ({ ...taxLines(rate)[0]!, taxBase: 0, taxTotal: 0 })),
    fulfillments: order.fulfillments.map((each) => fulfillmentView(order, each)),
    nextStates: [],
  };
}

function lineView(order: Order, line: Line) {
  const { id, variant, quantity, placedQuantity } = line;
  const { price, taxRate } = variant;
  const net = lineNet(line);
  return {
    id,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    productVariant: variantView(variant),
    quantity,
    orderPlacedQuantity: placedQuantity,
    unitPrice: price,
    unitPriceWithTax: withTax(price, taxRate),
    linePrice: price * quantity,
    linePriceWithTax: withTax(price, taxRate, quantity),
    proratedLinePrice: net,
    proratedLinePriceWithTax: withTax(net, taxRate),
    taxRate: percent(taxRate),
    taxLines: taxLines(taxRate),
  };
}

export function fulfillmentView(order: Order, fulfillment: Fulfillment) {
  return {
    __typename: 'Fulfillment',
    ...fulfillment,
    nextStates: NEXT[fulfillment.state],
    lines: fulfillment.lines.map(({ line, quantity }) => ({
      orderLineId: line.id,
      quantity,
      orderLine: () => lineView(order, line),
    })),
  };
}

export function leftOf(order: Order, line: Line): number {
  return line.quantity - sentOf(order, line);
}

export function customerView(buyer: Buyer) {
  const { id, addressUpdatedAt, company, streetLine1, city, postalCode, country } = buyer;
  return {
    ...buyer,
    title: '',
    addresses: [
      {
        id: `${id}1`,
        createdAt: buyer.createdAt,
        updatedAt: addressUpdatedAt,
        fullName: `${buyer.firstName} ${buyer.lastName}`,
        company,
        streetLine1,
        city,
        postalCode,
        country: { id: country, code: country, name: country },
        phoneNumber: buyer.phoneNumber,
        defaultShippingAddress: true,
        defaultBillingAddress: true,
      },
    ],
  };
}

export function variantView(variant: Variant) {
  const { levels, productId, ...own } = variant;
  return {
    ...own,
    enabled: true,
    trackInventory: 'TRUE',
    outOfStockThreshold: 0,
    product: () => productView(variant, productId),
    stockLevels: levels.map(({ id, locationId, onHand, allocated, updatedAt }) => ({
      id,
      createdAt: variant.createdAt,
      updatedAt,
      stockLocationId: locationId,
      stockOnHand: onHand,
      stockAllocated: allocated,
    })),
  };
}

export function productView(variant: Variant, id = variant.productId) {
  return {
    id,
    createdAt: variant.createdAt,
    updatedAt: variant.productUpdatedAt,
    name: variant.name,
    description: variant.description,
    enabled: true,
    variants: () => [variantView(variant)],
  };
}
