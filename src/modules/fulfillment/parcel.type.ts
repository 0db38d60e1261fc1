import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { typeId } from '../../shared/ids.js';

const PARCEL_PREFIX = 'pcl';
const WEIGHT = 'In grams, with what it is packed in.';
const LENGTH = 'In millimeters.';

export interface ParcelRow {
  id: string;
  shipment_id: string;
  weight_grams: number | null;
  length_mm: number | null;
  width_mm: number | null;
  height_mm: number | null;
}

@ObjectType('Parcel', { description: 'One of the boxes that a shipment leaves in.' })
export class ParcelType {
  constructor(readonly row: ParcelRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(PARCEL_PREFIX, this.row.id);
  }
  @Field(() => Int, { nullable: true, description: WEIGHT })
  get weightGrams(): number | null {
    return this.row.weight_grams;
  }
  @Field(() => Int, { nullable: true, description: LENGTH })
  get lengthMm(): number | null {
    return this.row.length_mm;
  }
  @Field(() => Int, { nullable: true, description: LENGTH })
  get widthMm(): number | null {
    return this.row.width_mm;
  }
  @Field(() => Int, { nullable: true, description: LENGTH })
  get heightMm(): number | null {
    return this.row.height_mm;
  }
}

@InputType('ParcelInput', { description: 'A box as it was weighed and measured; each is more than zero.' })
export class ParcelInput {
  @Field(() => Int, { nullable: true, description: WEIGHT })
  weightGrams?: number | null;
  @Field(() => Int, { nullable: true, description: LENGTH })
  lengthMm?: number | null;
  @Field(() => Int, { nullable: true, description: LENGTH })
  widthMm?: number | null;
  @Field(() => Int, { nullable: true, description: LENGTH })
  heightMm?: number | null;
}
