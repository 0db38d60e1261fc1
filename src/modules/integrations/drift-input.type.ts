import { Field, ID, InputType, Int } from 'type-graphql';
import { DriftRepair, DriftStatus } from './drift.type.js';

@InputType('DriftFilter', { description: 'All that is given must hold.' })
export class DriftFilter {
  @Field(() => String, { nullable: true, description: 'Code of an integration.' })
  integration?: string | null;
  @Field(() => String, { nullable: true, description: 'One of its streams.' })
  stream?: string | null;
  @Field(() => String, { nullable: true, description: 'A kind of record, e.g. "customer".' })
  record?: string | null;
  @Field(() => String, { nullable: true, description: 'The field’s name in the graph.' })
  field?: string | null;
  @Field(() => String, { nullable: true, description: 'Of the record with this id in the system.' })
  externalId?: string | null;
  @Field(() => DriftStatus, { nullable: true, description: 'What became of it; OPEN, if left out.' })
  status?: DriftStatus | null;
}

@InputType('RepairDriftInput', { description: 'What is to be done about a difference.' })
export class RepairDriftInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'The drift’s id.' })
  id!: string;
  @Field(() => DriftRepair, { nullable: true, description: 'What to do; what is proposed, if left out.' })
  repair?: DriftRepair | null;
}

@InputType('RepairDriftsInput', { description: 'Which open drift of an integration; what is left out is any.' })
export class RepairDriftsInput {
  @Field(() => String, { description: 'The same key and input is carried out once.' })
  idempotencyKey!: string;
  @Field(() => String, { description: 'The integration’s code.' })
  code!: string;
  @Field(() => String, { nullable: true, description: 'Of this stream.' })
  stream?: string | null;
  @Field(() => String, { nullable: true, description: 'Of this field.' })
  field?: string | null;
  @Field(() => DriftRepair, { nullable: true, description: 'Where this is proposed.' })
  proposed?: DriftRepair | null;
  @Field(() => DriftRepair, {
    nullable: true,
    description: 'What to do; what is proposed for each, if left out, and nothing where nothing is.',
  })
  repair?: DriftRepair | null;
  @Field(() => Int, { nullable: true, description: 'The oldest so many; 1,000 at most, and if left out.' })
  first?: number | null;
}
