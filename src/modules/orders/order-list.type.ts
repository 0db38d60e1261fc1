import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { CurrencyCode } from '../../graph/scalars.js';
import { TEXT_RULE } from '../../graph/text-filter.js';
import { DateTimeRange, DecimalRange, SortDirection } from '../../graph/values.type.js';
import { Department } from './department.type.js';
import type { FulfillmentStatus } from './order.fulfillment.rules.js';
import { OrderPaymentStatusEnum } from './order-payment.type.js';
import type { OrderPaymentStatus } from './order.payment.rules.js';
import { FulfillmentStatusEnum, OrderStatusEnum } from './order.type.js';
import type { OrderStatus } from './order.states.js';

@InputType('OrderFilter', { description: 'All that are given hold.' })
export class OrderFilter {
  @Field(() => [OrderStatusEnum], { nullable: true, description: 'One of these.' })
  status?: OrderStatus[] | null;
  @Field(() => [OrderPaymentStatusEnum], { nullable: true, description: 'Paid as far as one of these.' })
  paymentStatus?: OrderPaymentStatus[] | null;
  @Field(() => [FulfillmentStatusEnum], { nullable: true, description: 'As far as one of these.' })
  fulfillmentStatus?: FulfillmentStatus[] | null;
  @Field(() => [String], { nullable: true, description: 'From channels with one of these codes.' })
  channel?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'Of this customer.' })
  customerId?: string | null;
  @Field(() => String, { nullable: true, description: 'With a line of this SKU.' })
  sku?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Number, PO number, e-mail, tracking number of a shipment, SKU of a line, or the customer’s number, name or e-mail. ' +
      TEXT_RULE,
  })
  text?: string | null;
  @Field(() => String, { nullable: true, description: 'Known to the integration with this code.' })
  integration?: string | null;
  @Field(() => DecimalRange, {
    nullable: true,
    description: 'The total’s amount, each order’s in its own currency; give `currency` too where that matters.',
  })
  total?: DecimalRange | null;
  @Field(() => Boolean, { nullable: true, description: 'With a hold that is open, or without any.' })
  onHold?: boolean | null;
  @Field(() => [Department], { nullable: true, description: 'With one of these departments; not for customers.' })
  department?: Department[] | null;
  @Field(() => ID, { nullable: true, description: 'With whoever has the API key with this id; not for customers.' })
  assigneeId?: string | null;
  @Field(() => CurrencyCode, { nullable: true, description: 'In this currency.' })
  currency?: string | null;
  @Field(() => DateTimeRange, { nullable: true, description: 'Ordered within.' })
  placedAt?: DateTimeRange | null;
  @Field(() => DateTimeRange, { nullable: true, description: 'Changed last within.' })
  updatedAt?: DateTimeRange | null;
}

export enum OrderSortField {
  PLACED_AT = 'PLACED_AT',
  UPDATED_AT = 'UPDATED_AT',
  TOTAL = 'TOTAL',
  NUMBER = 'NUMBER',
}
registerEnumType(OrderSortField, {
  name: 'OrderSortField',
  description: 'What orders are sorted by.',
  valuesConfig: {
    PLACED_AT: { description: 'When the customer ordered.' },
    UPDATED_AT: { description: 'When they changed last.' },
    TOTAL: { description: 'The total’s figures, whatever the currency.' },
    NUMBER: { description: 'The number, as text.' },
  },
});

@InputType('OrderSort', { description: 'The order of a list of orders; newest first, if left out.' })
export class OrderSort {
  @Field(() => OrderSortField, { description: 'What to sort by.' })
  field!: OrderSortField;
  @Field(() => SortDirection, { description: 'Which end comes first.' })
  direction!: SortDirection;
}
