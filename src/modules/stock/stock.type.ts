import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime, DecimalScalar } from '../../graph/scalars.js';
import { UserError } from '../../graph/user-errors.js';
import { AddressInput, AddressType, DateTimeRange, type Address } from '../../graph/values.type.js';
import { decimalText } from '../../shared/decimal.js';
import type { UserErrorFacts } from '../../shared/failures.js';
import { typeId } from '../../shared/ids.js';
import { availableOf, shortfallOf } from './stock.rules.js';

export const LOCATION_PREFIX = 'loc';
export const LEVEL_PREFIX = 'slv';

export interface StockLocationRow {
  id: string;
  code: string;
  name: string;
  address: Address | null;
  is_active: boolean;
  version: number;
}

export interface StockLevelRow {
  id: string;
  product_id: string;
  location_id: string;
  on_hand: string;
  reserved: string;
  safety_stock: string;
  reorder_point: string | null;
  reorder_quantity: string | null;
  updated_at: string;
  version: number;
}

@ObjectType('StockLocation', { implements: Node, description: 'A place that holds stock.' })
export class StockLocationType {
  readonly __typename = 'StockLocation';
  constructor(readonly row: StockLocationRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(LOCATION_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The name it goes by in inputs, e.g. "MILAN".' })
  get code(): string {
    return this.row.code;
  }
  @Field(() => String, { description: 'A name to show.' })
  get name(): string {
    return this.row.name;
  }
  @Field(() => AddressType, { nullable: true, description: 'Where it is.' })
  get address(): Address | null {
    return this.row.address;
  }
  @Field(() => Boolean, { description: 'False: nothing is promised from here any more.' })
  get isActive(): boolean {
    return this.row.is_active;
  }
  @Field(() => Int, { description: 'Rises when the record itself changes.' })
  get version(): number {
    return this.row.version;
  }
}

@ObjectType('StockLevel', { implements: Node, description: 'How much of a product a location has.' })
export class StockLevelType {
  readonly __typename = 'StockLevel';
  constructor(readonly row: StockLevelRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(LEVEL_PREFIX, this.row.id);
  }
  @Field(() => DecimalScalar, { description: 'What is there: the sum of all movements.' })
  get onHand(): string {
    return decimalText(this.row.on_hand);
  }
  @Field(() => DecimalScalar, { description: 'Promised to orders and not shipped yet.' })
  get reserved(): string {
    return decimalText(this.row.reserved);
  }
  @Field(() => DecimalScalar, { description: 'Kept back: never promised.' })
  get safetyStock(): string {
    return decimalText(this.row.safety_stock);
  }
  @Field(() => DecimalScalar, { description: 'onHand − reserved − safetyStock, at least zero.' })
  get available(): string {
    return availableOf(this.row);
  }
  @Field(() => DecimalScalar, {
    description: 'How much is promised beyond what is there (after a count, say); zero in good order.',
  })
  get shortfall(): string {
    return shortfallOf(this.row);
  }
  @Field(() => DecimalScalar, { nullable: true, description: 'Order again when less than this is available.' })
  get reorderPoint(): string | null {
    return this.row.reorder_point === null ? null : decimalText(this.row.reorder_point);
  }
  @Field(() => DecimalScalar, { nullable: true, description: 'How much to order then.' })
  get reorderQuantity(): string | null {
    return this.row.reorder_quantity === null ? null : decimalText(this.row.reorder_quantity);
  }
  @Field(() => DateTime, { description: 'When it changed last.' })
  get updatedAt(): string {
    return this.row.updated_at;
  }
  @Field(() => Int, { description: 'Rises with every movement and reservation.' })
  get version(): number {
    return this.row.version;
  }
}

@ObjectType('StockLevelConnection', { description: 'A page of stock levels.' })
export class StockLevelConnection extends connectionTypes('StockLevel', () => StockLevelType) {}

@InputType('StockFilter', { description: 'All that are given hold.' })
export class StockFilter {
  @Field(() => [String], { nullable: true, description: 'Of products with one of these SKUs.' })
  sku?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'At locations with one of these codes.' })
  location?: string[] | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'Less is available than their reorder point, or (false) as much, or they have none.',
  })
  belowReorderPoint?: boolean | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'Less than this is available.' })
  availableBelow?: string | null;
  @Field(() => DateTimeRange, { nullable: true, description: 'Changed last within.' })
  updatedAt?: DateTimeRange | null;
}

export enum StockMovementKind {
  RECEIPT = 'RECEIPT',
  SHIPMENT = 'SHIPMENT',
  RETURN = 'RETURN',
  ADJUSTMENT = 'ADJUSTMENT',
  COUNT = 'COUNT',
  DAMAGE = 'DAMAGE',
  TRANSFER_IN = 'TRANSFER_IN',
  TRANSFER_OUT = 'TRANSFER_OUT',
}
registerEnumType(StockMovementKind, {
  name: 'StockMovementKind',
  description: 'Why stock came or went.',
  valuesConfig: {
    RECEIPT: { description: 'Came from a supplier.' },
    SHIPMENT: { description: 'Left with a shipment; made by shipping alone.' },
    RETURN: { description: 'Came back from a customer.' },
    ADJUSTMENT: { description: 'Corrected by a person.' },
    COUNT: { description: 'Set to what was counted.' },
    DAMAGE: { description: 'Broken or lost.' },
    TRANSFER_IN: { description: 'Came from another location.' },
    TRANSFER_OUT: { description: 'Went to another location.' },
  },
});

@ObjectType('InsufficientStockError', {
  implements: UserError,
  simpleResolvers: true,
  description: 'Less is available than is asked for.',
})
export class InsufficientStockError extends UserError {
  @Field(() => String, { description: 'The product.' })
  sku!: string;
  @Field(() => DecimalScalar, { description: 'How much was asked for.' })
  requested!: string;
  @Field(() => DecimalScalar, { description: 'How much there is to promise.' })
  available!: string;
}

export function insufficientStock(sku: string, requested: string, available: string, field?: string[]): UserErrorFacts {
  return {
    code: 'INSUFFICIENT_STOCK',
    message: `${sku}: ${requested} asked for, ${available} available`,
    ...(field && { field }),
    type: 'InsufficientStockError',
    facts: { sku, requested, available },
  };
}

@InputType('UpsertStockLocationInput', {
  description: 'Found by `code`, created if there is none. A field left out stays, null empties it.',
})
export class UpsertStockLocationInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: '1 to 40 letters, digits, dashes.' })
  code!: string;
  @Field(() => String, { nullable: true, description: 'A name to show; the code for a new location.' })
  name?: string | null;
  @Field(() => AddressInput, { nullable: true, description: 'Where it is.' })
  address?: AddressInput | null;
  @Field(() => Boolean, { nullable: true, description: 'False: nothing more is promised from here.' })
  isActive?: boolean | null;
  @Field(() => Int, { nullable: true, description: 'Refused where the record has another version.' })
  expectedVersion?: number | null;
}

@ObjectType('StockLocationPayload', { simpleResolvers: true, description: 'What became of a change to a location.' })
export class StockLocationPayload {
  @Field(() => StockLocationType, { nullable: true, description: 'The location; null where the change was refused.' })
  location!: StockLocationType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}

@InputType('AdjustStockInput', { description: 'Exactly one of `delta` and `setTo`.' })
export class AdjustStockInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The product.' })
  sku!: string;
  @Field(() => String, { description: 'The location’s code.' })
  location!: string;
  @Field(() => DecimalScalar, { nullable: true, description: 'How much comes (positive) or goes (negative).' })
  delta?: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'How much there is now.' })
  setTo?: string | null;
  @Field(() => StockMovementKind, {
    nullable: true,
    defaultValue: StockMovementKind.ADJUSTMENT,
    description: 'Why; SHIPMENT is made by shipping alone.',
  })
  kind?: StockMovementKind | null;
  @Field(() => String, { description: 'Why, in words; stands on the movement.' })
  reason!: string;
  @Field(() => Int, { nullable: true, description: 'Refused where the level has another version.' })
  expectedVersion?: number | null;
}

@ObjectType('StockLevelPayload', { simpleResolvers: true, description: 'What became of a change to a stock level.' })
export class StockLevelPayload {
  @Field(() => StockLevelType, { nullable: true, description: 'The level; null where the change was refused.' })
  stockLevel!: StockLevelType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
