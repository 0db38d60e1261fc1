import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { CurrencyCode, DateTime, DecimalScalar } from '../../graph/scalars.js';
import { AddressType, MoneyType, type Address } from '../../graph/values.type.js';
import { decimalText } from '../../shared/decimal.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, moneyOfUnitPrice, type Money } from '../../shared/money.js';
import type { Department } from './department.type.js';
import { AdjustmentType, ShippingLineType, TaxLineType } from './order-money.type.js';
import { OrderPaymentStatusEnum } from './order-payment.type.js';
import { FULFILLMENT_STATUSES, type FulfillmentStatus } from './order.fulfillment.rules.js';
import { balanceDueOf, type OrderPaymentStatus } from './order.payment.rules.js';
import { ORDER_STATUSES, type OrderStatus } from './order.states.js';
import type { TaxFigure } from '../tax/index.js';
import type { AdjustmentFigure, ShippingFigure } from './order.totals.rules.js';

export const ORDER_PREFIX = 'ord';
export const ORDER_LINE_PREFIX = 'oln';

export const OrderStatusEnum = Object.fromEntries(ORDER_STATUSES.map((status) => [status, status]));
registerEnumType(OrderStatusEnum, {
  name: 'OrderStatus',
  description: 'The headline of an order. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    DRAFT: { description: 'Being put together; not an order yet.' },
    RECEIVED: { description: 'Taken; not verified yet.' },
    CONFIRMED: { description: 'Verified, its stock reserved.' },
    PROCESSING: { description: 'Released to a warehouse.' },
    PARTIALLY_SHIPPED: { description: 'Some of it has left.' },
    SHIPPED: { description: 'All of it has left.' },
    DELIVERED: { description: 'All of it has arrived.' },
    COMPLETED: { description: 'Delivered, paid, and the return window has closed.' },
    CANCELED: { description: 'Nothing of it will be delivered.' },
  },
});

export const FulfillmentStatusEnum = Object.fromEntries(FULFILLMENT_STATUSES.map((status) => [status, status]));
registerEnumType(FulfillmentStatusEnum, {
  name: 'FulfillmentStatus',
  description:
    'How far an order is fulfilled, of what is not canceled; where anything of it needs shipping, that alone counts. The ' +
    'list may grow: treat an unknown value as "other".',
  valuesConfig: {
    UNFULFILLED: { description: 'Nothing has left.' },
    PARTIALLY_FULFILLED: { description: 'Some of it has left.' },
    FULFILLED: { description: 'All of it has left.' },
    DELIVERED: { description: 'All of it has arrived.' },
  },
});

export interface OrderRow {
  id: string;
  number: string;
  channel_id: string;
  status: OrderStatus;
  fulfillment_status: FulfillmentStatus;
  payment_status: OrderPaymentStatus;
  customer_id: string | null;
  contact_id: string | null;
  email: string | null;
  purchase_order_number: string | null;
  note: string | null;
  currency: string;
  prices_include_tax: boolean;
  subtotal_minor: string;
  discount_minor: string;
  shipping_minor: string;
  tax_minor: string;
  total_minor: string;
  paid_minor: string;
  refunded_minor: string;
  shipping_lines: ShippingFigure[];
  adjustments: AdjustmentFigure[];
  tax_lines: TaxFigure[];
  billing_address: Address | null;
  shipping_address: Address | null;
  quote_id: string | null;
  requested_delivery_at: string | null;
  promised_at: string | null;
  department: Department | null;
  assignee_id: string | null;
  placed_at: string;
  created_at: string;
  updated_at: string;
  version: number;
}

export interface OrderLineRow {
  id: string;
  order_id: string;
  product_id: string | null;
  quote_line_id: string | null;
  sku: string;
  description: string;
  quantity: string;
  unit_price: string;
  discount_minor: string;
  tax_minor: string;
  total_minor: string;
  tax_lines: TaxFigure[];
  reserved_quantity: string;
  canceled_quantity: string;
  backordered_quantity: string;
  shipped_quantity: string;
  delivered_quantity: string;
  currency: string;
}

@ObjectType('OrderLine', { implements: Node, description: 'One product of an order.' })
export class OrderLineType {
  readonly __typename = 'OrderLine';
  constructor(readonly row: OrderLineRow) {}

  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(ORDER_LINE_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The SKU as it was ordered.' })
  get sku(): string {
    return this.row.sku;
  }
  @Field(() => String, { description: 'What was ordered, in words.' })
  get description(): string {
    return this.row.description;
  }
  @Field(() => DecimalScalar, { description: 'How much was ordered; what was canceled is still counted here.' })
  get quantity(): string {
    return decimalText(this.row.quantity);
  }
  @Field(() => MoneyType, { description: 'Per unit, in the order’s price basis (`pricesIncludeTax`).' })
  get unitPrice(): Money {
    return moneyOfUnitPrice(this.row.unit_price, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'The line’s own discount and its share of the order’s.' })
  get discountTotal(): Money {
    return moneyOfMinor(this.row.discount_minor, this.row.currency);
  }
  @Field(() => [TaxLineType], { description: 'The taxes of the line; empty while none is known.' })
  get taxLines(): TaxLineType[] {
    return this.row.tax_lines.map((tax) => new TaxLineType(tax, this.row.currency));
  }
  @Field(() => MoneyType, { description: 'Sum of the line’s taxes.' })
  get taxTotal(): Money {
    return moneyOfMinor(this.row.tax_minor, this.row.currency);
  }
  @Field(() => MoneyType, {
    description:
      'What is not canceled, at the unit price, less `discountTotal`, rounded once, half up; in the order’s price basis.',
  })
  get total(): Money {
    return moneyOfMinor(this.row.total_minor, this.row.currency);
  }
  @Field(() => DecimalScalar, { description: 'Promised from stock and not shipped yet.' })
  get reservedQuantity(): string {
    return decimalText(this.row.reserved_quantity);
  }
  @Field(() => DecimalScalar, { description: 'Has left, and did not come back.' })
  get shippedQuantity(): string {
    return decimalText(this.row.shipped_quantity);
  }
  @Field(() => DecimalScalar, { description: 'Has arrived; of what needs no shipping all, once it is confirmed.' })
  get deliveredQuantity(): string {
    return decimalText(this.row.delivered_quantity);
  }
  @Field(() => DecimalScalar, { description: 'Canceled.' })
  get canceledQuantity(): string {
    return decimalText(this.row.canceled_quantity);
  }
  @Field(() => DecimalScalar, { description: 'Confirmed and waiting for stock.' })
  get backorderedQuantity(): string {
    return decimalText(this.row.backordered_quantity);
  }
}

@ObjectType('Order', { implements: Node, description: 'An order, from its reception to the last return.' })
export class OrderType {
  readonly __typename = 'Order';
  constructor(readonly row: OrderRow) {}

  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(ORDER_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The number people use, unique in the hub.' })
  get number(): string {
    return this.row.number;
  }
  @Field(() => OrderStatusEnum, { description: 'The headline.' })
  get status(): OrderStatus {
    return this.row.status;
  }
  @Field(() => FulfillmentStatusEnum, { description: 'How much of it has left and arrived.' })
  get fulfillmentStatus(): FulfillmentStatus {
    return this.row.fulfillment_status;
  }
  @Field(() => OrderPaymentStatusEnum, { description: 'How far it is paid.' })
  get paymentStatus(): OrderPaymentStatus {
    return this.row.payment_status;
  }
  @Field(() => String, { nullable: true, description: 'Where to write to about this order.' })
  get email(): string | null {
    return this.row.email;
  }
  @Field(() => String, { nullable: true, description: 'The customer’s own number for it.' })
  get purchaseOrderNumber(): string | null {
    return this.row.purchase_order_number;
  }
  @Field(() => String, { nullable: true, description: 'What the customer wrote with it.' })
  get note(): string | null {
    return this.row.note;
  }
  @Field(() => CurrencyCode, { description: 'Currency of all its amounts.' })
  get currency(): string {
    return this.row.currency;
  }
  @Field(() => Boolean, { description: 'Whether unit prices, line totals and shipping include tax.' })
  get pricesIncludeTax(): boolean {
    return this.row.prices_include_tax;
  }
  @Field(() => [ShippingLineType], { description: 'What shipping costs.' })
  get shippingLines(): ShippingLineType[] {
    return this.row.shipping_lines.map((line) => new ShippingLineType(line, this.row.currency));
  }
  @Field(() => [AdjustmentType], { description: 'Discounts and fees on the whole order.' })
  get adjustments(): AdjustmentType[] {
    return this.row.adjustments.map((adjustment) => new AdjustmentType(adjustment, this.row.currency));
  }
  @Field(() => [TaxLineType], { description: 'All taxes, added up by name and rate; empty while none is known.' })
  get taxLines(): TaxLineType[] {
    return this.row.tax_lines.map((tax) => new TaxLineType(tax, this.row.currency));
  }
  @Field(() => MoneyType, { description: 'The lines at their unit prices, before discounts.' })
  get subtotal(): Money {
    return moneyOfMinor(this.row.subtotal_minor, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'All discounts, on lines, shipping and the whole.' })
  get discountTotal(): Money {
    return moneyOfMinor(this.row.discount_minor, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'Shipping before its discounts.' })
  get shippingTotal(): Money {
    return moneyOfMinor(this.row.shipping_minor, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'All taxes.' })
  get taxTotal(): Money {
    return moneyOfMinor(this.row.tax_minor, this.row.currency);
  }
  @Field(() => MoneyType, {
    description:
      'What the customer pays: subtotal − discountTotal + shippingTotal + fees, and taxTotal where prices do not include it.',
  })
  get total(): Money {
    return moneyOfMinor(this.row.total_minor, this.row.currency);
  }
  @Field(() => MoneyType, {
    description: 'All that was ever taken for it; what was given back since is still counted here.',
  })
  get paidTotal(): Money {
    return moneyOfMinor(this.row.paid_minor, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'All that was given back.' })
  get refundedTotal(): Money {
    return moneyOfMinor(this.row.refunded_minor, this.row.currency);
  }
  @Field(() => MoneyType, {
    description:
      'What of the total was never paid; what was given back is not due again. Below zero: what was paid beyond the total ' +
      'and not given back.',
  })
  get balanceDue(): Money {
    const { total_minor, paid_minor, refunded_minor, currency } = this.row;
    const paid = { paidMinor: BigInt(paid_minor), refundedMinor: BigInt(refunded_minor) };
    return moneyOfMinor(balanceDueOf(BigInt(total_minor), paid).toString(), currency);
  }
  @Field(() => AddressType, { nullable: true, description: 'Where the invoice goes.' })
  get billingAddress(): Address | null {
    return this.row.billing_address;
  }
  @Field(() => AddressType, { nullable: true, description: 'Where the goods go.' })
  get shippingAddress(): Address | null {
    return this.row.shipping_address;
  }
  @Field(() => DateTime, { nullable: true, description: 'When the customer wants it.' })
  get requestedDeliveryAt(): string | null {
    return this.row.requested_delivery_at;
  }
  @Field(() => DateTime, {
    nullable: true,
    description:
      'By when delivery was promised: with its confirmation, what was asked for; null before, and where nothing was asked.',
  })
  get promisedAt(): string | null {
    return this.row.promised_at;
  }
  @Field(() => DateTime, { description: 'When the customer ordered.' })
  get placedAt(): string {
    return this.row.placed_at;
  }
  @Field(() => DateTime, { description: 'When the hub came to know it.' })
  get createdAt(): string {
    return this.row.created_at;
  }
  @Field(() => DateTime, { description: 'When the record changed last.' })
  get updatedAt(): string {
    return this.row.updated_at;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}

@ObjectType('OrderConnection', { description: 'A page of orders.' })
export class OrderConnection extends connectionTypes('Order', () => OrderType) {}
