import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { AddressInput, MoneyType } from '../../graph/values.type.js';
import type { Money } from '../../shared/money.js';
import { LineQuantityInput, OrderType } from '../orders/index.js';
import { QuoteType } from '../quotes/index.js';
import { ExternalIdInput } from '../references/index.js';

export enum PricePolicy {
  HONOR_QUOTE = 'HONOR_QUOTE',
  LOWER_PRICE = 'LOWER_PRICE',
  REFUSE_IF_CHANGED = 'REFUSE_IF_CHANGED',
}
registerEnumType(PricePolicy, {
  name: 'PricePolicy',
  description: 'What holds when a list price has moved since the quote was made.',
  valuesConfig: {
    HONOR_QUOTE: { description: 'The quote.' },
    LOWER_PRICE: { description: 'Line by line, the lower of the quote’s price after discount and the list price now.' },
    REFUSE_IF_CHANGED: { description: 'PRICE_CHANGED, and nothing is converted.' },
  },
});

@InputType('ConvertQuoteToOrderInput', { description: 'Exactly one of `quoteId` and `external`.' })
export class ConvertQuoteToOrderInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => ID, { nullable: true, description: 'The quote’s id.' })
  quoteId?: string | null;
  @Field(() => ExternalIdInput, { nullable: true, description: 'The id it has in a connected CPQ tool.' })
  external?: ExternalIdInput | null;
  @Field(() => Int, { nullable: true, description: 'Refused where the quote has another version.' })
  expectedVersion?: number | null;
  @Field(() => [LineQuantityInput], {
    nullable: true,
    description:
      'How much of which quote lines. Left out: all that is not converted yet. Shipping comes with the first order, however ' +
      'little it takes; later ones charge none, also where the first one was canceled.',
  })
  lines?: LineQuantityInput[] | null;
  @Field(() => String, { nullable: true, description: 'The channel’s code. Left out: cpq.' })
  channel?: string | null;
  @Field(() => String, { nullable: true, description: 'The customer’s own number for the order.' })
  purchaseOrderNumber?: string | null;
  @Field(() => AddressInput, { nullable: true, description: 'Where the goods go; left out: as quoted.' })
  shippingAddress?: AddressInput | null;
  @Field(() => DateTime, { nullable: true, description: 'When the customer wants it.' })
  requestedDeliveryAt?: Date | null;
  @Field(() => PricePolicy, {
    nullable: true,
    defaultValue: PricePolicy.HONOR_QUOTE,
    description: 'What holds when a list price has moved since.',
  })
  pricePolicy?: PricePolicy | null;
  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'What is not in stock may wait for it.' })
  allowBackorder?: boolean | null;
}

@ObjectType('ConvertQuoteToOrderPayload', { simpleResolvers: true, description: 'What became of a conversion.' })
export class ConvertQuoteToOrderPayload {
  @Field(() => OrderType, { nullable: true, description: 'The order; null where the conversion was refused.' })
  order!: OrderType | null;
  @Field(() => QuoteType, {
    nullable: true,
    description: 'The quote as it is now; null where the conversion was refused.',
  })
  quote!: QuoteType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}

@ObjectType('Conversion', { simpleResolvers: true, description: 'A conversion that took effect.' })
export class ConversionType {
  @Field(() => OrderType, { description: 'The order it made, as it is now.' })
  order!: OrderType;
  @Field(() => QuoteType, { description: 'The quote, as it is now.' })
  quote!: QuoteType;
  @Field(() => DateTime, { description: 'When it took effect.' })
  at!: string;
}

@ObjectType('PriceChangedError', {
  implements: UserError,
  simpleResolvers: true,
  description: 'A list price has moved since the quote was made.',
})
export class PriceChangedError extends UserError {
  @Field(() => String, { description: 'The product.' })
  sku!: string;
  @Field(() => MoneyType, { description: 'The list price when the quote was made.' })
  quoted!: Money;
  @Field(() => MoneyType, { description: 'The list price now.' })
  current!: Money;
}

@ObjectType('AlreadyConvertedError', {
  implements: UserError,
  simpleResolvers: true,
  description: 'All of it has become orders already.',
})
export class AlreadyConvertedError extends UserError {
  /** Which quote's orders to show; not a field of the graph. */
  quoteId!: string;
}
