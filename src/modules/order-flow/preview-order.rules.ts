import type { Address } from '../../graph/values.type.js';
import { addDecimals, decimalText, isZero, subtractDecimals } from '../../shared/decimal.js';
import { moneyOfMinor, moneyOfUnitPrice } from '../../shared/money.js';
import { AdjustmentType, pricedTotals, ShippingLineType, TaxLineType, type Pricing } from '../orders/index.js';
import { availableOf, planReservation, unitsAt, type LockedLevel, type StockNeed } from '../stock/index.js';
import type { OrderRequest } from './order-request.rules.js';
import type { OrderPreview } from './preview-order.type.js';

/** As the graph shows it. */
export type Previewed = OrderPreview;

interface PreviewParts {
  request: OrderRequest;
  pricing: Pricing;
  needs: StockNeed[];
  levels: LockedLevel[];
  shippingAddress: Address | null;
  billingAddress: Address | null;
}

/** What has been priced and planned, as it is shown. */
export function previewOf(parts: PreviewParts, now: Date): Previewed {
  const { request, pricing, shippingAddress, billingAddress } = parts;
  const { currency, tax, input } = request;
  const { lines: figures, order: totals } = pricedTotals(pricing, currency, tax.pricesIncludeTax);
  const money = (minor: bigint) => moneyOfMinor(minor.toString(), currency);
  const stock = stockOf(parts);
  const lines = pricing.lines.map((line, index) => {
    const { discountMinor, taxLines, taxMinor, totalMinor } = figures[index]!;
    const listPrice = pricing.listPrices[index] ?? null;
    return {
      sku: line.sku,
      description: line.description,
      quantity: decimalText(line.quantity),
      unitPrice: moneyOfUnitPrice(line.unitPrice, currency),
      listPrice: listPrice === null ? null : moneyOfUnitPrice(listPrice, currency),
      discountTotal: money(discountMinor),
      taxLines: taxLines.map((one) => new TaxLineType(one, currency)),
      taxTotal: money(taxMinor),
      total: money(totalMinor),
      ...(stock.get(line.id) ?? UNCOUNTED),
    };
  });
  return {
    currency,
    pricesIncludeTax: tax.pricesIncludeTax,
    lines,
    shippingLines: pricing.shipping.map((one) => new ShippingLineType(one, currency)),
    adjustments: pricing.adjustments.map((one) => new AdjustmentType(one, currency)),
    taxLines: totals.taxLines.map((one) => new TaxLineType(one, currency)),
    subtotal: money(totals.subtotalMinor),
    discountTotal: money(totals.discountMinor),
    shippingTotal: money(totals.shippingMinor),
    taxTotal: money(totals.taxMinor),
    total: money(totals.totalMinor),
    billingAddress,
    shippingAddress,
    promisedAt: lines.every((line) => isZero(line.backorderedQuantity))
      ? laterOf(now, input.requestedDeliveryAt ?? null)
      : null,
  };
}

type LineStock = Pick<
  OrderPreview['lines'][number],
  'available' | 'reservedQuantity' | 'backorderedQuantity' | 'sources'
>;
const UNCOUNTED: LineStock = { available: null, reservedQuantity: '0', backorderedQuantity: '0', sources: [] };

/** By line, what is there and what of it the line would get beside the others. */
function stockOf({ needs, levels }: PreviewParts): Map<string, LineStock> {
  const { allocations, missing } = planReservation(needs, levels);
  return new Map(
    needs.map((need, index) => [
      need.lineId,
      {
        available: unitsAvailable(need, levels),
        reservedQuantity: decimalText(subtractDecimals(need.quantity, missing[index]!)),
        backorderedQuantity: decimalText(missing[index]!),
        sources: allocations
          .filter((allocation) => allocation.need === index)
          .map(({ level, quantity }) => ({
            locationId: level.location_id,
            sku: level.sku,
            quantity: decimalText(quantity),
          })),
      },
    ]),
  );
}

/** How many of the line's units all locations together make up, if nothing else took of them. */
function unitsAvailable(need: StockNeed, levels: LockedLevel[]): string {
  const left = new Map(levels.map((level) => [level, availableOf(level)]));
  const here = [...Map.groupBy(levels, (level) => level.location_id).values()];
  return decimalText(here.map((some) => unitsAt(need, some, left)).reduce(addDecimals, '0'));
}

function laterOf(now: Date, asked: Date | null): Date {
  return asked !== null && asked > now ? asked : now;
}
