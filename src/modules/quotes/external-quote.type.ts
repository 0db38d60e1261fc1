import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { CurrencyCode, DateTime, DecimalScalar } from '../../graph/scalars.js';
import { AddressInput, MoneyInput } from '../../graph/values.type.js';
import { ExternalIdInput } from '../references/index.js';
import { ConfigurationChoiceInput } from './configuration.type.js';
import { RecurrenceInput } from './recurrence.type.js';

export enum ExternalQuoteStatus {
  DRAFT = 'DRAFT',
  PENDING_APPROVAL = 'PENDING_APPROVAL',
  APPROVED = 'APPROVED',
  REJECTED = 'REJECTED',
  SENT = 'SENT',
  ACCEPTED = 'ACCEPTED',
  DECLINED = 'DECLINED',
  CANCELED = 'CANCELED',
}
registerEnumType(ExternalQuoteStatus, {
  name: 'ExternalQuoteStatus',
  description:
    'What a CPQ tool can say of where its quote stands. Expiry, conversion and newer revisions are the hub’s to tell.',
  valuesConfig: {
    DRAFT: { description: 'Being put together.' },
    PENDING_APPROVAL: { description: 'Waits for an approval there.' },
    APPROVED: { description: 'Approved there; not sent yet.' },
    REJECTED: { description: 'Not approved there.' },
    SENT: { description: 'Presented to the customer.' },
    ACCEPTED: { description: 'The customer said yes.' },
    DECLINED: { description: 'The customer said no.' },
    CANCELED: { description: 'Withdrawn.' },
  },
});

@InputType('ExternalQuoteLineInput', { description: 'A line as the CPQ tool states it.' })
export class ExternalQuoteLineInput {
  @Field(() => String, { description: 'The line’s id there; stays with the line from version to version.' })
  lineId!: string;
  @Field(() => String, { description: 'The product; may be one that the hub does not know yet.' })
  sku!: string;
  @Field(() => String, { nullable: true, description: 'What is offered, in words. Left out: the product’s name.' })
  description?: string | null;
  @Field(() => DecimalScalar, { description: 'More than zero; of a recurring line, for one period.' })
  quantity!: string;
  @Field(() => MoneyInput, { description: 'Per unit, before tax and discount; of a recurring line, for one period.' })
  unitPrice!: MoneyInput;
  @Field(() => DecimalScalar, { nullable: true, description: 'A fraction of the line: "0.1" is 10 % off.' })
  discountRate?: string | null;
  @Field(() => [ConfigurationChoiceInput], {
    nullable: true,
    description: 'What was chosen there; kept as it is stated, whether the hub’s product has such options or not.',
  })
  configuration?: ConfigurationChoiceInput[] | null;
  @Field(() => RecurrenceInput, { nullable: true, description: 'It is due again each period.' })
  recurrence?: RecurrenceInput | null;
}

@InputType('UpsertExternalQuoteInput', {
  description:
    'A quote, whole, as another CPQ tool has it in one version. Exactly one of `customerId` and `customerExternal`.',
})
export class UpsertExternalQuoteInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => ExternalIdInput, { description: 'The tool, and the quote’s id there.' })
  external!: ExternalIdInput;
  @Field(() => String, {
    description:
      'The version there: a whole number that rises, such as "17", or an RFC 3339 instant, compared to the nanosecond. One ' +
      'quote keeps to one of the two.',
  })
  sourceVersion!: string;
  @Field(() => String, { nullable: true, description: 'Where a person finds it there.' })
  externalUrl?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Its number there, shared by its revisions; stays as it was stated first. Left out: one of the hub’s.',
  })
  number?: string | null;
  @Field(() => Int, { nullable: true, description: '1, 2, 3 … Left out: as it was, 1 for a new quote.' })
  revision?: number | null;
  @Field(() => ExternalQuoteStatus, { description: 'Where it stands there.' })
  status!: ExternalQuoteStatus;
  @Field(() => ID, { nullable: true, description: 'For whom; a quote stays with its customer.' })
  customerId?: string | null;
  @Field(() => ExternalIdInput, { nullable: true, description: 'For whom, by the id it has in a connected system.' })
  customerExternal?: ExternalIdInput | null;
  @Field(() => ID, { nullable: true, description: 'The person there; a contact of the customer.' })
  contactId?: string | null;
  @Field(() => CurrencyCode, { description: 'Currency of all its amounts.' })
  currency!: string;
  @Field(() => DateTime, { description: 'Can be accepted and converted until then.' })
  validUntil!: Date;
  @Field(() => [ExternalQuoteLineInput], { description: 'At least one, at most 500.' })
  lines!: ExternalQuoteLineInput[];
  @Field(() => String, { nullable: true, description: 'How it is sent, in words.' })
  shippingMethod?: string | null;
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'What shipping costs, before tax. Left out: nothing is charged.',
  })
  shippingPrice?: MoneyInput | null;
  @Field(() => AddressInput, {
    nullable: true,
    description: 'Where the invoice goes. Left out: as it was, the customer’s for a new quote.',
  })
  billingAddress?: AddressInput | null;
  @Field(() => AddressInput, {
    nullable: true,
    description: 'Where the goods go. Left out: as it was, the customer’s first for a new quote.',
  })
  shippingAddress?: AddressInput | null;
}

/** The same without what only the graph needs, for callers that are no mutation. */
export type ExternalQuoteValues = Omit<UpsertExternalQuoteInput, 'idempotencyKey'>;
