import { sql } from '../../db/statement.js';
import { condition, rangeConditions, type Condition, type ListQuery } from '../../graph/list-query.js';
import { textPattern } from '../../graph/text-filter.js';
import { SortDirection } from '../../graph/values.type.js';
import type { Component } from './bundle.rules.js';
import type { ComponentRow } from './bundle.type.js';
import type { PriceListRow } from './price-list.type.js';
import type { Option, OptionsRow } from './product-option.rules.js';
import { ProductSortField, type ProductFilter, type ProductRow, type ProductSort } from './product.type.js';

export const PRODUCT_COLUMNS =
  'id, sku, name, description, unit, weight_grams, tax_category, is_active, is_stocked, requires_shipping, ' +
  'created_at, updated_at, version';

export const selectProducts = sql<ProductRow>(
  'catalog.by-id',
  `select ${PRODUCT_COLUMNS} from product where id = any($1::bigint[])`,
);
export const selectProductsBySku = sql<ProductRow>(
  'catalog.by-sku',
  `select ${PRODUCT_COLUMNS} from product where sku = any($1::text[])`,
);

export interface PricedProductRow extends ProductRow {
  ordinal: string;
  unit_price: string | null;
  /** The parts of a bundle; null for a simple product. */
  components: Component[] | null;
}

/**
 * The price a product has for the customer: the customer's list goes before the default one, the largest quantity step
 * that is reached wins, then the price that began last; less than one costs per unit what one does, unless a step says. Refers to the parameters of the statement around it.
 */
const bestPrice = (productId: string, quantity: string) => `
       select price.unit_price from price
         join price_list list on list.id = price.price_list_id
        where price.product_id = ${productId} and list.currency = $3
          and (list.is_default or list.id = (select price_list_id from customer where customer.id = $4::bigint))
          and price.minimum_quantity <= greatest(${quantity}, 1)
          and (price.valid_from is null or price.valid_from <= $5)
          and (price.valid_until is null or price.valid_until > $5)
        order by list.is_default, price.minimum_quantity <= ${quantity} desc, price.minimum_quantity desc, price.valid_from desc nulls last
        limit 1`;

/** What a product is made of, as JSON, in the parts' order; null where it is made of nothing. `price`: as SQL. */
const componentsOf = (productId: string, price: string) => `
       select json_agg(json_build_object('productId', part.id::text, 'sku', part.sku, 'quantity', c.quantity::text,
                'isOptional', c.is_optional, 'isStocked', part.is_stocked, 'unitPrice', (${price})::text)
                order by c.position)
         from bundle_component c join product part on part.id = c.component_id where c.product_id = ${productId}`;

/** Products of the lines asked for, each with the price it has for the customer, and its parts with theirs. */
export const selectPricedProducts = sql<PricedProductRow>(
  'catalog.priced',
  `select l.ordinal, ${PRODUCT_COLUMNS.split(', ')
    .map((column) => `p.${column}`)
    .join(', ')}, best.unit_price,
          (${componentsOf('p.id', bestPrice('part.id', 'l.quantity * c.quantity'))}) as components
     from unnest($1::text[], $2::numeric[]) with ordinality as l (sku, quantity, ordinal)
     join product p on p.sku = l.sku
     left join lateral (${bestPrice('p.id', 'l.quantity')}) best on true
    order by l.ordinal`,
);

/** The parts of bundles, each bundle's in their order. */
export const selectComponents = sql<ComponentRow>(
  'catalog.components',
  `select c.id, c.product_id, c.component_id, part.sku, c.quantity, c.is_optional
     from bundle_component c join product part on part.id = c.component_id
    where c.product_id = any($1::bigint[]) order by c.product_id, c.position`,
);
export interface PossiblePart {
  id: string;
  sku: string;
  is_bundle: boolean;
}
export const selectPossibleParts = sql<PossiblePart>(
  'catalog.possible-parts',
  `select p.id, p.sku, exists (select from bundle_component c where c.product_id = p.id) as is_bundle
     from product p where p.sku = any($1::text[])`,
);
/** What keeps a product from being a bundle: stock of its own, or that it is a part of one. */
export const selectUseOfProduct = sql<{ has_stock: boolean; bundles: string[] }>(
  'catalog.use-of-product',
  `select exists (select from stock_level l where l.product_id = $1 and (l.on_hand > 0 or l.reserved > 0)) as has_stock,
          array(select b.sku from bundle_component c join product b on b.id = c.product_id
                 where c.component_id = $1 order by b.sku) as bundles`,
);
export const deleteComponents = sql('catalog.delete-components', `delete from bundle_component where product_id = $1`);
export const insertComponents = sql(
  'catalog.insert-components',
  `insert into bundle_component (id, product_id, position, component_id, quantity, is_optional)
   select c.id, $1, c.position, c.component_id, c.quantity, c.is_optional
     from unnest($2::bigint[], $3::bigint[], $4::numeric[], $5::boolean[]) with ordinality
       as c (id, component_id, quantity, is_optional, position)`,
);

/** What can be chosen of products. */
export const selectOptions = sql<{ id: string; options: Option[] }>(
  'catalog.options',
  `select id, options from product where id = any($1::bigint[])`,
);
/** The same by SKU, of those of which something can be chosen. */
export const selectOptionsBySku = sql<OptionsRow>(
  'catalog.options-by-sku',
  `select sku, options from product where sku = any($1::text[]) and options <> '[]'`,
);
export const setOptionsOf = sql('catalog.set-options', `update product set options = $2 where id = $1`);
export interface BuiltInRow {
  id: string;
  sku: string;
  is_stocked: boolean;
}
/** What can be built into a product by its choices. */
export const selectBuiltIn = sql<BuiltInRow>(
  'catalog.built-in',
  `select p.id, p.sku, p.is_stocked from product p
    where p.sku = any($1::text[]) and not exists (select from bundle_component c where c.product_id = p.id)`,
);

export const selectPriceList = sql<{ id: string; currency: string; is_default: boolean }>(
  'catalog.price-list',
  `select id, currency, is_default from price_list where code = $1`,
);
export const selectPriceLists = sql<PriceListRow>(
  'catalog.price-lists',
  `select id, code, name, currency, is_default from price_list where id = any($1::bigint[])`,
);
export const selectAllPriceLists = sql<PriceListRow>(
  'catalog.all-price-lists',
  `select id, code, name, currency, is_default from price_list order by code`,
);
export const insertPriceList = sql<{ id: string }>(
  'catalog.insert-price-list',
  `insert into price_list (id, code, name, currency, is_default) values ($1, $2, $3, $4, $5) on conflict do nothing returning id`,
);
export const upsertPrice = sql(
  'catalog.upsert-price',
  `insert into price (id, product_id, price_list_id, minimum_quantity, unit_price, valid_from, valid_until, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)
   on conflict (product_id, price_list_id, minimum_quantity, valid_from)
   do update set unit_price = excluded.unit_price, valid_until = excluded.valid_until`,
);
export const selectPriceBefore = sql<{ unit_price: string }>(
  'catalog.price-before',
  `select unit_price from price
    where product_id = $1 and price_list_id = $2 and minimum_quantity = $3 and valid_from is not distinct from $4`,
);

const SORTS = {
  [ProductSortField.SKU]: { column: 'sku', type: 'text' },
  [ProductSortField.NAME]: { column: 'name', type: 'text' },
  [ProductSortField.UPDATED_AT]: { column: 'updated_at', type: 'timestamptz' },
} as const;

const LEVEL_BELOW_REORDER_POINT = `
  select from stock_level l where l.product_id = product.id and l.reorder_point is not null
     and greatest(l.on_hand - l.reserved - l.safety_stock, 0) < l.reorder_point`;

/** By the index's expression. */
const HAS_TEXT = `chr(10) || lower(sku || chr(10) || name) like lower($1::text)`;

/** `activeOnly`: what a customer may see of the catalog. */
export function productList(
  filter: ProductFilter | null | undefined,
  sort: ProductSort | null | undefined,
  activeOnly: boolean,
): ListQuery {
  const where: Condition[] = [];
  if (activeOnly) where.push(condition('is_active'));
  const pattern = textPattern(filter?.text);
  if (pattern !== null) where.push(condition(HAS_TEXT, pattern));
  if (filter?.sku) where.push(condition('sku = any($1::text[])', filter.sku));
  if (filter?.isActive != null) where.push(condition('is_active = $1', filter.isActive));
  if (filter?.belowReorderPoint != null)
    where.push(condition(`${filter.belowReorderPoint ? '' : 'not '}exists (${LEVEL_BELOW_REORDER_POINT})`));
  where.push(...rangeConditions('updated_at', filter?.updatedAt));
  return {
    select: PRODUCT_COLUMNS,
    from: 'product',
    where,
    sort: SORTS[sort?.field ?? ProductSortField.SKU],
    id: 'id',
    descending: sort?.direction === SortDirection.DESC,
    isPlannedByValue: pattern !== null,
  };
}
