import type { Statement } from '../../../db/statement.js';
import { Refusals, type UserErrorFacts } from '../../../shared/failures.js';
import {
  priceOrder,
  refuseUntaxed,
  selectCreditLimits,
  selectCreditUsed,
  type CreditLimitRow,
  type CreditUsedRow,
  type OrderContentInput,
} from '../../orders/index.js';
import { reserveStock, selectLevelsToPromise, type LockedLevel } from '../../stock/index.js';
import type { AlikeRow } from '../duplicate.queries.js';
import { checkNewOrder, selectAlikeOfNew } from '../new-order.rules.js';
import { checkParties, FOUNDATIONS, foundationsOf, selectFoundations } from '../order-foundations.rules.js';
import { readOrder, type Asking, type OrderRequest } from '../order-request.rules.js';
import { previewOf, type Previewed } from '../preview-order.rules.js';
import { stockedIds } from '../verification.rules.js';

/** Who asks, and how the database is read for them: nothing is locked or kept. */
export interface Reading extends Asking {
  read(statements: Statement[]): Promise<unknown[][]>;
}

/**
 * What `createOrder` with `confirm` would make of this, and what it would refuse, by the same rules. The preview is null
 * where what is asked for cannot be read.
 */
export async function previewOrder(
  reading: Reading,
  input: OrderContentInput,
): Promise<{ preview: Previewed | null; errors: UserErrorFacts[] }> {
  const refusals = new Refusals();
  const request = readOrder(reading, input, refusals);
  if (refusals.errors.length > 0) return { preview: null, errors: refusals.errors };
  const { customerId } = request;
  const rows = await reading.read([
    ...selectFoundations(reading, request),
    selectCreditLimits([customerId]),
    selectCreditUsed([customerId]),
    ...selectAlikeOfNew(reading, request),
  ]);
  const [limits, used, alike] = rows.slice(FOUNDATIONS);
  const foundations = foundationsOf(rows, reading);
  const [levels] = await reading.read([selectLevelsToPromise([...stockedIds(foundations.products)])]);
  const known = {
    ...foundations,
    limit: limits![0] as CreditLimitRow | undefined,
    used: used![0] as CreditUsedRow | undefined,
    levels: levels as LockedLevel[],
    alike: (alike ?? []) as AlikeRow[],
  };
  checkParties(request, known, refusals);
  const pricing = priceOrder(request, known, placeholders(request), refusals);
  const shippingAddress = input.shippingAddress ?? known.customer?.shipping_addresses[0] ?? null;
  const needs = checkNewOrder(reading, { request, pricing, shippingAddress, allowDuplicate: false }, known, refusals);
  reserveStock(needs, known.levels, { now: reading.now, allowBackorder: input.allowBackorder ?? false, refusals });
  const billingAddress = input.billingAddress ?? known.customer?.billing_address ?? null;
  const parts = { request, pricing, needs, levels: known.levels, shippingAddress, billingAddress };
  return { preview: previewOf(parts, reading.now), errors: refusals.errors };
}

/** What `createOrder` would refuse of an order that is only received. */
export async function checkReception(reading: Reading, input: OrderContentInput): Promise<UserErrorFacts[]> {
  const refusals = new Refusals();
  const request = readOrder(reading, input, refusals);
  if (refusals.errors.length > 0) return refusals.errors;
  const known = foundationsOf(await reading.read(selectFoundations(reading, request)), reading);
  checkParties(request, known, refusals);
  const { untaxed } = priceOrder(request, known, placeholders(request), refusals);
  if (request.tax.pricesIncludeTax) {
    const country = known.taxes.country ?? input.shippingAddress?.country ?? known.sellerCountry;
    refuseUntaxed(untaxed, country, refusals);
  }
  return refusals.errors;
}

/** Ids of parts that will never be kept. */
function placeholders({ lines, adjustments }: OrderRequest): string[] {
  return Array.from({ length: lines.length + adjustments.length + 1 }, (_, index) => String(index + 1));
}
