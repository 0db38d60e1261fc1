import { defineLoader, type ReadScope } from '../../graph/context.js';
import { toUserError } from '../../graph/user-errors.js';
import { Refusals } from '../../shared/failures.js';
import {
  holdError,
  isUnconfirmed,
  selectConfirmProducts,
  selectCreditLimits,
  selectCreditUsed,
  selectLinesToChange,
  selectPartsOfOrders,
  selectUnstatedParts,
  selectWholeOrders,
  sellerSettings,
  type LockedOrder,
} from '../orders/index.js';
import { ratedTaxes, selectTaxRatesOfEach } from '../tax/index.js';
import { reserveStock, selectLevelsToPromise, type StockNeed } from '../stock/index.js';
import { checkConfirmation, type ConfirmFacts } from './confirmation.rules.js';
import { questionOf, selectOrdersAlike } from './duplicate.queries.js';
import { comparesPrices, selectListed } from './price-check.rules.js';
import { verificationSettings } from './verification.settings.js';

/**
 * What a confirmation of each order would refuse now; nothing for those that are confirmed or canceled. The checks are
 * those of the confirmation itself, on figures that nobody holds.
 */
export const blockersOfOrder = defineLoader<string, object[]>('blockersOfOrder', async (ids, scope) => {
  const orders = (await scope.db.read(selectWholeOrders(ids))).filter(({ status }) => isUnconfirmed(status));
  if (orders.length === 0) return ids.map(() => []);
  const checked = (await factsOf(scope, orders)).map((facts) => {
    const refusals = new Refusals();
    if (facts.order.open_holds > 0) refusals.push(holdError(facts.order));
    return { order: facts.order, refusals, needs: checkConfirmation(facts, refusals).needs };
  });
  const levels = await scope.db.read(selectLevelsToPromise(productsOf(checked.flatMap(({ needs }) => needs))));
  for (const { order, needs, refusals } of checked) {
    const wanted = new Set(productsOf(needs));
    const own = levels.filter((level) => wanted.has(level.product_id));
    reserveStock(needs, own, { now: scope.clock.now(), allowBackorder: order.allow_backorder, refusals });
  }
  const byOrder = new Map(checked.map(({ order, refusals }) => [order.id, refusals.errors.map(toUserError)]));
  return ids.map((id) => byOrder.get(id) ?? []);
});

async function factsOf(scope: ReadScope, orders: LockedOrder[]): Promise<ConfirmFacts[]> {
  const ids = orders.map((order) => order.id);
  const customerIds = [...new Set(orders.flatMap((order) => order.customer_id ?? []))];
  const { db } = scope;
  const sellerCountry = scope.service(sellerSettings).country;
  const verification = scope.service(verificationSettings);
  const [lines, products, parts, unstated, rates, limits, used, alike] = await Promise.all([
    db.read(selectLinesToChange(ids)),
    db.read(selectConfirmProducts(ids)),
    db.read(selectPartsOfOrders(ids)),
    db.read(selectUnstatedParts(ids)),
    db.read(
      selectTaxRatesOfEach(
        orders.map((order) => order.shipping_address?.country ?? null),
        orders.map((order) => order.shipping_address?.region ?? null),
        orders.map((order) => order.customer_id),
        orders.map((order) => order.placed_at.slice(0, 10)),
        sellerCountry,
      ),
    ),
    db.read(selectCreditLimits(customerIds)),
    db.read(selectCreditUsed(customerIds)),
    verification.duplicateWindowMs > 0
      ? db.read(selectOrdersAlike(orders.map(questionOf), verification.duplicateWindowMs))
      : [],
  ]);
  const byId = new Map(products.map((product) => [product.id, product]));
  const ratesByPlace = Map.groupBy(rates, (rate) => Number(rate.ordinal) - 1);
  const alikeByPlace = Map.groupBy(alike, (row) => Number(row.ordinal) - 1);
  const now = scope.clock.now();
  const ofOne = async (order: LockedOrder, place: number): Promise<ConfirmFacts> => {
    const own = lines.filter((line) => line.order_id === order.id);
    const lineIds = new Set(own.map((line) => line.id));
    return {
      order,
      lines: own,
      parts: [...parts, ...unstated].filter((part) => lineIds.has(part.order_line_id)),
      products: byId,
      taxes: ratedTaxes(ratesByPlace.get(place) ?? [], sellerCountry),
      limit: limits.find((limit) => limit.customer_id === order.customer_id),
      used: used.find((row) => row.customer_id === order.customer_id),
      sellerCountry,
      verification,
      alike: alikeByPlace.get(place) ?? [],
      allowDuplicate: false,
      listed: comparesPrices(order, verification) ? await db.read(selectListed(order, own, now)) : [],
    };
  };
  return Promise.all(orders.map(ofOne));
}

function productsOf(needs: StockNeed[]): string[] {
  return [...new Set(needs.flatMap(({ pieces }) => pieces.map((piece) => piece.productId)))];
}
