import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { connectionTypes } from '../../graph/paging.js';
import { DateTime, DecimalScalar } from '../../graph/scalars.js';
import { TEXT_RULE } from '../../graph/text-filter.js';
import { UserError } from '../../graph/user-errors.js';
import { DateTimeRange, MoneyInput, SortDirection } from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';
import { ExternalIdInput } from '../references/index.js';
import { BundleComponentInput } from './bundle.type.js';
import { ProductOptionInput } from './product-option.type.js';

export const PRODUCT_PREFIX = 'prd';

export interface ProductRow {
  id: string;
  sku: string;
  name: string;
  description: string | null;
  unit: string;
  weight_grams: number | null;
  tax_category: string;
  is_active: boolean;
  is_stocked: boolean;
  requires_shipping: boolean;
  created_at: string;
  updated_at: string;
  version: number;
}

@ObjectType('Product', { implements: Node, description: 'Something that is sold.' })
export class ProductType {
  readonly __typename = 'Product';
  constructor(readonly row: ProductRow) {}

  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(PRODUCT_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'Stock keeping unit, unique in the hub.' })
  get sku(): string {
    return this.row.sku;
  }
  @Field(() => String, { description: 'A name to show.' })
  get name(): string {
    return this.row.name;
  }
  @Field(() => String, { nullable: true, description: 'What it is, in words.' })
  get description(): string | null {
    return this.row.description;
  }
  @Field(() => String, { description: 'What a quantity counts, e.g. "piece", "kg".' })
  get unit(): string {
    return this.row.unit;
  }
  @Field(() => Int, { nullable: true, description: 'Weight of one unit in grams.' })
  get weightGrams(): number | null {
    return this.row.weight_grams;
  }
  @Field(() => String, { description: 'Which tax rate of a country applies, e.g. "standard" or "reduced".' })
  get taxCategory(): string {
    return this.row.tax_category;
  }
  @Field(() => Boolean, { description: 'False: no longer sold.' })
  get isActive(): boolean {
    return this.row.is_active;
  }
  @Field(() => Boolean, { description: 'False: never counted, always available.' })
  get isStocked(): boolean {
    return this.row.is_stocked;
  }
  @Field(() => Boolean, { description: 'False for services and digital goods: nothing to pack, nothing to wait for.' })
  get requiresShipping(): boolean {
    return this.row.requires_shipping;
  }
  @Field(() => DateTime, { description: 'When the hub came to know the product.' })
  get createdAt(): string {
    return this.row.created_at;
  }
  @Field(() => DateTime, { description: 'When the record changed last.' })
  get updatedAt(): string {
    return this.row.updated_at;
  }
  @Field(() => Int, { description: 'Rises when the record itself or its price changes.' })
  get version(): number {
    return this.row.version;
  }
}

@ObjectType('ProductConnection', { description: 'A page of products.' })
export class ProductConnection extends connectionTypes('Product', () => ProductType) {}

@InputType('ProductFilter', { description: 'All that are given hold.' })
export class ProductFilter {
  @Field(() => String, { nullable: true, description: `SKU or name. ${TEXT_RULE}` })
  text?: string | null;
  @Field(() => [String], { nullable: true, description: 'One of these SKUs.' })
  sku?: string[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Sold, or no longer sold.' })
  isActive?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Less is available at some location than its reorder point there, or (false) nowhere. Not for customers.',
  })
  belowReorderPoint?: boolean | null;
  @Field(() => DateTimeRange, { nullable: true, description: 'Changed last within.' })
  updatedAt?: DateTimeRange | null;
}

export enum ProductSortField {
  SKU = 'SKU',
  NAME = 'NAME',
  UPDATED_AT = 'UPDATED_AT',
}
registerEnumType(ProductSortField, {
  name: 'ProductSortField',
  description: 'What products are sorted by.',
  valuesConfig: {
    SKU: { description: 'SKU.' },
    NAME: { description: 'Name.' },
    UPDATED_AT: { description: 'When they changed last.' },
  },
});

@InputType('ProductSort', { description: 'The order of a list of products; by SKU, if left out.' })
export class ProductSort {
  @Field(() => ProductSortField, { description: 'What to sort by.' })
  field!: ProductSortField;
  @Field(() => SortDirection, { description: 'Which end comes first.' })
  direction!: SortDirection;
}

@InputType('UpsertProductInput', {
  description:
    'Found by `sku`, created if there is none (then `name` is required). A field left out stays, null empties it.',
})
export class UpsertProductInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'Stock keeping unit: 1 to 64 characters.' })
  sku!: string;
  @Field(() => ExternalIdInput, {
    nullable: true,
    description: 'The id it has in a connected system; the product is linked to it.',
  })
  external?: ExternalIdInput | null;
  @Field(() => Int, { nullable: true, description: 'Refused where the record has another version.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'A name to show.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'What it is, in words.' })
  description?: string | null;
  @Field(() => String, { nullable: true, description: 'What a quantity counts; "piece" for a new product.' })
  unit?: string | null;
  @Field(() => Int, { nullable: true, description: 'Weight of one unit in grams.' })
  weightGrams?: number | null;
  @Field(() => String, { nullable: true, description: 'Which tax rate applies; "standard" for a new product.' })
  taxCategory?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'False: no longer sold.' })
  isActive?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'False: never counted, always available.' })
  isStocked?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'False for services and digital goods.' })
  requiresShipping?: boolean | null;
  @Field(() => [BundleComponentInput], {
    nullable: true,
    description:
      'What the product is made of, all of it: it is a bundle then, without stock of its own, reserved and shipped by ' +
      'its parts. Null or empty: a simple product. Orders keep the parts that they were placed with.',
  })
  components?: BundleComponentInput[] | null;
  @Field(() => [ProductOptionInput], {
    nullable: true,
    description:
      'What can be chosen of it when it is quoted, all of it. Null or empty: nothing. Quotes keep what was chosen on them.',
  })
  options?: ProductOptionInput[] | null;
}

@InputType('SetPriceInput', {
  description: 'A unit price before tax. The same product, list, quantity and start replaces the price before.',
})
export class SetPriceInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The product.' })
  sku!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Code of the price list, made if there is none; left out: the currency’s default list.',
  })
  priceList?: string | null;
  @Field(() => MoneyInput, { description: 'Per unit, before tax; up to six digits more than the currency has.' })
  unitPrice!: MoneyInput;
  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'From this quantity on; 1, if left out. Of less than one, the price from 1 on holds where no other does.',
  })
  minimumQuantity?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'Valid from; left out: always was.' })
  validFrom?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Valid until, exclusive; left out: without end.' })
  validUntil?: Date | null;
}

@ObjectType('ProductPayload', { simpleResolvers: true, description: 'What became of a change to a product.' })
export class ProductPayload {
  @Field(() => ProductType, { nullable: true, description: 'The product; null where the change was refused.' })
  product!: ProductType | null;
  @Field(() => Boolean, { description: 'The key took effect before; this is its outcome.' })
  replayed!: boolean;
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: object[];
}
