import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Language } from '../../documents/index.js';
import { Node } from '../../graph/node.js';
import { CalendarDate, DateTime, DecimalScalar } from '../../graph/scalars.js';
import { MoneyType } from '../../graph/values.type.js';
import { decimalText } from '../../shared/decimal.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, moneyOfUnitPrice, type Money } from '../../shared/money.js';
import { TaxLineType } from '../orders/index.js';
import type { TaxFigure } from '../tax/index.js';
import type { Particulars } from './particulars.rules.js';

export const INVOICE_PREFIX = 'inv';
export const INVOICE_LINE_PREFIX = 'inl';

export const INVOICE_KINDS = ['INVOICE', 'CREDIT_NOTE'] as const;
export type InvoiceKind = (typeof INVOICE_KINDS)[number];
export const InvoiceKindEnum = Object.fromEntries(INVOICE_KINDS.map((kind) => [kind, kind]));
registerEnumType(InvoiceKindEnum, {
  name: 'InvoiceKind',
  description: 'What kind of document it is. The list may grow: treat an unknown value as "other".',
  valuesConfig: {
    INVOICE: { description: 'Asks for money.' },
    CREDIT_NOTE: { description: 'Takes back an invoice, or some of it.' },
  },
});

export interface InvoiceRow {
  id: string;
  kind: InvoiceKind;
  number: string;
  order_id: string;
  shipment_id: string | null;
  credits_id: string | null;
  is_reopening: boolean;
  reason: string | null;
  language: Language;
  currency: string;
  prices_include_tax: boolean;
  tax_minor: string;
  total_minor: string;
  issued_at: string;
  due_date: string | null;
  particulars: Particulars;
}
export interface InvoiceLineRow {
  id: string;
  invoice_id: string;
  position: number;
  source: 'LINE' | 'SHIPPING' | 'ADJUSTMENT';
  source_id: string;
  credits_id: string | null;
  sku: string | null;
  description: string;
  quantity: string;
  unit_price: string;
  discount_minor: string;
  tax_minor: string;
  total_minor: string;
  tax_lines: TaxFigure[];
  currency: string;
}

@ObjectType('InvoiceLine', { description: 'What an invoice charges for, or a credit note takes back; never changed.' })
export class InvoiceLineType {
  constructor(readonly row: InvoiceLineRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(INVOICE_LINE_PREFIX, this.row.id);
  }
  @Field(() => String, { nullable: true, description: 'Of the product; null for shipping, fees and the like.' })
  get sku(): string | null {
    return this.row.sku;
  }
  @Field(() => String, { description: 'In words, as it was ordered.' })
  get description(): string {
    return this.row.description;
  }
  @Field(() => DecimalScalar, { description: 'How much; 0 where an amount alone is taken back.' })
  get quantity(): string {
    return decimalText(this.row.quantity);
  }
  @Field(() => MoneyType, { description: 'Per unit, in the order’s price basis.' })
  get unitPrice(): Money {
    return moneyOfUnitPrice(this.row.unit_price, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'Its share of the discounts.' })
  get discountTotal(): Money {
    return moneyOfMinor(this.row.discount_minor, this.row.currency);
  }
  @Field(() => [TaxLineType], { description: 'Its taxes.' })
  get taxLines(): TaxLineType[] {
    return this.row.tax_lines.map((tax) => new TaxLineType(tax, this.row.currency));
  }
  @Field(() => MoneyType, { description: 'Sum of its taxes.' })
  get taxTotal(): Money {
    return moneyOfMinor(this.row.tax_minor, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'After discounts, in the order’s price basis.' })
  get total(): Money {
    return moneyOfMinor(this.row.total_minor, this.row.currency);
  }
}

@ObjectType('Invoice', {
  implements: Node,
  description: 'An invoice or credit note of an order as it was issued; never changed, never removed.',
})
export class InvoiceType {
  readonly __typename = 'Invoice';
  constructor(readonly row: InvoiceRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(INVOICE_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'Counts up within its kind and year, without a gap.' })
  get number(): string {
    return this.row.number;
  }
  @Field(() => InvoiceKindEnum, { description: 'Invoice or credit note.' })
  get kind(): InvoiceKind {
    return this.row.kind;
  }
  @Field(() => DateTime, { description: 'When it was issued; never before the one numbered before it.' })
  get issuedAt(): string {
    return this.row.issued_at;
  }
  @Field(() => CalendarDate, {
    nullable: true,
    description: 'By which day it is to be paid; null where no term was agreed on.',
  })
  get dueDate(): string | null {
    return this.row.due_date;
  }
  @Field(() => MoneyType, { description: 'All taxes.' })
  get taxTotal(): Money {
    return moneyOfMinor(this.row.tax_minor, this.row.currency);
  }
  @Field(() => MoneyType, { description: 'What it asks for, or takes back; with taxes.' })
  get total(): Money {
    return moneyOfMinor(this.row.total_minor, this.row.currency);
  }
  @Field(() => String, { nullable: true, description: 'Of a credit note: why.' })
  get reason(): string | null {
    return this.row.reason;
  }
}
