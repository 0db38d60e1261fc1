import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, EVERYONE, isCustomer, Role, SELLERS } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { exactlyOne } from '../../graph/lookup.js';
import { mutate } from '../../graph/mutation.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { CurrencyCode, DecimalScalar } from '../../graph/scalars.js';
import { MoneyType } from '../../graph/values.type.js';
import { badInput, RequestError } from '../../shared/failures.js';
import { isPositive } from '../../shared/decimal.js';
import { idOf } from '../../shared/ids.js';
import type { Money } from '../../shared/money.js';
import { ExternalIdInput, ExternalReferenceType, FieldProvenanceType } from '../references/index.js';
import { setPrice } from './actions/set-price.js';
import { upsertProduct } from './actions/upsert-product.js';
import {
  productByExternalId,
  productProvenance,
  productReferences,
  productsById,
  productsBySku,
  unitPrices,
} from './product.loaders.js';
import { productList } from './product.queries.js';
import {
  PRODUCT_PREFIX,
  ProductConnection,
  ProductFilter,
  ProductPayload,
  ProductSort,
  ProductType,
  SetPriceInput,
  UpsertProductInput,
  type ProductRow,
} from './product.type.js';

/** As customers spells it; the catalog stands beside that module and does not know it. */
const CUSTOMER_PREFIX = 'cus';

@Resolver(() => ProductType)
export class ProductResolver {
  @Allow(EVERYONE)
  @Query(() => ProductType, { nullable: true, description: 'One product; give exactly one of the arguments.' })
  async product(
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | undefined,
    @Arg('sku', () => String, { nullable: true, description: 'Its SKU.' }) sku: string | undefined,
    @Arg('external', () => ExternalIdInput, { nullable: true, description: 'Its id in a connected system.' })
    external: ExternalIdInput | undefined,
    @Ctx() context: GraphContext,
  ): Promise<ProductType | null> {
    exactlyOne('product', { id, sku, external });
    if (sku != null) return context.load(productsBySku, sku);
    const found = external ? await context.load(productByExternalId, external) : idOf(PRODUCT_PREFIX, id!);
    return found === null ? null : context.load(productsById, found);
  }

  @Allow(EVERYONE)
  @Query(() => ProductConnection, {
    description: 'Products, by SKU if `orderBy` is left out; customers see those that are sold.',
  })
  async products(
    @Arg('filter', () => ProductFilter, { nullable: true, description: 'Which products.' })
    filter: ProductFilter | undefined,
    @Arg('orderBy', () => ProductSort, { nullable: true, description: 'In which order.' })
    orderBy: ProductSort | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<ProductConnection> {
    if (filter?.belowReorderPoint != null && isCustomer(context.viewer))
      throw new RequestError('FORBIDDEN', 'filter.belowReorderPoint: not for customers', { field: 'products' });
    const list = productList(filter, orderBy, isCustomer(context.viewer));
    return new ProductConnection(await connect(context, list, page, (row: ProductRow) => new ProductType(row)));
  }

  @Allow(SELLERS)
  @Mutation(() => ProductPayload, { description: 'Creates or changes a product.' })
  async upsertProduct(
    @Arg('input', () => UpsertProductInput, { description: 'The product.' }) input: UpsertProductInput,
    @Ctx() context: GraphContext,
  ): Promise<ProductPayload> {
    const { outcome, ...rest } = await mutate(context, 'upsertProduct', input, (scope) => upsertProduct(scope, input));
    return { product: outcome && (await context.load(productsById, outcome.productId)), ...rest };
  }

  @Allow([...SELLERS, Role.FINANCE])
  @Mutation(() => ProductPayload, { description: 'Sets a unit price in a price list.' })
  async setPrice(
    @Arg('input', () => SetPriceInput, { description: 'The price.' }) input: SetPriceInput,
    @Ctx() context: GraphContext,
  ): Promise<ProductPayload> {
    const { outcome, ...rest } = await mutate(context, 'setPrice', input, (scope) => setPrice(scope, input));
    return { product: outcome && (await context.load(productsById, outcome.productId)), ...rest };
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'Unit price for that quantity and customer, before tax; null where no list has one. A customer asks for itself alone.',
  })
  price(
    @Root() { row }: ProductType,
    @Arg('currency', () => CurrencyCode, { description: 'ISO 4217 code.' }) currency: string,
    @Arg('quantity', () => DecimalScalar, { nullable: true, description: '1, if left out.' })
    quantity: string | undefined,
    @Arg('customerId', () => ID, {
      nullable: true,
      description: 'For whom; left out: by the default list, or the viewer’s own.',
    })
    customerId: string | undefined,
    @Ctx() context: GraphContext,
  ): Promise<Money | null> {
    if (quantity != null && !isPositive(quantity)) throw badInput('quantity', 'more than zero', quantity);
    const asked = customerId == null ? null : idOf(CUSTOMER_PREFIX, customerId);
    if (customerId != null && asked === null) throw badInput('customerId', 'the id of a customer', customerId);
    const own = context.viewer.customerId;
    if (own !== null && asked !== null && asked !== own) {
      throw new RequestError('FORBIDDEN', 'customerId: a customer may ask for its own prices alone', {
        field: 'customerId',
      });
    }
    return context.load(unitPrices, { sku: row.sku, currency, quantity: quantity ?? '1', customerId: own ?? asked });
  }

  @FieldResolver(() => [ExternalReferenceType], { description: 'The systems that know this product too.' })
  externalReferences(@Root() { row }: ProductType, @Ctx() context: GraphContext): Promise<ExternalReferenceType[]> {
    return context.load(productReferences, row.id);
  }

  @FieldResolver(() => [FieldProvenanceType], { description: 'Which system each field’s value came from, and when.' })
  provenance(@Root() { row }: ProductType, @Ctx() context: GraphContext): Promise<FieldProvenanceType[]> {
    return context.load(productProvenance, row.id);
  }
}
