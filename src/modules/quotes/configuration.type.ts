import { Field, InputType, ObjectType } from 'type-graphql';

@ObjectType('ConfigurationChoice', { simpleResolvers: true, description: 'What was chosen of one option.' })
export class ConfigurationChoiceType {
  @Field(() => String, { description: 'The option’s code.' })
  option!: string;
  @Field(() => String, { description: 'The choice’s code.' })
  choice!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The product that the choice builds in: one of it is reserved and shipped with each unit.',
  })
  sku!: string | null;
}

@InputType('ConfigurationChoiceInput', { description: 'What is chosen of one option.' })
export class ConfigurationChoiceInput {
  @Field(() => String, { description: 'The option’s code.' })
  option!: string;
  @Field(() => String, { description: 'The choice’s code.' })
  choice!: string;
}
