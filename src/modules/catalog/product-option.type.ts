import { Field, InputType, ObjectType } from 'type-graphql';
import { MoneyInput, MoneyType } from '../../graph/values.type.js';
import type { Money } from '../../shared/money.js';

@ObjectType('ProductChoice', { simpleResolvers: true, description: 'One of the things an option may be.' })
export class ProductChoiceType {
  @Field(() => String, { description: 'The name it goes by in inputs, one of its own within the option.' })
  code!: string;
  @Field(() => String, { description: 'A name to show.' })
  name!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The product that is built in: one of it is reserved and shipped with each unit; null where none is.',
  })
  sku!: string | null;
  @Field(() => MoneyType, {
    nullable: true,
    description: 'What it adds to the unit price, or takes off where it is negative; null where the price stays.',
  })
  priceDelta!: Money | null;
  @Field(() => [String], { description: 'Choices that must be made with it, as "option:choice".' })
  requires!: string[];
  @Field(() => [String], { description: 'Choices that cannot be made with it, as "option:choice"; holds both ways.' })
  excludes!: string[];
}

@ObjectType('ProductOption', {
  simpleResolvers: true,
  description: 'Something that is chosen when a product is quoted.',
})
export class ProductOptionType {
  @Field(() => String, { description: 'The name it goes by in inputs, one of its own within the product.' })
  code!: string;
  @Field(() => String, { description: 'A name to show.' })
  name!: string;
  @Field(() => Boolean, { description: 'True: a quote’s line must choose one.' })
  isRequired!: boolean;
  @Field(() => [ProductChoiceType], { description: 'What it may be; at most one of them is chosen.' })
  choices!: ProductChoiceType[];
}

@InputType('ProductChoiceInput', { description: 'One of the things an option may be.' })
export class ProductChoiceInput {
  @Field(() => String, { description: 'Letters, digits, ".", "-", "_"; one of its own within the option.' })
  code!: string;
  @Field(() => String, { nullable: true, description: 'A name to show; left out: the code.' })
  name?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The product that is built in; not a bundle. One of it is reserved and shipped with each unit.',
  })
  sku?: string | null;
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'What it adds to the unit price; negative where it takes off. Left out: the price stays.',
  })
  priceDelta?: MoneyInput | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Choices of other options that must be made with it, as "option:choice".',
  })
  requires?: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Choices of other options that cannot be made with it, as "option:choice"; holds both ways.',
  })
  excludes?: string[] | null;
}

@InputType('ProductOptionInput', { description: 'Something that is chosen when a product is quoted.' })
export class ProductOptionInput {
  @Field(() => String, { description: 'Letters, digits, ".", "-", "_"; one of its own within the product.' })
  code!: string;
  @Field(() => String, { nullable: true, description: 'A name to show; left out: the code.' })
  name?: string | null;
  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'True: a quote’s line must choose one.' })
  isRequired?: boolean | null;
  @Field(() => [ProductChoiceInput], { description: 'What it may be; at least one.' })
  choices!: ProductChoiceInput[];
}
