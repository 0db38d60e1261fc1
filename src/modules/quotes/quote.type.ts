import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { CurrencyCode, DateTime } from '../../graph/scalars.js';
import { TEXT_RULE } from '../../graph/text-filter.js';
import { AddressType, DateTimeRange, MoneyType, SortDirection, type Address } from '../../graph/values.type.js';
import type { ActorKind } from '../../shared/actor.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, type Money } from '../../shared/money.js';
import { QUOTE_STATUSES, type QuoteStatus } from './quote.states.js';

export const QUOTE_PREFIX = 'quo';

export const QuoteStatusEnum = Object.fromEntries(QUOTE_STATUSES.map((status) => [status, status]));
registerEnumType(QuoteStatusEnum, {
  name: 'QuoteStatus',
  description: 'Where a quote stands. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    DRAFT: { description: 'Being put together.' },
    PENDING_APPROVAL: { description: 'Waits for an approval.' },
    APPROVED: { description: 'Approved; not sent yet.' },
    SENT: { description: 'With the customer.' },
    ACCEPTED: { description: 'The customer said yes; may become orders.' },
    DECLINED: { description: 'The customer said no.' },
    REJECTED: { description: 'Not approved.' },
    EXPIRED: { description: 'Its validity has passed.' },
    PARTIALLY_CONVERTED: { description: 'Some of it has become orders.' },
    CONVERTED: { description: 'All of it has become orders.' },
    SUPERSEDED: { description: 'A newer revision stands in its place.' },
    CANCELED: { description: 'Withdrawn.' },
  },
});

export interface QuoteRow {
  id: string;
  number: string;
  revision: number;
  status: QuoteStatus;
  customer_id: string;
  contact_id: string | null;
  owner_kind: ActorKind | null;
  owner_id: string | null;
  owner_name: string | null;
  currency: string;
  valid_until: string;
  subtotal_minor: string;
  discount_minor: string;
  shipping_method: string | null;
  shipping_minor: string;
  tax_minor: string;
  total_minor: string;
  billing_address: Address | null;
  shipping_address: Address | null;
  submitted_at: string | null;
  created_at: string;
  updated_at: string;
  version: number;
}

@ObjectType('Quote', { implements: Node, description: 'An offer to a customer, until it becomes orders.' })
export class QuoteType {
  readonly __typename = 'Quote';
  constructor(readonly row: QuoteRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(QUOTE_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'Shared by all revisions of a quote.' })
  get number(): string {
    return this.row.number;
  }
  @Field(() => Int, { description: '1, 2, 3 …' })
  get revision(): number {
    return this.row.revision;
  }
  @Field(() => QuoteStatusEnum, { description: 'Where it stands.' })
  get status(): QuoteStatus {
    return this.row.status;
  }
  @Field(() => CurrencyCode, { description: 'Currency of all its amounts.' })
  get currency(): string {
    return this.row.currency;
  }
  @Field(() => DateTime, { description: 'Can be accepted and converted until then.' })
  get validUntil(): string {
    return this.row.valid_until;
  }
  @Field(() => AddressType, { nullable: true, description: 'Where the invoice goes.' })
  get billingAddress(): Address | null {
    return this.row.billing_address;
  }
  @Field(() => AddressType, { nullable: true, description: 'Where the goods go.' })
  get shippingAddress(): Address | null {
    return this.row.shipping_address;
  }
  @Field(() => MoneyType, { description: 'The lines at their unit prices, before discounts.' })
  get subtotal(): Money {
    return moneyOfMinor(this.row.subtotal_minor, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'All discounts.' })
  get discountTotal(): Money {
    return moneyOfMinor(this.row.discount_minor, this.row.currency);
  }
  @Field(() => String, {
    nullable: true,
    description: 'How it is sent, in words; null where nothing is said of shipping.',
  })
  get shippingMethod(): string | null {
    return this.row.shipping_method;
  }
  @Field(() => MoneyType, {
    description:
      'Shipping, before tax. The first order that is made of the quote charges it, whole; later ones do not.',
  })
  get shippingTotal(): Money {
    return moneyOfMinor(this.row.shipping_minor, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'All taxes, those on shipping among them.' })
  get taxTotal(): Money {
    return moneyOfMinor(this.row.tax_minor, this.row.currency);
  }
  @Field(() => MoneyType, {
    description: 'What the customer would pay: subtotal − discountTotal + shippingTotal + taxTotal.',
  })
  get total(): Money {
    return moneyOfMinor(this.row.total_minor, this.row.currency);
  }
  @Field(() => DateTime, { nullable: true, description: 'When it was submitted; null where it was not.' })
  get submittedAt(): string | null {
    return this.row.submitted_at;
  }
  @Field(() => DateTime, { description: 'When it was made.' })
  get createdAt(): string {
    return this.row.created_at;
  }
  @Field(() => DateTime, { description: 'When it changed last.' })
  get updatedAt(): string {
    return this.row.updated_at;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}

@ObjectType('QuoteConnection', { description: 'A page of quotes.' })
export class QuoteConnection extends connectionTypes('Quote', () => QuoteType) {}

@InputType('QuoteFilter', { description: 'All that are given hold.' })
export class QuoteFilter {
  @Field(() => [QuoteStatusEnum], { nullable: true, description: 'One of these.' })
  status?: QuoteStatus[] | null;
  @Field(() => ID, { nullable: true, description: 'Of this customer.' })
  customerId?: string | null;
  @Field(() => String, {
    nullable: true,
    description: `Found in the quote’s number, or in the number, name or e-mail address of its customer. ${TEXT_RULE}`,
  })
  text?: string | null;
  @Field(() => DateTimeRange, { nullable: true, description: 'Valid until within.' })
  validUntil?: DateTimeRange | null;
  @Field(() => DateTimeRange, { nullable: true, description: 'Changed last within.' })
  updatedAt?: DateTimeRange | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Without those that have a newer revision; so also where there is no filter.',
  })
  newestRevisionOnly?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Waits for a decision that the caller’s roles may make, or (false) does not. None of the caller’s own does.',
  })
  awaitingMyApproval?: boolean | null;
}

export enum QuoteSortField {
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
  VALID_UNTIL = 'VALID_UNTIL',
  TOTAL = 'TOTAL',
  NUMBER = 'NUMBER',
}
registerEnumType(QuoteSortField, {
  name: 'QuoteSortField',
  description: 'What quotes are sorted by.',
  valuesConfig: {
    CREATED_AT: { description: 'When they were made.' },
    UPDATED_AT: { description: 'When they changed last.' },
    VALID_UNTIL: { description: 'Until when they are valid.' },
    TOTAL: { description: 'The total’s figures, whatever the currency.' },
    NUMBER: { description: 'The number, as text.' },
  },
});

@InputType('QuoteSort', { description: 'The order of a list of quotes; newest first, if left out.' })
export class QuoteSort {
  @Field(() => QuoteSortField, { description: 'What to sort by.' })
  field!: QuoteSortField;
  @Field(() => SortDirection, { description: 'Which end comes first.' })
  direction!: SortDirection;
}
