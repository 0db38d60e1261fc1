import { Field, ID, InputType } from 'type-graphql';
import { DateTime, DecimalScalar } from '../../graph/scalars.js';
import { AddressInput, MoneyInput } from '../../graph/values.type.js';
import { CustomerToFindInput } from '../customers/index.js';
import { AdjustmentInput, OrderStepInput } from '../orders/index.js';

@InputType('DraftLineInput', {
  description:
    'A line of a draft as it is to be. With `lineId` it is one that the draft has: what is left out of it stays. Without, ' +
    'it is a new one and needs `sku` and `quantity`.',
})
export class DraftLineInput {
  @Field(() => ID, { nullable: true, description: 'The line that it is; left out: a new one.' })
  lineId?: string | null;
  @Field(() => String, { nullable: true, description: 'The product.' })
  sku?: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'More than zero.' })
  quantity?: string | null;
  @Field(() => MoneyInput, {
    nullable: true,
    description:
      'Per unit, in the order’s price basis; null: the customer’s price again. Left out of a line that the draft has, a price ' +
      'that was said for it stays, and the customer’s price is looked up anew.',
  })
  unitPrice?: MoneyInput | null;
  @Field(() => [String], { nullable: true, description: 'SKUs of a bundle’s optional parts that are wanted.' })
  optionalParts?: string[] | null;
}

@InputType('UpdateDraftOrderInput', {
  description: 'What of a draft is to be different. A field left out stays, null empties it.',
})
export class UpdateDraftOrderInput extends OrderStepInput {
  @Field(() => String, { nullable: true, description: 'The channel’s code; it cannot be emptied.' })
  channel?: string | null;
  @Field(() => ID, {
    nullable: true,
    description:
      'Who orders. With another customer, contact, e-mail and addresses that are left out are those of the new one.',
  })
  customerId?: string | null;
  @Field(() => CustomerToFindInput, {
    nullable: true,
    description: 'Who orders, found or made on the way; in place of `customerId`.',
  })
  customer?: CustomerToFindInput | null;
  @Field(() => ID, { nullable: true, description: 'The person there; a contact of the customer.' })
  contactId?: string | null;
  @Field(() => String, { nullable: true, description: 'Where to write to; null: to the customer’s address.' })
  email?: string | null;
  @Field(() => [DraftLineInput], {
    nullable: true,
    description: 'All lines that the draft is to have, in their order: one that is not named is gone.',
  })
  lines?: DraftLineInput[] | null;
  @Field(() => String, { nullable: true, description: 'How it is sent, in words.' })
  shippingMethod?: string | null;
  @Field(() => MoneyInput, { nullable: true, description: 'What shipping costs, in the order’s price basis.' })
  shippingPrice?: MoneyInput | null;
  @Field(() => [AdjustmentInput], { nullable: true, description: 'All discounts and fees on the whole.' })
  adjustments?: AdjustmentInput[] | null;
  @Field(() => AddressInput, { nullable: true, description: 'Where the invoice goes; null: the customer’s.' })
  billingAddress?: AddressInput | null;
  @Field(() => AddressInput, { nullable: true, description: 'Where the goods go; null: the customer’s first.' })
  shippingAddress?: AddressInput | null;
  @Field(() => String, { nullable: true, description: 'The customer’s own number for it.' })
  purchaseOrderNumber?: string | null;
  @Field(() => String, { nullable: true, description: 'What the customer said with it.' })
  note?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When the customer wants it.' })
  requestedDeliveryAt?: Date | null;
  @Field(() => Boolean, { nullable: true, description: 'What is not in stock may wait for it; it cannot be emptied.' })
  allowBackorder?: boolean | null;
}
