import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graph/context.js';
import { ProductOptionType } from './product-option.type.js';
import { optionsOfProduct } from './product.loaders.js';
import { ProductType } from './product.type.js';

@Resolver(() => ProductType)
export class ProductOptionsResolver {
  @FieldResolver(() => [ProductOptionType], {
    description: 'What a configurator may choose, and which choices exclude or require one another.',
  })
  options(@Root() { row }: ProductType, @Ctx() context: GraphContext): Promise<ProductOptionType[]> {
    return context.load(optionsOfProduct, row.id);
  }
}
