import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { isPositive, subtractDecimals } from '../../../shared/decimal.js';
import { Refusals } from '../../../shared/failures.js';
import {
  assertUnconfirmed,
  eventsOf,
  headlineOf,
  lockCreditLimit,
  lockOrderForAction,
  partsStatement,
  placeHolds,
  promiseOrder,
  selectPartsOfOrders,
  selectReleasedHolds,
  selectUnstatedParts,
  NOTHING_SHIPPED,
  refuseOnHold,
  selectConfirmProducts,
  selectCreditUsed,
  selectLinesToChange,
  sellerSettings,
  writeOrderFigures,
  type ConfirmProduct,
  type CreditLimitRow,
  type CreditUsedRow,
  type Figures,
  type LinePartRow,
  type LockedLine,
  type LockedOrder,
  type OrderActionInput,
} from '../../orders/index.js';
import { ratedTaxes, selectTaxRates, type KnownRateRow } from '../../tax/index.js';
import {
  lockLevelsOfProducts,
  reserveStock,
  type LockedLevel,
  type Reserved,
  type StockNeed,
} from '../../stock/index.js';
import { checkConfirmation, partOf, type ConfirmFacts } from '../confirmation.rules.js';
import { questionOf, selectOrdersAlike, type AlikeRow } from '../duplicate.queries.js';
import { findingsOf, openFindings } from '../hold-reason.rules.js';
import { comparesPrices, selectListed } from '../price-check.rules.js';
import { verificationSettings, type VerificationSettings } from '../verification.settings.js';

/**
 * From DRAFT or RECEIVED: verifies products, price, tax, credit, address and availability, and reserves the stock; all or
 * nothing. What is found is thrown; but an order that a channel has taken already is held for it, and stays as it is.
 */
export async function confirmOrder(scope: ActionScope, input: OrderActionInput): Promise<{ orderId: string }> {
  return confirmBy(scope, input, scope.service(verificationSettings));
}

/** What of an order left before it was first counted where it lay, by line and in its units; and whether the rest may wait. */
export interface SentUncounted {
  units: ReadonlyMap<string, string>;
  mayWait: boolean;
}

/**
 * The same of an order whose goods a channel has sent itself: they have found their way, so nobody asks where or whether.
 * What is not there cannot have been sent from here: that is thrown, unless it left before it was counted.
 */
export async function confirmSentOrder(
  scope: ActionScope,
  input: OrderActionInput,
  uncounted: SentUncounted,
): Promise<{ orderId: string }> {
  return confirmBy(scope, input, { checksAddresses: false, duplicateWindowMs: 0, priceTolerance: null }, uncounted);
}

async function confirmBy(
  scope: ActionScope,
  input: OrderActionInput,
  verification: VerificationSettings,
  sent: SentUncounted | null = null,
): Promise<{ orderId: string }> {
  const { tx, now } = scope;
  const order = await lockOrderForAction(scope, input);
  assertUnconfirmed(order);
  refuseOnHold(order);
  const { facts, unstated } = await load(scope, order, verification, input.allowDuplicate ?? false);
  const refusals = new Refusals();
  const checked = checkConfirmation(facts, refusals);
  const needs = sent ? stillNeeded(checked.needs, sent) : checked.needs;
  const productIds = needs.flatMap(({ pieces }) => pieces.map((piece) => piece.productId));
  const levels = (await tx.query(lockLevelsOfProducts(productIds))) as LockedLevel[];
  const allowBackorder = order.allow_backorder || sent?.mayWait === true;
  const reserved = reserveStock(needs, levels, { now, allowBackorder, refusals });
  if (sent || !order.is_stated) refusals.throwIfAny();
  if (await isHeld(scope, order, refusals)) return { orderId: order.id };
  await writeConfirmed(scope, order, { figures: checked.figures, unstated, reserved }, input.reason);
  return { orderId: order.id };
}

/** What left before it was counted takes nothing off a shelf. */
function stillNeeded(needs: readonly StockNeed[], { units }: SentUncounted): StockNeed[] {
  return needs
    .map((need) => ({ ...need, quantity: subtractDecimals(need.quantity, units.get(need.lineId) ?? '0') }))
    .filter(({ quantity }) => isPositive(quantity));
}

interface Loaded {
  facts: ConfirmFacts;
  /** Parts that lines take now of which nobody has said so. */
  unstated: LinePartRow[];
}

async function load(
  { tx, now, service }: ActionScope,
  order: LockedOrder,
  verification: VerificationSettings,
  allowDuplicate: boolean,
): Promise<Loaded> {
  const sellerCountry = service(sellerSettings).country;
  const [lineRows, productRows, rateRows, limits, used, partRows, unstatedRows, alike] = await tx.batch([
    selectLinesToChange([order.id]),
    selectConfirmProducts([order.id]),
    selectTaxRates(
      order.shipping_address?.country ?? null,
      order.shipping_address?.region ?? null,
      order.customer_id,
      sellerCountry,
      order.placed_at.slice(0, 10),
    ),
    lockCreditLimit(order.customer_id),
    selectCreditUsed([order.customer_id]),
    selectPartsOfOrders([order.id]),
    selectUnstatedParts([order.id]),
    ...(verification.duplicateWindowMs > 0
      ? [selectOrdersAlike([questionOf(order)], verification.duplicateWindowMs)]
      : []),
  ]);
  const lines = lineRows as LockedLine[];
  const unstated = unstatedRows as LinePartRow[];
  const facts = {
    order,
    lines,
    parts: [...(partRows as LinePartRow[]), ...unstated],
    products: new Map((productRows as ConfirmProduct[]).map((product) => [product.id, product])),
    taxes: ratedTaxes(rateRows as KnownRateRow[], sellerCountry),
    limit: limits![0] as CreditLimitRow | undefined,
    used: used![0] as CreditUsedRow | undefined,
    sellerCountry,
    verification,
    alike: (alike ?? []) as AlikeRow[],
    allowDuplicate,
    listed: comparesPrices(order, verification) ? await tx.query(selectListed(order, lines, now)) : [],
  };
  return { facts, unstated };
}

/** Whether what was found holds the order now. What somebody has let go on holds it no more. */
async function isHeld(scope: ActionScope, order: LockedOrder, { errors }: Refusals): Promise<boolean> {
  if (errors.length === 0) return false;
  const released = await scope.tx.query(selectReleasedHolds(order.id));
  const findings = openFindings(findingsOf(errors), released);
  if (findings.length > 0) await placeHolds(scope, order, findings);
  return findings.length > 0;
}

async function writeConfirmed(
  scope: ActionScope,
  order: LockedOrder,
  { figures, unstated, reserved }: { figures: Figures; unstated: LinePartRow[]; reserved: Reserved },
  reason: string | null | undefined,
): Promise<void> {
  const { tx } = scope;
  for (const line of figures.lines) {
    const got = reserved.lines.get(line.id);
    line.reserved = got?.reserved ?? '0';
    line.backordered = got?.backordered ?? '0';
    if (!line.requiresShipping) line.delivered = subtractDecimals(line.quantity, line.canceled);
  }
  const headline = headlineOf(figures.lines, NOTHING_SHIPPED);
  const events = eventsOf(order, scope);
  if (order.status === 'DRAFT') events.moved('DRAFT', 'RECEIVED', reason);
  events.stockReserved(reserved.levels).moved('RECEIVED', 'CONFIRMED', reason).walked('CONFIRMED', headline);
  writeOrderFigures(scope, order, headline, figures, events.count);
  tx.defer(...partsStatement(unstated.map((row) => ({ lineId: row.order_line_id, part: partOf(row) }))));
  tx.defer(...reserved.statements);
  if (order.requested_delivery_at !== null) tx.defer(promiseOrder(order.id, order.requested_delivery_at));
  await appendEvents(tx, events.events);
}
