import { Field, ID, ObjectType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { DecimalScalar } from '../../graph/scalars.js';
import { MoneyType } from '../../graph/values.type.js';
import { decimalText } from '../../shared/decimal.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, moneyOfUnitPrice, type Money } from '../../shared/money.js';
import type { TaxFigure } from '../tax/index.js';
import { ConfigurationChoiceType } from './configuration.type.js';
import { RecurrenceType, type RecurrenceInterval } from './recurrence.type.js';

export const QUOTE_LINE_PREFIX = 'qln';

/** A choice as it was made, with what it builds in. */
export interface Configured {
  option: string;
  choice: string;
  sku: string | null;
}

export interface QuoteLineRow {
  id: string;
  quote_id: string;
  /** Null while no product has the line's SKU. */
  product_id: string | null;
  external_line_id: string | null;
  sku: string;
  description: string;
  quantity: string;
  unit_price: string;
  list_price: string | null;
  discount_rate: string;
  tax_minor: string;
  total_minor: string;
  tax_lines: TaxFigure[];
  converted_quantity: string;
  recurrence_interval: RecurrenceInterval | null;
  recurrence_terms: number | null;
  configuration: Configured[];
  currency: string;
}

@ObjectType('QuoteLine', { implements: Node, description: 'One product of a quote.' })
export class QuoteLineType {
  readonly __typename = 'QuoteLine';
  constructor(readonly row: QuoteLineRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(QUOTE_LINE_PREFIX, this.row.id);
  }
  @Field(() => String, {
    nullable: true,
    description: 'The line’s id in the CPQ tool that states the quote; null for a quote of the hub’s own.',
  })
  get externalLineId(): string | null {
    return this.row.external_line_id;
  }
  @Field(() => String, { description: 'The SKU as it was quoted.' })
  get sku(): string {
    return this.row.sku;
  }
  @Field(() => String, { description: 'What is offered, in words.' })
  get description(): string {
    return this.row.description;
  }
  @Field(() => DecimalScalar, { description: 'How much is offered.' })
  get quantity(): string {
    return decimalText(this.row.quantity);
  }
  @Field(() => MoneyType, { description: 'Per unit, before tax and before `discountRate`.' })
  get unitPrice(): Money {
    return moneyOfUnitPrice(this.row.unit_price, this.row.currency);
  }
  @Field(() => MoneyType, {
    nullable: true,
    description: 'What the price lists said when the quote was made; null where none had a price.',
  })
  get listPrice(): Money | null {
    return this.row.list_price === null ? null : moneyOfUnitPrice(this.row.list_price, this.row.currency);
  }
  @Field(() => DecimalScalar, { description: 'A fraction of the line: "0.1" is 10 % off.' })
  get discountRate(): string {
    return decimalText(this.row.discount_rate);
  }
  @Field(() => MoneyType, { description: 'Tax of the line.' })
  get taxTotal(): Money {
    return moneyOfMinor(this.row.tax_minor, this.row.currency);
  }
  @Field(() => MoneyType, {
    description: 'After discount, before tax, rounded once, half up; of a recurring line for its first period.',
  })
  get total(): Money {
    return moneyOfMinor(this.row.total_minor, this.row.currency);
  }
  @Field(() => RecurrenceType, {
    nullable: true,
    description: 'How often it is due again; null for a line that is due once.',
  })
  get recurrence(): RecurrenceType | null {
    return recurrenceOf(this.row);
  }
  @Field(() => [ConfigurationChoiceType], {
    description:
      'What was chosen of the product’s options, as they were then; of a quote of another tool as it stated it.',
  })
  get configuration(): Configured[] {
    return this.row.configuration;
  }
  @Field(() => DecimalScalar, { description: 'How much of the line has become orders already.' })
  get convertedQuantity(): string {
    return decimalText(this.row.converted_quantity);
  }
}

@ObjectType('UnmatchedQuoteLine', {
  description:
    'A line of another CPQ tool with a SKU that the hub does not know, kept as it came. It moves to `lines` once a product ' +
    'has that SKU.',
})
export class UnmatchedQuoteLineType {
  constructor(readonly row: QuoteLineRow) {}
  @Field(() => String, { nullable: true, description: 'The line’s id in the tool that states it.' })
  get externalLineId(): string | null {
    return this.row.external_line_id;
  }
  @Field(() => String, { description: 'The SKU that no product has.' })
  get sku(): string {
    return this.row.sku;
  }
  @Field(() => String, { description: 'What is offered, in words.' })
  get description(): string {
    return this.row.description;
  }
  @Field(() => DecimalScalar, { description: 'How much is offered.' })
  get quantity(): string {
    return decimalText(this.row.quantity);
  }
  @Field(() => MoneyType, { description: 'Per unit, before tax and before `discountRate`.' })
  get unitPrice(): Money {
    return moneyOfUnitPrice(this.row.unit_price, this.row.currency);
  }
  @Field(() => DecimalScalar, { description: 'A fraction of the line: "0.1" is 10 % off.' })
  get discountRate(): string {
    return decimalText(this.row.discount_rate);
  }
  @Field(() => MoneyType, { description: 'After discount, before tax; of a recurring line for its first period.' })
  get total(): Money {
    return moneyOfMinor(this.row.total_minor, this.row.currency);
  }
  @Field(() => RecurrenceType, {
    nullable: true,
    description: 'How often it is due again; null for a line that is due once.',
  })
  get recurrence(): RecurrenceType | null {
    return recurrenceOf(this.row);
  }
  @Field(() => [ConfigurationChoiceType], { description: 'What was chosen, as the tool stated it.' })
  get configuration(): Configured[] {
    return this.row.configuration;
  }
}

type Recurring = Pick<QuoteLineRow, 'recurrence_interval' | 'recurrence_terms'>;

export function recurrenceOf({ recurrence_interval: interval, recurrence_terms: termCount }: Recurring) {
  return interval === null || termCount === null ? null : { interval, termCount };
}
