import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CurrencyCode, DateTime, DecimalScalar } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { AddressInput, MoneyInput } from '../../graph/values.type.js';
import { ExternalIdInput } from '../references/index.js';
import { ConfigurationChoiceInput } from './configuration.type.js';
import { QuoteType } from './quote.type.js';
import { RecurrenceInput } from './recurrence.type.js';

@InputType('QuoteLineInput', { description: 'One product of a quote.' })
export class QuoteLineInput {
  @Field(() => String, { description: 'The product.' })
  sku!: string;
  @Field(() => DecimalScalar, { description: 'More than zero.' })
  quantity!: string;
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'Per unit, before tax and discount. Left out: the customer’s price.',
  })
  unitPrice?: MoneyInput | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'A fraction of the line: "0.1" is 10 % off.' })
  discountRate?: string | null;
  @Field(() => [ConfigurationChoiceInput], {
    nullable: true,
    description:
      'What is chosen of the product’s options, at most one choice of each. Choices add their `priceDelta` to the ' +
      'customer’s price; to a `unitPrice` that is stated they add nothing.',
  })
  configuration?: ConfigurationChoiceInput[] | null;
  @Field(() => RecurrenceInput, {
    nullable: true,
    description: 'It is due again each period; quantity and price are those of one period.',
  })
  recurrence?: RecurrenceInput | null;
}

@InputType('CreateQuoteInput', { description: 'A new quote.' })
export class CreateQuoteInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'For whom.' })
  customerId!: string;
  @Field(() => ID, { nullable: true, description: 'The person there; a contact of the customer.' })
  contactId?: string | null;
  @Field(() => CurrencyCode, { description: 'Currency of all its amounts.' })
  currency!: string;
  @Field(() => DateTime, { description: 'Can be accepted and converted until then; in the future.' })
  validUntil!: Date;
  @Field(() => [QuoteLineInput], { description: 'At least one, at most 500.' })
  lines!: QuoteLineInput[];
  @Field(() => String, { nullable: true, description: 'How it is sent, in words.' })
  shippingMethod?: string | null;
  @Field(() => MoneyInput, { nullable: true, description: 'What shipping costs, before tax.' })
  shippingPrice?: MoneyInput | null;
  @Field(() => AddressInput, { nullable: true, description: 'Where the invoice goes; left out: the customer’s.' })
  billingAddress?: AddressInput | null;
  @Field(() => AddressInput, { nullable: true, description: 'Where the goods go; left out: the customer’s first.' })
  shippingAddress?: AddressInput | null;
  @Field(() => ExternalIdInput, { nullable: true, description: 'The id it has in a connected CPQ tool.' })
  external?: ExternalIdInput | null;
}

@InputType('ReviseQuoteInput', { description: 'The next revision of a quote; what is left out is carried over.' })
export class ReviseQuoteInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The quote.' })
  quoteId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the quote has another version.' })
  expectedVersion?: number | null;
  @Field(() => DateTime, { nullable: true, description: 'Can be accepted and converted until then; in the future.' })
  validUntil?: Date | null;
  @Field(() => [QuoteLineInput], {
    nullable: true,
    description: 'All lines, at least one. Left out: those that it has, at the prices that they have.',
  })
  lines?: QuoteLineInput[] | null;
  @Field(() => String, {
    nullable: true,
    description: 'How it is sent, in words. Left out: as it is; null: without a name of its own.',
  })
  shippingMethod?: string | null;
  @Field(() => MoneyInput, {
    nullable: true,
    description:
      'What shipping costs, before tax. Left out: what it does; null: nothing is charged, and the method goes too unless ' +
      'one is stated here.',
  })
  shippingPrice?: MoneyInput | null;
  @Field(() => String, { nullable: true, description: 'Why, in words; stands in its events.' })
  comment?: string | null;
}

@InputType('QuoteActionInput', { description: 'A step of one quote.' })
export class QuoteActionInput {
  @Field(() => String, { nullable: true, description: 'The same key and input is carried out once.' })
  idempotencyKey?: string | null;
  @Field(() => ID, { description: 'The quote.' })
  quoteId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the quote has another version.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'Why, in words; stands in its events.' })
  comment?: string | null;
}

export enum StatementEffect {
  CREATED = 'CREATED',
  UPDATED = 'UPDATED',
  UNCHANGED = 'UNCHANGED',
  STALE = 'STALE',
}
registerEnumType(StatementEffect, {
  name: 'StatementEffect',
  description: 'What the hub did with what another system states of its record.',
  valuesConfig: {
    CREATED: { description: 'The record was new.' },
    UPDATED: { description: 'The record was brought up to it.' },
    UNCHANGED: { description: 'The record was so already.' },
    STALE: { description: 'A newer version came before: nothing was changed.' },
  },
});

@ObjectType('QuotePayload', { simpleResolvers: true, description: 'What became of a change to a quote.' })
export class QuotePayload {
  @Field(() => QuoteType, { nullable: true, description: 'The quote; null where the change was refused.' })
  quote!: QuoteType | null;
  @Field(() => StatementEffect, {
    nullable: true,
    description: 'What `upsertExternalQuote` did; null where it was refused, and for all other mutations.',
  })
  effect!: StatementEffect | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
