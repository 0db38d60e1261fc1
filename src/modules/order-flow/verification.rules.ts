import type { NewLine } from '../orders/index.js';
import type { Reserved, StockNeed } from '../stock/index.js';

interface NeedyLine {
  id: string;
  productId: string | null;
  sku: string;
  quantity: string;
  field: string[];
}

/** What the lines need of stock: those whose product is counted, with the path of their quantity in the input. */
export function stockNeeds(lines: NeedyLine[], stockedProductIds: Set<string>): StockNeed[] {
  return lines.flatMap(({ id, productId, sku, quantity, field }) =>
    productId !== null && stockedProductIds.has(productId)
      ? [{ lineId: id, productId, sku, quantity, field: [...field, 'quantity'] }]
      : [],
  );
}

/** What a confirmation makes of a new line: its stock is reserved, and what needs no shipping is there. */
export function confirmLine(line: NewLine, reserved: Reserved): void {
  Object.assign(line, reserved.lines.get(line.id));
  if (!line.requiresShipping) line.delivered = line.quantity;
}

export function stockedIds(products: { id: string; is_stocked: boolean }[]): Set<string> {
  return new Set(products.filter((product) => product.is_stocked).map((product) => product.id));
}
