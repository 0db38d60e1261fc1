import { Field, ObjectType } from 'type-graphql';
import { DecimalScalar } from '../../graph/scalars.js';
import { decimalText } from '../../shared/decimal.js';
import type { LinePartRow } from './order.queries.js';

@ObjectType('OrderLinePart', { description: 'A part of the bundle that a line is, as it was ordered.' })
export class OrderLinePartType {
  constructor(readonly row: LinePartRow) {}

  @Field(() => String, { description: 'The SKU as it was ordered.' })
  get sku(): string {
    return this.row.sku;
  }
  @Field(() => DecimalScalar, { description: 'How much of it one unit of the line has.' })
  get quantity(): string {
    return decimalText(this.row.quantity);
  }
}
