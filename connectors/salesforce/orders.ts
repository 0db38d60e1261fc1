import { z } from 'zod';
import {
  decimalText,
  exact,
  minorOfQuantity,
  moneyOfMinor,
  readWire,
  rejected,
  show,
  type Change,
  type StatedLine,
} from '#connect';
import { addressFields, addressIn } from './accounts.js';
import { findBy } from './client.js';
import { newest, type Source } from './pulling.js';
import { currencyOf } from './quotes.js';
import type { Settings } from './settings.js';
import { amountAt, dayOf, flagAt, idAt, modifiedOf, pick, recordShape, textAt, type SalesforceRecord } from './wire.js';

const rawShape = z.object({ order: recordShape, items: z.array(recordShape) });
type Raw = z.infer<typeof rawShape>;
const STATES = ['Draft', 'Activated', 'Canceled', 'Expired'];

/** Orders that began in Salesforce: neither the hub’s own, nor what CPQ makes of a quote that is an order here already. */
export const orders: Source<Raw> = {
  of: 'order',
  type: 'Order',
  isWhole: true,
  isWanted: (settings) => settings.orders === 'activated',
  fields: ({ numberField, currency, quotes }) => [
    'OrderNumber',
    'AccountId',
    'Account.Name',
    'StatusCode',
    'EffectiveDate',
    'TotalAmount',
    'PoNumber',
    'IsReductionOrder',
    ...addressFields('Billing'),
    ...addressFields('Shipping'),
    numberField,
    ...(quotes === 'cpq' ? ['SBQQ__Quote__c'] : []),
    ...(currency === undefined ? ['CurrencyIsoCode'] : []),
  ],
  async gather(context, records) {
    const { skuField } = context.settings;
    const fields = [
      ...['Id', 'IsDeleted', 'SystemModstamp', 'LastModifiedDate', 'OrderId', 'OrderItemNumber', 'Product2Id'],
      ...[`Product2.${skuField}`, 'Product2.Name', 'Quantity', 'UnitPrice', 'TotalPrice'],
    ];
    const ids = records.map(({ Id }) => Id);
    const found = await findBy(context, 'OrderItem', { fields, by: 'OrderId', ids });
    const items = found.map((item) => pick(item, fields) as SalesforceRecord);
    return records.map((order) => ({ order, items: items.filter((item) => idAt(item, 'OrderId') === order.Id) }));
  },
  read: (raw, settings) => orderChanges(readWire(rawShape, raw), settings),
};

function orderChanges({ order, items }: Raw, settings: Settings): Change[] {
  const isOurs = textAt(order, settings.numberField) !== null;
  const isOfQuote = settings.quotes === 'cpq' && idAt(order, 'SBQQ__Quote__c') !== null;
  const state = textAt(order, 'StatusCode') ?? 'Draft';
  if (!STATES.includes(state)) {
    throw rejected(`order ${order.Id}: StatusCode: expected one of ${STATES.join(', ')}, got ${show(state)}`);
  }
  const channelNumber = textAt(order, 'OrderNumber');
  if (isOurs || isOfQuote || state === 'Draft' || state === 'Expired' || flagAt(order, 'IsReductionOrder')) return [];
  const placedAt = dayOf(order, 'EffectiveDate');
  const accountId = idAt(order, 'AccountId');
  if (channelNumber === null || placedAt === null || accountId === null || items.length === 0) {
    throw rejected(`order ${order.Id}: expected a number, a date, an account and items`);
  }
  const currency = currencyOf(order, settings);
  const total = totalOf(order, items, currency);
  const [billingAddress, shippingAddress] = [addressIn(order, 'Billing'), addressIn(order, 'Shipping')];
  const sourceVersion = newest([order, ...items].map(modifiedOf));
  const purchaseOrderNumber = textAt(order, 'PoNumber');
  const none = moneyOfMinor('0', currency).amount;
  return [
    {
      kind: 'order',
      order: {
        externalId: order.Id,
        sourceVersion,
        placedAt,
        channelNumber,
        ...(purchaseOrderNumber !== null && { purchaseOrderNumber }),
        currency,
        pricesIncludeTax: false,
        customer: { externalId: accountId, name: textAt(order, 'Account.Name') ?? accountId, kind: 'COMPANY' },
        lines: items.map((item) => lineOf(item, settings, none)),
        shippingLines: [],
        adjustments: [],
        ...(billingAddress && { billingAddress }),
        ...(shippingAddress && { shippingAddress }),
        ...(state === 'Canceled' && { canceledAt: sourceVersion }),
        stated: { subtotal: total, discountTotal: none, shippingTotal: none, taxTotal: none, total },
      },
    },
  ];
}

function lineOf(item: SalesforceRecord, { skuField }: Settings, none: string): StatedLine {
  const quantity = amountAt(item, 'Quantity');
  const unitPrice = amountAt(item, 'UnitPrice');
  if (quantity === null || unitPrice === null || !exact(quantity).greaterThan(0) || exact(unitPrice).isNegative()) {
    throw rejected(
      `order item ${item.Id}: expected a quantity and a price, got ${show(quantity)} at ${show(unitPrice)}`,
    );
  }
  return {
    externalId: item.Id,
    sku: textAt(item, `Product2.${skuField}`) ?? `salesforce:product:${idAt(item, 'Product2Id') ?? item.Id}`,
    description: textAt(item, 'Product2.Name') ?? item.Id,
    quantity: decimalText(quantity),
    unitPrice: decimalText(unitPrice),
    discount: none,
    taxLines: [],
    requiresShipping: true,
  };
}

/** Of a plain order, without taxes and shipping: Salesforce has no fields of its own for them. */
function totalOf(order: SalesforceRecord, items: readonly SalesforceRecord[], currency: string): string {
  const minor = items.reduce((sum, item) => {
    const [price, quantity] = [amountAt(item, 'UnitPrice') ?? '0', amountAt(item, 'Quantity') ?? '0'];
    return sum + minorOfQuantity(price, quantity, currency);
  }, 0n);
  const total = moneyOfMinor(minor.toString(), currency).amount;
  const stated = amountAt(order, 'TotalAmount');
  if (stated !== null && exact(stated).equals(exact(total))) return total;
  throw rejected(`order ${order.Id}: TotalAmount: expected ${total}, what its items come to, got ${show(stated)}`);
}
