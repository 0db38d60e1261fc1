import type { ServiceKey } from '../../graph/context.js';
import type { Refusals } from '../../shared/failures.js';
import { idOf } from '../../shared/ids.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX } from '../customers/index.js';
import {
  checkLines,
  minorOf,
  sellerSettings,
  shippingRequest,
  type CreateOrderInput,
  type LineRequest,
  type OrderContentInput,
} from '../orders/index.js';

/** Who asks, and when. */
export interface Asking {
  now: Date;
  /** Set where the caller is a customer. */
  customerId: string | null;
  service<T>(key: ServiceKey<T>): T;
}

/** An order as it is asked for, with its amounts and ids read. */
export type OrderRequest = ReturnType<typeof readOrder>;

/** Reads what is asked for; adds all that can be said of it before anything is looked up. */
export function readOrder(asking: Asking, input: OrderContentInput, refusals: Refusals, isDraft = false) {
  if (asking.customerId !== null) refuseStaffFields(input, refusals);
  const lines: LineRequest[] = input.lines.map((line, index) => ({
    sku: line.sku,
    quantity: line.quantity,
    unitPrice: line.unitPrice ?? null,
    optionalParts: line.optionalParts ?? [],
    field: ['lines', String(index)],
  }));
  checkLines(lines, input.currency, refusals, isDraft);
  const adjustments = readAdjustments(input, refusals);
  const shipping = shippingRequest(input, input.currency, refusals);
  const asked = input.customerId == null ? null : idOf(CUSTOMER_PREFIX, input.customerId);
  const contactId = input.contactId == null ? null : idOf(CONTACT_PREFIX, input.contactId);
  if (input.customerId != null && asked === null)
    refusals.add('NOT_FOUND', `no customer has the id ${input.customerId}`, ['customerId']);
  if (input.contactId != null && contactId === null)
    refusals.add('NOT_FOUND', `no contact has the id ${input.contactId}`, ['contactId']);
  if (asking.customerId !== null && asked !== null && asked !== asking.customerId) {
    refusals.add('FORBIDDEN', 'customerId: a customer orders for itself alone', ['customerId']);
  }
  return {
    input,
    lines,
    adjustments,
    contactId,
    customerId: asking.customerId ?? asked,
    shipping,
    currency: input.currency,
    placedAt: input.placedAt ?? asking.now,
    tax: {
      rounding: asking.service(sellerSettings).taxRounding,
      pricesIncludeTax: input.pricesIncludeTax ?? false,
    },
  };
}

function readAdjustments(input: OrderContentInput, refusals: Refusals) {
  return (input.adjustments ?? []).map((adjustment, index) => {
    const field = ['adjustments', String(index), 'amount'];
    const minor = minorOf(adjustment.amount, input.currency, field, refusals);
    if (minor < 0n && adjustment.kind !== 'ROUNDING')
      refusals.add('INVALID', `amount: expected zero or more, got ${adjustment.amount.amount}`, field);
    return { ...adjustment, minor };
  });
}

function refuseStaffFields(input: OrderContentInput & Partial<CreateOrderInput>, refusals: Refusals): void {
  for (const field of ['shippingPrice', 'adjustments', 'placedAt', 'external'] as const) {
    if (input[field] != null) refusals.add('FORBIDDEN', `${field}: not for customers to set`, [field]);
  }
  input.lines.forEach((line, index) => {
    if (line.unitPrice != null)
      refusals.add('FORBIDDEN', 'unitPrice: not for customers to set', ['lines', String(index), 'unitPrice']);
  });
}
