import { Field, InputType, Int } from 'type-graphql';
import { DecimalScalar } from '../../graph/scalars.js';

@InputType('SetReorderPolicyInput', { description: 'A field left out stays, null empties it.' })
export class SetReorderPolicyInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The product.' })
  sku!: string;
  @Field(() => String, { description: 'The location’s code.' })
  location!: string;
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Kept back: never promised. More than there is makes nothing available.',
  })
  safetyStock?: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'Order again when less than this is available.' })
  reorderPoint?: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'How much to order then.' })
  reorderQuantity?: string | null;
  @Field(() => Int, { nullable: true, description: 'Refused where the level has another version.' })
  expectedVersion?: number | null;
}
