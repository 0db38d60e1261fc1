import type { PricedProductRow } from '../catalog/index.js';
import type { LinePart, NewLine } from '../orders/index.js';
import type { Reserved, StockNeed } from '../stock/index.js';

interface NeedyLine {
  id: string;
  productId: string | null;
  parts?: readonly LinePart[];
  sku: string;
  quantity: string;
  field: string[];
}

/**
 * What the lines need of stock: of each the product, or the parts of a bundle, as far as it is counted; with the path of
 * the quantity in the input.
 */
export function stockNeeds(lines: NeedyLine[], stockedProductIds: Set<string>): StockNeed[] {
  return lines.flatMap(({ id, productId, parts = [], sku, quantity, field }) => {
    const isBundle = parts.length > 0;
    const made = isBundle ? parts : productId === null ? [] : [{ productId, quantity: '1' }];
    const pieces = made
      .filter((part) => stockedProductIds.has(part.productId))
      .map((part) => ({ productId: part.productId, perUnit: part.quantity }));
    return pieces.length > 0 ? [{ lineId: id, sku, quantity, field: [...field, 'quantity'], pieces, isBundle }] : [];
  });
}

/** What a confirmation makes of a new line: its stock is reserved, and what needs no shipping is there. */
export function confirmLine(line: NewLine, reserved: Reserved): void {
  Object.assign(line, reserved.lines.get(line.id));
  if (!line.requiresShipping) line.delivered = line.quantity;
}

/** Which of the products, and of the parts of those that are bundles, are counted. */
export function stockedIds(products: Pick<PricedProductRow, 'id' | 'is_stocked' | 'components'>[]): Set<string> {
  return new Set(
    products.flatMap(({ id, is_stocked, components }) =>
      components ? components.filter((part) => part.isStocked).map((part) => part.productId) : is_stocked ? [id] : [],
    ),
  );
}
