type Json = Record<string, unknown>;

export const money = (amount: string, currencyCode = 'EUR') => ({ amount, currencyCode });
export const part = (type: string, amount: string, details?: Record<string, string>) => ({
  type,
  subtotal: money(amount),
  ...(details && {
    detailedBreakdowns: Object.entries(details).map(([subtype, value]) => ({ subtype, value: money(value) })),
  }),
});

/** An item with 20.00 and 4.40 of tax, in the numbers of a parsed body: texts. */
export function item(changes: Json = {}): Json {
  return {
    orderItemId: '80000000000001',
    quantityOrdered: '2',
    product: { asin: 'B08C1W5N87', title: 'Lamp', sellerSku: 'LAMP-1', price: { unitPrice: money('10.00') } },
    proceeds: { proceedsTotal: money('24.40'), breakdowns: [part('ITEM', '20.00'), part('TAX', '4.40')] },
    fulfillment: { quantityFulfilled: '0', quantityUnfulfilled: '2' },
    ...changes,
  };
}

export function order(changes: Json = {}): Json {
  return {
    orderId: '405-0000001-0000011',
    createdTime: '2026-02-01T10:00:00Z',
    lastUpdatedTime: '2026-02-01T11:00:00.500Z',
    salesChannel: { channelName: 'AMAZON', marketplaceId: 'APJ6JRA9NG5V4', marketplaceName: 'Amazon.it' },
    buyer: { buyerName: 'Maria Rossi', buyerEmail: 'Abc@marketplace.amazon.it' },
    recipient: {
      deliveryAddress: {
        name: 'Maria Rossi',
        addressLine1: 'Via Brera 1',
        addressLine2: 'Scala B',
        addressLine3: 'Piano 2',
        city: 'Milano',
        stateOrRegion: 'MI',
        postalCode: '20121',
        countryCode: 'IT',
      },
    },
    proceeds: { grandTotal: money('24.40') },
    fulfillment: {
      fulfillmentStatus: 'UNSHIPPED',
      fulfilledBy: 'MERCHANT',
      fulfillmentServiceLevel: 'STANDARD',
    },
    orderItems: [item()],
    ...changes,
  };
}

export const fulfillment = (fulfillmentStatus: string, fulfilledBy = 'MERCHANT') => ({
  fulfillmentStatus,
  fulfilledBy,
  fulfillmentServiceLevel: 'STANDARD',
});
