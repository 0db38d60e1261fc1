import type { Seller } from '../../documents/index.js';
import type { Address } from '../../graph/values.type.js';

/** What an invoice says besides its lines and sums, kept as it was. */
export interface Particulars {
  seller: Seller;
  buyer: {
    name: string | null;
    number: string | null;
    taxId: string | null;
    address: Address | null;
  };
  shipTo: Address | null;
  order: { number: string; purchaseOrderNumber: string | null; placedAt: string };
  shipment: { number: string; shippedAt: string } | null;
  /** Of a credit note: the invoice. */
  credits: { number: string; issuedAt: string } | null;
  /** What of its total was paid by then; the order's payments go to its invoices in their order. */
  paidMinor: string;
  timeZone: string;
}

/** What of the order's payments is left for one more document, at most its total. */
export function paidOf(keptMinor: bigint, invoicedMinor: bigint, totalMinor: bigint): bigint {
  const left = keptMinor - invoicedMinor;
  if (left <= 0n) return 0n;
  return left < totalMinor ? left : totalMinor;
}
