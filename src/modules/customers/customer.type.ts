import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime } from '../../graph/scalars.js';
import { TEXT_RULE } from '../../graph/text-filter.js';
import {
  AddressInput,
  AddressType,
  DateTimeRange,
  MoneyInput,
  MoneyType,
  SortDirection,
  type Address,
} from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, type Money } from '../../shared/money.js';
import { ExternalIdInput } from '../references/index.js';

export const CUSTOMER_PREFIX = 'cus';
export const CONTACT_PREFIX = 'con';

export enum CustomerKind {
  COMPANY = 'COMPANY',
  PERSON = 'PERSON',
}
registerEnumType(CustomerKind, {
  name: 'CustomerKind',
  description: 'Whether the customer is a company or a person.',
  valuesConfig: { COMPANY: { description: 'A company.' }, PERSON: { description: 'A natural person.' } },
});

export interface CustomerRow {
  id: string;
  number: string;
  kind: CustomerKind;
  name: string;
  email: string | null;
  phone: string | null;
  tax_id: string | null;
  is_active: boolean;
  price_list_id: string | null;
  credit_limit_minor: string | null;
  credit_limit_currency: string | null;
  billing_address: Address | null;
  shipping_addresses: Address[];
  tags: string[];
  created_at: string;
  updated_at: string;
  version: number;
  merged_into_id: string | null;
}

export interface ContactRow {
  id: string;
  customer_id: string;
  name: string;
  email: string | null;
  phone: string | null;
  role: string | null;
  is_primary: boolean;
}

@ObjectType('Contact', { implements: Node, description: 'A person at a customer.' })
export class ContactType {
  readonly __typename = 'Contact';
  constructor(readonly row: ContactRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(CONTACT_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The person’s name.' })
  get name(): string {
    return this.row.name;
  }
  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  get email(): string | null {
    return this.row.email;
  }
  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  get phone(): string | null {
    return this.row.phone;
  }
  @Field(() => String, { nullable: true, description: 'What the person does there, e.g. "purchasing".' })
  get role(): string | null {
    return this.row.role;
  }
  @Field(() => Boolean, { description: 'The one to turn to first.' })
  get isPrimary(): boolean {
    return this.row.is_primary;
  }
}

@ObjectType('Customer', { implements: Node, description: 'A company or person that orders.' })
export class CustomerType {
  readonly __typename = 'Customer';
  constructor(readonly row: CustomerRow) {}

  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(CUSTOMER_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The number people use, unique in the hub.' })
  get number(): string {
    return this.row.number;
  }
  @Field(() => CustomerKind, { description: 'Company or person.' })
  get kind(): CustomerKind {
    return this.row.kind;
  }
  @Field(() => String, { description: 'Company name, or the person’s full name.' })
  get name(): string {
    return this.row.name;
  }
  @Field(() => String, { nullable: true, description: 'Main e-mail address.' })
  get email(): string | null {
    return this.row.email;
  }
  @Field(() => String, { nullable: true, description: 'Main telephone number.' })
  get phone(): string | null {
    return this.row.phone;
  }
  @Field(() => String, { nullable: true, description: 'VAT id or other tax number.' })
  get taxId(): string | null {
    return this.row.tax_id;
  }
  @Field(() => Boolean, { description: 'False: kept for its history, no new orders.' })
  get isActive(): boolean {
    return this.row.is_active;
  }
  @Field(() => MoneyType, {
    nullable: true,
    description: 'Up to what value open orders of its currency may be confirmed; null: without limit.',
  })
  get creditLimit(): Money | null {
    const { credit_limit_minor: minor, credit_limit_currency: currency } = this.row;
    return minor === null || currency === null ? null : moneyOfMinor(minor, currency);
  }
  @Field(() => AddressType, { nullable: true, description: 'Where invoices go.' })
  get billingAddress(): Address | null {
    return this.row.billing_address;
  }
  @Field(() => [AddressType], { description: 'Where goods go; the first is used where an order names none.' })
  get shippingAddresses(): Address[] {
    return this.row.shipping_addresses;
  }
  @Field(() => [String], { description: 'Free words to group customers by.' })
  get tags(): string[] {
    return this.row.tags;
  }
  @Field(() => DateTime, { description: 'When the hub came to know the customer.' })
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

@ObjectType('CustomerConnection', { description: 'A page of customers.' })
export class CustomerConnection extends connectionTypes('Customer', () => CustomerType) {}

@InputType('CustomerFilter', { description: 'All that are given hold.' })
export class CustomerFilter {
  @Field(() => String, { nullable: true, description: `Number, name, e-mail, or e-mail of a contact. ${TEXT_RULE}` })
  text?: string | null;
  @Field(() => CustomerKind, { nullable: true, description: 'Companies or persons only.' })
  kind?: CustomerKind | null;
  @Field(() => String, { nullable: true, description: 'Exactly this e-mail address, in any case.' })
  email?: string | null;
  @Field(() => String, { nullable: true, description: 'Has this tag.' })
  tag?: string | null;
  @Field(() => String, { nullable: true, description: 'Known to the integration with this code.' })
  integration?: string | null;
  @Field(() => DateTimeRange, { nullable: true, description: 'Changed last within.' })
  updatedAt?: DateTimeRange | null;
}

export enum CustomerSortField {
  NAME = 'NAME',
  NUMBER = 'NUMBER',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
}
registerEnumType(CustomerSortField, {
  name: 'CustomerSortField',
  description: 'What customers are sorted by.',
  valuesConfig: {
    NAME: { description: 'Name.' },
    NUMBER: { description: 'Number.' },
    CREATED_AT: { description: 'When the hub came to know them.' },
    UPDATED_AT: { description: 'When they changed last.' },
  },
});

@InputType('CustomerSort', { description: 'The order of a list of customers; by number, if left out.' })
export class CustomerSort {
  @Field(() => CustomerSortField, { description: 'What to sort by.' })
  field!: CustomerSortField;
  @Field(() => SortDirection, { description: 'Which end comes first.' })
  direction!: SortDirection;
}

@InputType('ContactInput', { description: 'A person at a customer; with `id` an existing contact is changed.' })
export class ContactInput {
  @Field(() => ID, { nullable: true, description: 'Of a contact that the customer has.' })
  id?: string | null;
  @Field(() => String, { description: 'The person’s name.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  email?: string | null;
  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  phone?: string | null;
  @Field(() => String, { nullable: true, description: 'What the person does there.' })
  role?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'The one to turn to first.' })
  isPrimary?: boolean | null;
}

@InputType('CustomerToFindInput', {
  description:
    'Found by `number`, or without one by `email` where one customer alone has it, and left as it is; made where there ' +
    'is none (then `name` is required).',
})
export class CustomerToFindInput {
  @Field(() => String, { nullable: true, description: 'The customer’s number; a new customer gets it.' })
  number?: string | null;
  @Field(() => String, { nullable: true, description: 'Main e-mail address.' })
  email?: string | null;
  @Field(() => CustomerKind, { nullable: true, description: 'COMPANY for a new customer, if left out.' })
  kind?: CustomerKind | null;
  @Field(() => String, { nullable: true, description: 'Company name, or the person’s full name.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'Main telephone number.' })
  phone?: string | null;
  @Field(() => String, { nullable: true, description: 'VAT id or other tax number.' })
  taxId?: string | null;
  @Field(() => AddressInput, { nullable: true, description: 'Where its invoices go.' })
  billingAddress?: AddressInput | null;
  @Field(() => AddressInput, { nullable: true, description: 'Where its goods go.' })
  shippingAddress?: AddressInput | null;
}

@InputType('UpsertCustomerInput', {
  description:
    'Found by `id`, `number` or `external` (at most one of `id` and `number`), created if there is none (then `name` is ' +
    'required). A field left out stays, null empties it.',
})
export class UpsertCustomerInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => ID, { nullable: true, description: 'The customer’s id.' })
  id?: string | null;
  @Field(() => String, { nullable: true, description: 'The customer’s number; a new customer gets it.' })
  number?: string | null;
  @Field(() => ExternalIdInput, {
    nullable: true,
    description: 'The id it has in a connected system; a new customer is linked to it.',
  })
  external?: ExternalIdInput | null;
  @Field(() => Int, { nullable: true, description: 'Refused where the record has another version.' })
  expectedVersion?: number | null;
  @Field(() => CustomerKind, { nullable: true, description: 'COMPANY for a new customer, if left out.' })
  kind?: CustomerKind | null;
  @Field(() => String, { nullable: true, description: 'Company name, or the person’s full name.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'Main e-mail address.' })
  email?: string | null;
  @Field(() => String, { nullable: true, description: 'Main telephone number.' })
  phone?: string | null;
  @Field(() => String, { nullable: true, description: 'VAT id or other tax number.' })
  taxId?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'False: no new orders.' })
  isActive?: boolean | null;
  @Field(() => String, {
    nullable: true,
    description: 'Code of the price list the customer buys by; null: the default one.',
  })
  priceList?: string | null;
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'Up to what value open orders of this currency may be confirmed; null: without limit.',
  })
  creditLimit?: MoneyInput | null;
  @Field(() => AddressInput, { nullable: true, description: 'Where invoices go.' })
  billingAddress?: AddressInput | null;
  @Field(() => [AddressInput], { nullable: true, description: 'Where goods go; replaces the list.' })
  shippingAddresses?: AddressInput[] | null;
  @Field(() => [ContactInput], {
    nullable: true,
    description: 'Replaces the list; contacts that are named by id keep theirs.',
  })
  contacts?: ContactInput[] | null;
  @Field(() => [String], { nullable: true, description: 'Replaces the list.' })
  tags?: string[] | null;
}
