import { exact, isPositive, minDecimal, subtractDecimals } from '../../shared/decimal.js';
import { moneyOfMinor } from '../../shared/money.js';
import type { LockedLine, LockedOrder } from '../orders/index.js';
import {
  grossOf,
  isNothing,
  joined,
  leftOf,
  nextShare,
  NO_PORTION,
  type Figures,
  type Portion,
} from './invoice-share.rules.js';
import type { IssuedLine } from './invoice.queries.js';
import type { InvoiceLineRow } from './invoice.type.js';

/** A line of a document that is about to be issued. */
export interface DraftLine {
  source: InvoiceLineRow['source'];
  sourceId: string;
  /** Of a credit note: the invoice's line. */
  creditsId: string | null;
  sku: string | null;
  description: string;
  quantity: string;
  unitPrice: string;
  figures: Figures;
}
/** Which goods: those of one shipment by line, all that have left, or all there are. */
export type Wanted = { shipment: ReadonlyMap<string, string> } | 'SHIPPED' | 'ALL';

export function portionOf(line: InvoiceLineRow): Portion {
  const { quantity, discount_minor: discount, total_minor: total, tax_lines: taxLines } = line;
  return { quantity, figures: { discountMinor: BigInt(discount), totalMinor: BigInt(total), taxLines } };
}

/** What of the order's parts is on invoices, less what a credit note has opened again. */
function invoicedParts(issued: readonly IssuedLine[]): Map<string, Portion> {
  const parts = new Map<string, Portion>();
  for (const line of issued) {
    if (line.kind === 'CREDIT_NOTE' && !line.is_reopening) continue;
    const key = `${line.source} ${line.source_id}`;
    const sign = line.kind === 'INVOICE' ? 1n : -1n;
    parts.set(key, joined(parts.get(key) ?? NO_PORTION, portionOf(line), sign));
  }
  return parts;
}

/** The gross of all invoices of an order, less that of all credit notes. */
export function invoicedGross(issued: readonly IssuedLine[], pricesIncludeTax: boolean): bigint {
  return issued.reduce((sum, line) => {
    const gross = grossOf(portionOf(line).figures, pricesIncludeTax);
    return line.kind === 'INVOICE' ? sum + gross : sum - gross;
  }, 0n);
}

/**
 * What is to be invoiced now. Shipping, fees and roundings stand on the first invoice, whole; what changes of them later
 * on the next one. Empty where no goods are due.
 */
export function dueLines(
  order: LockedOrder,
  lines: readonly LockedLine[],
  issued: readonly IssuedLine[],
  wanted: Wanted,
): DraftLine[] {
  const invoiced = invoicedParts(issued);
  const before = (source: DraftLine['source'], id: string) => invoiced.get(`${source} ${id}`) ?? NO_PORTION;
  const goods = lines.flatMap((line): DraftLine[] => {
    const taken = before('LINE', line.id);
    const quantity = dueQuantity(line, taken.quantity, wanted);
    if (!isPositive(quantity)) return [];
    const { id: sourceId, sku, description, unit_price: unitPrice } = line;
    const figures = nextShare(wholeOf(line), taken, quantity);
    return [{ source: 'LINE', sourceId, creditsId: null, sku, description, quantity, unitPrice, figures }];
  });
  if (goods.length === 0 && wanted !== 'ALL') return [];
  const extras = extrasOf(order).flatMap((extra): DraftLine[] => {
    const taken = before(extra.source, extra.sourceId);
    const quantity = leftOf('1', taken.quantity);
    const figures = nextShare({ quantity: '1', figures: extra.figures }, taken, quantity);
    return isNothing(figures) ? [] : [{ ...extra, creditsId: null, sku: null, quantity: '1', figures }];
  });
  return [...goods, ...extras];
}

function dueQuantity(line: LockedLine, invoiced: string, wanted: Wanted): string {
  const left = leftOf(wholeOf(line).quantity, invoiced);
  if (wanted === 'ALL') return left;
  const gone = leftOf(line.requires_shipping ? line.shipped_quantity : line.delivered_quantity, invoiced);
  const here = wanted === 'SHIPPED' || !line.requires_shipping ? gone : (wanted.shipment.get(line.id) ?? '0');
  return minDecimal(minDecimal(gone, here), left);
}

function wholeOf(line: LockedLine): Portion {
  return {
    quantity: subtractDecimals(line.quantity, line.canceled_quantity),
    figures: {
      discountMinor: BigInt(line.discount_minor),
      totalMinor: BigInt(line.total_minor),
      taxLines: line.tax_lines,
    },
  };
}

type Extra = Pick<DraftLine, 'source' | 'sourceId' | 'description' | 'unitPrice' | 'figures'>;

function extrasOf({ shipping_lines, adjustments, currency }: LockedOrder): Extra[] {
  const amount = (minor: bigint) => exact(moneyOfMinor(minor.toString(), currency).amount).toFixed();
  const shipping = shipping_lines.map((line): Extra => {
    const [totalMinor, discountMinor] = [BigInt(line.price_minor), BigInt(line.discount_minor)];
    return {
      source: 'SHIPPING',
      sourceId: line.id,
      description: line.method,
      unitPrice: amount(totalMinor + discountMinor),
      figures: { discountMinor, totalMinor, taxLines: line.tax_lines },
    };
  });
  // A discount of the order is spread over its lines already.
  const others = adjustments.map((one): Extra => {
    const totalMinor = one.kind === 'DISCOUNT' ? 0n : BigInt(one.amount_minor);
    return {
      source: 'ADJUSTMENT',
      sourceId: one.id,
      description: one.label,
      unitPrice: amount(totalMinor),
      figures: { discountMinor: 0n, totalMinor, taxLines: one.tax_lines },
    };
  });
  return [...shipping, ...others];
}
