import { Field, ObjectType } from 'type-graphql';
import { CurrencyCode, DateTime, DecimalScalar } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { AddressType, MoneyType, type Address } from '../../graph/values.type.js';
import type { Money } from '../../shared/money.js';
import { AdjustmentType, ShippingLineType, TaxLineType } from '../orders/index.js';

@ObjectType('PreviewSource', { simpleResolvers: true, description: 'What of a line a location would give.' })
export class PreviewSource {
  /** Which location to show; not a field of the graph. */
  locationId!: string;
  @Field(() => String, { description: 'The product; of a bundle one of its parts.' })
  sku!: string;
  @Field(() => DecimalScalar, { description: 'How much of it.' })
  quantity!: string;
}

@ObjectType('OrderPreviewLine', { simpleResolvers: true, description: 'A line as it would be.' })
export class OrderPreviewLine {
  @Field(() => String, { description: 'The SKU that was asked for.' })
  sku!: string;
  @Field(() => String, { description: 'What it is, in words.' })
  description!: string;
  @Field(() => DecimalScalar, { description: 'How much was asked for.' })
  quantity!: string;
  @Field(() => MoneyType, { description: 'Per unit, in the order’s price basis; zero where there is no price.' })
  unitPrice!: Money;
  @Field(() => MoneyType, {
    nullable: true,
    description:
      'What the lists say that it costs the customer, in the order’s price basis; null where they say nothing.',
  })
  listPrice!: Money | null;
  @Field(() => MoneyType, { description: 'Its share of the order’s discounts.' })
  discountTotal!: Money;
  @Field(() => [TaxLineType], { description: 'Its taxes; empty where none is known.' })
  taxLines!: TaxLineType[];
  @Field(() => MoneyType, { description: 'Sum of its taxes.' })
  taxTotal!: Money;
  @Field(() => MoneyType, { description: 'At the unit price, less `discountTotal`; in the order’s price basis.' })
  total!: Money;
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'How much of it could be promised now, over all locations; null where it is not counted.',
  })
  available!: string | null;
  @Field(() => DecimalScalar, {
    description: 'How much would be reserved, beside the other lines; zero where it is not counted.',
  })
  reservedQuantity!: string;
  @Field(() => DecimalScalar, { description: 'How much would have to wait for stock.' })
  backorderedQuantity!: string;
  /** From where; shown to those who may see it. */
  sources!: PreviewSource[];
}

@ObjectType('OrderPreview', { simpleResolvers: true, description: 'An order as it would be; nothing of it is kept.' })
export class OrderPreview {
  @Field(() => CurrencyCode, { description: 'Currency of all its amounts.' })
  currency!: string;
  @Field(() => Boolean, { description: 'Whether unit prices, line totals and shipping include tax.' })
  pricesIncludeTax!: boolean;
  @Field(() => [OrderPreviewLine], { description: 'The lines, in the order in which they were asked for.' })
  lines!: OrderPreviewLine[];
  @Field(() => [ShippingLineType], { description: 'What shipping would cost.' })
  shippingLines!: ShippingLineType[];
  @Field(() => [AdjustmentType], { description: 'Discounts and fees on the whole.' })
  adjustments!: AdjustmentType[];
  @Field(() => [TaxLineType], { description: 'All taxes, added up by name and rate; empty where none is known.' })
  taxLines!: TaxLineType[];
  @Field(() => MoneyType, { description: 'The lines at their unit prices, before discounts.' })
  subtotal!: Money;
  @Field(() => MoneyType, { description: 'All discounts.' })
  discountTotal!: Money;
  @Field(() => MoneyType, { description: 'Shipping.' })
  shippingTotal!: Money;
  @Field(() => MoneyType, { description: 'All taxes.' })
  taxTotal!: Money;
  @Field(() => MoneyType, { description: 'What the customer would pay.' })
  total!: Money;
  @Field(() => AddressType, { nullable: true, description: 'Where the invoice would go.' })
  billingAddress!: Address | null;
  @Field(() => AddressType, { nullable: true, description: 'Where the goods would go.' })
  shippingAddress!: Address | null;
  @Field(() => DateTime, {
    nullable: true,
    description:
      'When all of it could leave: now, or at the time that was asked for where that is later. Null where something has to ' +
      'wait for stock of which nobody knows when it comes.',
  })
  promisedAt!: Date | null;
}

@ObjectType('OrderPreviewPayload', { simpleResolvers: true, description: 'What would become of an order.' })
export class OrderPreviewPayload {
  @Field(() => OrderPreview, {
    nullable: true,
    description: 'The order, as far as it can be told; null where what is asked for cannot be read.',
  })
  preview!: OrderPreview | null;
  @Field(() => [UserError], { description: 'What `createOrder` with `confirm` would refuse now.' })
  userErrors!: object[];
}
