import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graph/context.js';
import { productsOfLines, ProductType } from '../catalog/index.js';
import { OrderLinePartType } from './order-part.type.js';
import { partsOfLine } from './order.loaders.js';
import { OrderLineType } from './order.type.js';

@Resolver(() => OrderLineType)
export class OrderLinePartsResolver {
  @FieldResolver(() => [OrderLinePartType], {
    description:
      'What leaves the shelf for the line, where its product is a bundle: the parts that belong to it and the optional ' +
      'that were wanted, by SKU. Empty for a simple product.',
  })
  parts(@Root() { row }: OrderLineType, @Ctx() context: GraphContext): Promise<OrderLinePartType[]> {
    return context.load(partsOfLine, row.id);
  }
}

@Resolver(() => OrderLinePartType)
export class OrderPartResolver {
  @FieldResolver(() => ProductType, { description: 'The part; also where it is not sold by itself.' })
  product(@Root() { row }: OrderLinePartType, @Ctx() context: GraphContext): Promise<ProductType | null> {
    return context.load(productsOfLines, row.product_id);
  }
}
