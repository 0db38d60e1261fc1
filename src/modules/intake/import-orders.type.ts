import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { UserError, UserErrorCode } from '../../graph/user-errors.js';
import type { RefusalCode } from '../../shared/failures.js';
import { ORDER_COLUMN_NAMES } from './order-columns.rules.js';

export enum DecimalMark {
  COMMA = 'COMMA',
  POINT = 'POINT',
}
registerEnumType(DecimalMark, {
  name: 'DecimalMark',
  description: 'What stands before the digits behind the point.',
  valuesConfig: {
    COMMA: { description: '1234,50 or 1.234,50' },
    POINT: { description: '1234.50 or 1,234.50' },
  },
});

export enum ImportOutcome {
  CREATED = 'CREATED',
  WOULD_CREATE = 'WOULD_CREATE',
  UNCHANGED = 'UNCHANGED',
  REFUSED = 'REFUSED',
}
registerEnumType(ImportOutcome, {
  name: 'ImportOutcome',
  description: 'What became of a row.',
  valuesConfig: {
    CREATED: { description: 'It is in an order that was made now.' },
    WOULD_CREATE: { description: 'It would be in an order that is made, were this no dry run.' },
    UNCHANGED: { description: 'It is in an order that was made before.' },
    REFUSED: { description: 'Nothing was made of it, nor of the other rows of its order.' },
  },
});

@InputType('ImportColumnInput', { description: 'What a column of the file is called, and what it holds.' })
export class ImportColumnInput {
  @Field(() => String, { description: 'As it is written in the first row.' })
  column!: string;
  @Field(() => String, { description: `What it holds: one of ${ORDER_COLUMN_NAMES.join(', ')}.` })
  holds!: string;
}

@InputType('ImportOrdersInput', {
  description:
    'Orders as rows of a table: the first row names the columns, and rows with the same `order` are lines of one order.',
})
export class ImportOrdersInput {
  @Field(() => String, { description: 'The same key and input is carried out once; a dry run takes none.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The table; fields are parted by commas, semicolons or tabs.' })
  csv!: string;
  @Field(() => String, { description: 'The code of the channel that the orders come from.' })
  channel!: string;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Only tell what would become of each row.',
  })
  dryRun?: boolean | null;
  @Field(() => [ImportColumnInput], { nullable: true, description: 'Columns that have other names.' })
  mapping?: ImportColumnInput[] | null;
  @Field(() => DecimalMark, {
    nullable: true,
    description: 'How numbers are written; left out: with a comma where semicolons part the fields, else with a point.',
  })
  decimalMark?: DecimalMark | null;
  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'The prices of the file include tax.' })
  pricesIncludeTax?: boolean | null;
}

@ObjectType('ImportError', { simpleResolvers: true, description: 'What keeps a row from becoming part of an order.' })
export class ImportError {
  @Field(() => UserErrorCode, { description: 'For programs.' })
  code!: RefusalCode;
  @Field(() => String, { description: 'For people: what was expected, and what came.' })
  message!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The column, as the file calls it; null where it is the whole row.',
  })
  column!: string | null;
}

@ObjectType('ImportedRow', { simpleResolvers: true, description: 'What became of one row.' })
export class ImportedRow {
  @Field(() => Int, { description: 'Its number, the first row of the file being 1.' })
  row!: number;
  @Field(() => String, { nullable: true, description: 'Its `order`; null where it has none.' })
  reference!: string | null;
  @Field(() => ImportOutcome, { description: 'What became of it.' })
  outcome!: ImportOutcome;
  @Field(() => [ImportError], { description: 'Why it was refused; empty where it was not.' })
  errors!: ImportError[];
  /** Which order to show; not a field of the graph. */
  orderId!: string | null;
}

@ObjectType('ImportOrdersPayload', {
  simpleResolvers: true,
  description: 'What became of a file of orders, row by row.',
})
export class ImportOrdersPayload {
  @Field(() => [ImportedRow], { description: 'Each row that is not empty, in their order.' })
  rows!: ImportedRow[];
  @Field(() => Int, { description: 'How many orders were made, or would be.' })
  createdCount!: number;
  @Field(() => Int, { description: 'How many orders were made before.' })
  unchangedCount!: number;
  @Field(() => Int, { description: 'How many orders were refused.' })
  refusedCount!: number;
  @Field(() => [String], { description: 'Columns of which nothing was read.' })
  ignoredColumns!: string[];
  @Field(() => Boolean, { description: 'The key took effect before; rows are told as they are now.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why the whole file was refused; empty when it was read.' })
  userErrors!: object[];
}
