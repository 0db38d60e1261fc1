import { languageOf } from '../../../documents/index.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { dayOf, parseInstant } from '../../../shared/clock.js';
import { refuse } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { SHIPMENT_PREFIX } from '../../fulfillment/index.js';
import { lockOrderAnd, selectLinesToChange, type LockedLine, type LockedOrder } from '../../orders/index.js';
import { dueLines, invoicedGross, type Wanted } from '../due-lines.rules.js';
import {
  selectBuyer,
  selectIssuedLines,
  selectShipped,
  type BuyerRow,
  type IssuedLine,
  type ShippedRow,
} from '../invoice.queries.js';
import { InvoiceScope, type IssueInvoiceInput } from '../invoice-input.type.js';
import { paidOf, type Particulars } from '../particulars.rules.js';
import { grossOfLines, issuerOf, writeInvoice, type Issued } from './write-invoice.js';

type Input = Omit<IssueInvoiceInput, 'idempotencyKey'>;
interface Known {
  order: LockedOrder;
  lines: LockedLine[];
  issued: IssuedLine[];
  buyer: BuyerRow;
  shipment: ShippedRow[];
}
const GONE = ['RETURNED_TO_SENDER', 'LOST'];

/** Invoices what of an order is due. Throws CONFLICT where nothing is. */
export async function issueInvoice(scope: ActionScope, input: Input): Promise<Issued> {
  const issued = await issueIfDue(scope, input);
  if (issued) return issued;
  const what = input.scope === InvoiceScope.ALL ? 'all of it is invoiced' : 'all that has left is invoiced';
  throw refuse('CONFLICT', `nothing to invoice: ${what}`, [input.shipmentId == null ? 'orderId' : 'shipmentId']);
}

/** The same; null where nothing is due. */
export async function issueIfDue(scope: ActionScope, input: Input): Promise<Issued | null> {
  const { seller, timeZone } = issuerOf(scope);
  const known = await lock(scope, input);
  const { order, lines, issued, buyer, shipment } = known;
  const due = dueLines(order, lines, issued, wantedOf(input, known));
  if (due.length === 0) return null;
  const address = order.billing_address ?? buyer.billing_address ?? order.shipping_address;
  const includes = order.prices_include_tax;
  const kept = BigInt(order.paid_minor) - BigInt(order.refunded_minor);
  const [first] = shipment;
  const particulars: Particulars = {
    seller,
    buyer: { name: buyer.name, number: buyer.number, taxId: buyer.tax_id, address },
    shipTo: order.shipping_address,
    order: { number: order.number, purchaseOrderNumber: order.purchase_order_number, placedAt: order.placed_at },
    shipment: first ? { number: first.number, shippedAt: first.shipped_at! } : null,
    credits: null,
    paidMinor: paidOf(kept, invoicedGross(issued, includes), grossOfLines(due, includes)).toString(),
    timeZone,
  };
  return writeInvoice(scope, {
    kind: 'INVOICE',
    order,
    shipmentId: first?.id ?? null,
    creditsId: null,
    isReopening: false,
    reason: null,
    language: languageOf(address?.country),
    dueDate: buyer.due_at === null ? null : dayOf(parseInstant(buyer.due_at), timeZone),
    lines: due,
    particulars,
  });
}

async function lock(scope: ActionScope, input: Input): Promise<Known> {
  const shipmentId = input.shipmentId == null ? null : idOf(SHIPMENT_PREFIX, input.shipmentId);
  const { order, rows } = await lockOrderAnd(scope, input, (id) => [
    selectLinesToChange([id]),
    selectIssuedLines(id),
    selectBuyer(id),
    selectShipped(shipmentId),
  ]);
  const [lines, issued, [buyer], shipment] = rows as [LockedLine[], IssuedLine[], [BuyerRow], ShippedRow[]];
  if (['DRAFT', 'RECEIVED', 'CANCELED'].includes(order.status))
    throw refuse('CONFLICT', `order ${order.number} is ${order.status.toLowerCase()}: it is not invoiced`, ['orderId']);
  return { order, lines, issued, buyer, shipment };
}

function wantedOf(input: Input, { order, shipment }: Known): Wanted {
  if (input.shipmentId == null) return input.scope === InvoiceScope.ALL ? 'ALL' : 'SHIPPED';
  if (input.scope === InvoiceScope.ALL)
    throw refuse('INVALID', 'scope: ALL and a shipment exclude each other', ['scope']);
  const [first] = shipment;
  if (first?.order_id !== order.id)
    throw refuse('NOT_FOUND', `no shipment of order ${order.number} has the id ${input.shipmentId}`, ['shipmentId']);
  if (first.shipped_at === null || GONE.includes(first.status))
    throw refuse('CONFLICT', `shipment ${first.number} has not left, or has come back`, ['shipmentId']);
  return { shipment: new Map(shipment.map((row) => [row.order_line_id, row.quantity])) };
}
