import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DecimalScalar } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { MoneyInput } from '../../graph/values.type.js';
import { OrderType } from '../orders/index.js';
import { InvoiceType } from './invoice.type.js';

export enum InvoiceScope {
  SHIPPED = 'SHIPPED',
  ALL = 'ALL',
}
registerEnumType(InvoiceScope, {
  name: 'InvoiceScope',
  description: 'What of an order is invoiced.',
  valuesConfig: {
    SHIPPED: { description: 'What has left and is not invoiced; of what needs no shipping, what is delivered.' },
    ALL: { description: 'All that is not canceled and not invoiced, shipped or not.' },
  },
});

const KEY = 'The same key and input is carried out once.';

@InputType('IssueInvoiceInput', { description: 'What of an order is to be invoiced.' })
export class IssueInvoiceInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The order.' })
  orderId!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the order has another version.' })
  expectedVersion?: number | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Goods of this shipment of the order alone; with it what is delivered without shipping.',
  })
  shipmentId?: string | null;
  @Field(() => InvoiceScope, { nullable: true, description: 'Left out: SHIPPED.' })
  scope?: InvoiceScope | null;
}

@InputType('CreditedLineInput', { description: 'How much of a line of an invoice is taken back.' })
export class CreditedLineInput {
  @Field(() => ID, { description: 'The invoice’s line.' })
  lineId!: string;
  @Field(() => DecimalScalar, { description: 'How much of it.' })
  quantity!: string;
}

@InputType('IssueCreditNoteInput', {
  description:
    'What of an invoice is taken back: some of its lines, an amount, or with neither all that is left of it.',
})
export class IssueCreditNoteInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The invoice.' })
  invoiceId!: string;
  @Field(() => [CreditedLineInput], { nullable: true, description: 'How much of which lines.' })
  lines?: CreditedLineInput[] | null;
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'So much, with taxes; spread over all lines by what is left of each.',
  })
  amount?: MoneyInput | null;
  @Field(() => String, { description: 'Why; stands on the credit note.' })
  reason!: string;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether what is taken back may be invoiced again: where the invoice itself was wrong. Not with `amount`.',
  })
  invoiceAgain?: boolean | null;
}

@ObjectType('InvoicePayload', { simpleResolvers: true, description: 'What became of an issuing.' })
export class InvoicePayload {
  @Field(() => InvoiceType, { nullable: true, description: 'What was issued; null where that was refused.' })
  invoice!: InvoiceType | null;
  @Field(() => OrderType, { nullable: true, description: 'Its order as it is now.' })
  order!: OrderType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
