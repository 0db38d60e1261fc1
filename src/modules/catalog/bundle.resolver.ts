import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graph/context.js';
import { BundleComponentType } from './bundle.type.js';
import { componentsOfProduct, productsOfLines } from './product.loaders.js';
import { ProductType } from './product.type.js';

@Resolver(() => ProductType)
export class ProductComponentsResolver {
  @FieldResolver(() => [BundleComponentType], {
    description: 'Parts of a bundle, as they were stated; empty for a simple product.',
  })
  components(@Root() { row }: ProductType, @Ctx() context: GraphContext): Promise<BundleComponentType[]> {
    return context.load(componentsOfProduct, row.id);
  }
}

@Resolver(() => BundleComponentType)
export class BundleComponentResolver {
  @FieldResolver(() => ProductType, { description: 'The part; also where it is not sold by itself.' })
  product(@Root() { row }: BundleComponentType, @Ctx() context: GraphContext): Promise<ProductType | null> {
    return context.load(productsOfLines, row.component_id);
  }
}

export const bundleResolvers = [ProductComponentsResolver, BundleComponentResolver];
