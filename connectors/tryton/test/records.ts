// What the hub tells in the tests, here and against a live server.
import type { OutgoingCustomer, OutgoingOrder, OutgoingShipment, StatedAddress } from '#connect';

export const ADDRESS: StatedAddress = {
  name: 'Jan Beispiel',
  company: 'Beispiel GmbH',
  line1: 'Weg 1',
  line2: 'Hof',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
};

export function customerOf(number: string, more: Partial<OutgoingCustomer> = {}): OutgoingCustomer {
  return {
    hubId: `cus_${number}`,
    externalId: null,
    version: 1,
    number,
    kind: 'COMPANY',
    name: 'Beispiel GmbH',
    email: 'jan@beispiel.example',
    phone: '+49 30 5',
    taxId: 'DE 12/345',
    isActive: true,
    billingAddress: ADDRESS,
    shippingAddresses: [ADDRESS, { ...ADDRESS, line1: 'Lager 2' }],
    contacts: [],
    ...more,
  };
}

/** 3 of the first for 24.40 with 10.00 off, 7 of the second for 9.99, and 5.90 for shipping, all with tax. */
export function orderOf(
  number: string,
  party: string | null,
  skus: [first: string, second: string],
  more: Partial<OutgoingOrder> = {},
): OutgoingOrder {
  const [first, second] = skus;
  const line = { externalId: null, productExternalId: null };
  return {
    hubId: `ord_${number.replaceAll('-', '')}`,
    externalId: null,
    version: 1,
    number,
    status: 'CONFIRMED',
    channel: 'shop',
    isTheirs: false,
    currency: 'EUR',
    pricesIncludeTax: true,
    subtotal: '143.13',
    discountTotal: '10.00',
    shippingTotal: '5.90',
    taxTotal: RATE_OF_ALL.taxTotal,
    total: '139.03',
    placedAt: new Date('2026-03-01T09:00:00Z'),
    purchaseOrderNumber: null,
    customer: { hubId: 'cus_1', externalId: party, number: 'C-1', name: 'Beispiel GmbH' },
    email: null,
    billingAddress: ADDRESS,
    shippingAddress: { ...ADDRESS, line1: 'Lager 3' },
    lines: [
      {
        ...line,
        hubId: 'orl_1',
        sku: first,
        description: 'First',
        quantity: '3',
        unitPrice: '24.40',
        ...RATE_OF_ALL.lines[0]!,
      },
      {
        ...line,
        hubId: 'orl_2',
        sku: second,
        description: 'Second',
        quantity: '7',
        unitPrice: '9.99',
        ...RATE_OF_ALL.lines[1]!,
      },
    ],
    hasLeftBefore: false,
    quote: null,
    ...more,
  };
}
/** At 22 %. */
const RATE_OF_ALL = {
  taxTotal: '25.07',
  lines: [
    { discountTotal: '10.00', taxTotal: '11.40', taxRates: ['0.22'], total: '63.20' },
    { discountTotal: '0.00', taxTotal: '12.61', taxRates: ['0.22'], total: '69.93' },
  ],
};

/** The same at 19 %. */
export function at19(order: OutgoingOrder): OutgoingOrder {
  const taxes = ['10.09', '11.17'];
  const lines = order.lines.map((line, index) => ({ ...line, taxTotal: taxes[index]!, taxRates: ['0.19'] }));
  return { ...order, taxTotal: '22.20', lines };
}

export function parcelOf(
  number: string,
  order: string,
  lines: [sku: string, quantity: string][],
  more: Partial<OutgoingShipment> = {},
): OutgoingShipment {
  return {
    hubId: `shp_${number}`,
    externalId: null,
    version: 1,
    number,
    status: 'SHIPPED',
    location: 'BOLOGNA',
    carrier: 'DHL',
    service: null,
    trackingNumber: 'T-1',
    trackingUrl: null,
    shippedAt: null,
    deliveredAt: null,
    order: { hubId: 'ord_1', externalId: order, number: 'SO-1' },
    lines: lines.map(([sku, quantity]) => ({ lineExternalId: null, sku, quantity, leftBefore: false })),
    ...more,
  };
}
