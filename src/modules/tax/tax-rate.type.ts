import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { CountryCode, DecimalScalar } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { decimalText } from '../../shared/decimal.js';
import { typeId } from '../../shared/ids.js';

export const TAX_RATE = 'tax_rate';
export const TAX_RATE_PREFIX = 'txr';

const REGION = 'Its code in the country, as in addresses, e.g. "ON"; left out or null: the country.';
const CATEGORY = 'Of products, e.g. "standard"; also "shipping" and "fee".';
const RATE = 'A fraction: "0.22" is 22 %; from 0 to 1.';
const FROM = 'The first day on which it holds, as in "2026-01-01".';
const UNTIL = 'The first day on which it holds no more; null: no end is known.';

export interface TaxRateRow {
  id: string;
  country: string;
  /** Empty: the country. */
  region: string;
  category: string;
  name: string;
  rate: string;
  valid_from: string;
  valid_until: string | null;
  version: number;
}

@ObjectType('TaxRate', {
  implements: Node,
  description:
    'What is taxed how in a country or one of its regions, and when. A region’s rate goes before its country’s.',
})
export class TaxRateType {
  readonly __typename = 'TaxRate';
  constructor(readonly row: TaxRateRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(TAX_RATE_PREFIX, this.row.id);
  }
  @Field(() => CountryCode, { description: 'Where it holds.' })
  get country(): string {
    return this.row.country;
  }
  @Field(() => String, { nullable: true, description: REGION })
  get region(): string | null {
    return this.row.region || null;
  }
  @Field(() => String, { description: CATEGORY })
  get category(): string {
    return this.row.category;
  }
  @Field(() => String, { description: 'As it stands on the invoice, e.g. "VAT 22 %".' })
  get name(): string {
    return this.row.name;
  }
  @Field(() => DecimalScalar, { description: RATE })
  get rate(): string {
    return decimalText(this.row.rate);
  }
  @Field(() => String, { description: FROM })
  get validFrom(): string {
    return this.row.valid_from;
  }
  @Field(() => String, { nullable: true, description: UNTIL })
  get validUntil(): string | null {
    return this.row.valid_until;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}

@InputType('UpsertTaxRateInput', {
  description:
    'Found by `country`, `region`, `category` and `validFrom`, created if there is none (then `name` and `rate` are ' +
    'required). A field left out stays. Where several hold on a day, the one that began last does.',
})
export class UpsertTaxRateInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => CountryCode, { description: 'Where it holds.' })
  country!: string;
  @Field(() => String, { nullable: true, description: REGION })
  region?: string | null;
  @Field(() => String, { description: CATEGORY })
  category!: string;
  @Field(() => String, { description: FROM })
  validFrom!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the record has another version.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'As it is to stand on the invoice.' })
  name?: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: RATE })
  rate?: string | null;
  @Field(() => String, { nullable: true, description: UNTIL })
  validUntil?: string | null;
}

@ObjectType('TaxRatePayload', { simpleResolvers: true, description: 'What became of a change to a tax rate.' })
export class TaxRatePayload {
  @Field(() => TaxRateType, { nullable: true, description: 'The rate; null where the change was refused.' })
  taxRate!: TaxRateType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
