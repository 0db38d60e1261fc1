import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DecimalScalar } from '../../graph/scalars.js';
import { decimalText } from '../../shared/decimal.js';
import { typeId } from '../../shared/ids.js';

const COMPONENT_PREFIX = 'bcp';

export interface ComponentRow {
  id: string;
  product_id: string;
  component_id: string;
  sku: string;
  quantity: string;
  is_optional: boolean;
}

@ObjectType('BundleComponent', { description: 'A part of a bundle.' })
export class BundleComponentType {
  constructor(readonly row: ComponentRow) {}

  @Field(() => ID, { description: 'Opaque and typed; another one after the parts were stated anew.' })
  get id(): string {
    return typeId(COMPONENT_PREFIX, this.row.id);
  }
  @Field(() => DecimalScalar, { description: 'How much of it one unit of the bundle has.' })
  get quantity(): string {
    return decimalText(this.row.quantity);
  }
  @Field(() => Boolean, { description: 'True: only with orders that ask for it, at its own price on top.' })
  get isOptional(): boolean {
    return this.row.is_optional;
  }
}

@InputType('BundleComponentInput', { description: 'A part of a bundle.' })
export class BundleComponentInput {
  @Field(() => String, { description: 'The product; not a bundle itself.' })
  sku!: string;
  @Field(() => DecimalScalar, { description: 'How much of it one unit of the bundle has; more than zero.' })
  quantity!: string;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'True: only with orders that ask for it, at its own price on top.',
  })
  isOptional?: boolean | null;
}
