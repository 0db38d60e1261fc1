import { LockMode } from '@mikro-orm/postgresql';
import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { exact, isPositive } from '../../../shared/decimal.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { hasUnitPriceDigits, moneyOfUnitPrice } from '../../../shared/money.js';
import { PRICE_LIST, PRODUCT } from '../product.events.js';
import { ProductEntity } from '../product.entity.js';
import { insertPriceList, selectPriceBefore, selectPriceList, upsertPrice } from '../product.queries.js';
import type { SetPriceInput } from '../product.type.js';

/** Sets a unit price in a list, which is made where there is none; the product's version rises. */
export async function setPrice(
  scope: ActionScope,
  input: Omit<SetPriceInput, 'idempotencyKey'>,
): Promise<{ productId: string }> {
  const { tx, now, actor } = scope;
  check(input);
  const em = await tx.entities();
  const product = await em.findOne(ProductEntity, { sku: input.sku }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!product) throw refuse('NOT_FOUND', `no product has the SKU "${input.sku}"`, ['sku']);
  const { amount, currency } = input.unitPrice;
  const list = await priceList(scope, input.priceList ?? null, currency);
  const minimum = input.minimumQuantity ?? '1';
  const from = input.validFrom?.toISOString() ?? null;
  const before = await tx.one(selectPriceBefore(product.id, list.id, minimum, from));
  const id = await tx.ids.one();
  const until = input.validUntil?.toISOString() ?? null;
  await tx.query(upsertPrice(id, product.id, list.id, minimum, amount, from, until, now.toISOString()));
  product.version += 1;
  product.updatedAt = now;
  await appendEvents(tx, [
    {
      subjectKind: PRODUCT,
      subjectId: product.id,
      sequence: product.version,
      at: now,
      actor,
      type: 'PRICE_SET',
      message: `Price of ${product.sku} set to ${amount} ${currency} in ${list.code}`,
      changes: [
        {
          field: 'price',
          from: before ? moneyOfUnitPrice(before.unit_price, currency) : null,
          to: moneyOfUnitPrice(amount, currency),
        },
      ],
      data: { priceList: list.code, minimumQuantity: minimum, validFrom: from, validUntil: until },
    },
  ]);
  return { productId: product.id };
}

function check(input: Omit<SetPriceInput, 'idempotencyKey'>): void {
  const refusals = new Refusals();
  const { amount, currency } = input.unitPrice;
  if (exact(amount).isNegative())
    refusals.add('INVALID', `unitPrice: expected zero or more, got ${amount}`, ['unitPrice', 'amount']);
  if (!hasUnitPriceDigits(amount, currency)) {
    refusals.add('INVALID', `unitPrice: ${amount} has more digits than a ${currency} unit price may have`, [
      'unitPrice',
      'amount',
    ]);
  }
  if (input.minimumQuantity != null && !isPositive(input.minimumQuantity)) {
    refusals.add('INVALID', `minimumQuantity: expected more than zero, got ${input.minimumQuantity}`, [
      'minimumQuantity',
    ]);
  }
  if (input.priceList != null && !/^\S(.{0,62}\S)?$/.test(input.priceList)) {
    const message = `priceList: expected 1 to 64 characters without spaces around them, got "${input.priceList}"`;
    refusals.add('INVALID', message, ['priceList']);
  }
  if (input.validFrom && input.validUntil && input.validUntil <= input.validFrom) {
    refusals.add('INVALID', 'validUntil: expected a time after validFrom', ['validUntil']);
  }
  refusals.throwIfAny();
}

async function priceList(scope: ActionScope, code: string | null, currency: string) {
  const { tx } = scope;
  const standard = `standard-${currency.toLowerCase()}`;
  const wanted = code ?? standard;
  let list = await tx.one(selectPriceList(wanted));
  if (!list) {
    // Also where a caller names it: a list by that code that is not the default one would never be found.
    const isDefault = wanted === standard;
    const name = isDefault ? `Standard ${currency}` : wanted;
    const made = await tx.one(insertPriceList(await tx.ids.one(), wanted, name, currency, isDefault));
    if (made) await recordPriceList(scope, made.id, { code: wanted, name, currency, isDefault });
    list = await tx.one(selectPriceList(wanted));
  }
  if (!list || list.currency !== currency) {
    throw refuse('CURRENCY_MISMATCH', `price list ${wanted} is in ${list?.currency}, not ${currency}`, [
      'unitPrice',
      'currency',
    ]);
  }
  return { ...list, code: wanted };
}

async function recordPriceList(
  { tx, now, actor }: ActionScope,
  id: string,
  list: { code: string; name: string; currency: string; isDefault: boolean },
): Promise<void> {
  await appendEvents(tx, [
    {
      subjectKind: PRICE_LIST,
      subjectId: id,
      sequence: 1,
      at: now,
      actor,
      type: 'CREATED',
      message: `Price list ${list.code} made`,
      changes: Object.entries(list).map(([field, to]) => ({ field, from: null, to })),
    },
  ]);
}
