import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { Refusal, Refusals } from '../../../shared/failures.js';
import { minorOfAmount, moneyOfMinor } from '../../../shared/money.js';
import { insertCarrierRate, lockCarrierRate, updateCarrierRate, type CarrierRateRow } from '../carrier-rate.queries.js';
import { CARRIER_RATE, type UpsertCarrierRateInput } from '../carrier-rate.type.js';
import { differences, recordTableChange } from '../record-table-change.js';

type Input = Omit<UpsertCarrierRateInput, 'idempotencyKey'>;

const NAME = /^\S(.{0,60}\S)?$/;
const MOST_GRAMS = 1_000_000;
const MOST_MINOR = 10n ** 12n;

/** Creates the price, or changes the one of that carrier, service, country, weight and currency. */
export async function upsertCarrierRate(scope: ActionScope, input: Input): Promise<{ rateId: string }> {
  const minor = check(input);
  const { tx } = scope;
  const slot = [input.carrier, input.service, input.country, input.upToGrams, input.price.currency] as const;
  const found = await tx.one(lockCarrierRate(...slot));
  if (found) return change(scope, found, input, minor);
  const values = [minor.toString(), input.deliveryDays ?? null, input.isActive ?? true];
  const made = await tx.one(insertCarrierRate(...slot, ...values));
  if (!made) return change(scope, (await tx.one(lockCarrierRate(...slot)))!, input, minor);
  await recordTableChange(scope, CARRIER_RATE, made, titleOf(made), differences({}, valuesOf(made)));
  return { rateId: made.id };
}

function check({ carrier, service, upToGrams, price, deliveryDays }: Input): bigint {
  const refusals = new Refusals();
  for (const [field, name] of Object.entries({ carrier, service }))
    if (!NAME.test(name) || name.includes('/'))
      refusals.add('INVALID', `${field}: expected up to 62 characters without "/", got "${name}"`, [field]);
  if (upToGrams < 1 || upToGrams > MOST_GRAMS)
    refusals.add('INVALID', `upToGrams: expected 1 to ${MOST_GRAMS}, got ${upToGrams}`, ['upToGrams']);
  if (deliveryDays != null && (deliveryDays < 0 || deliveryDays > 365))
    refusals.add('INVALID', `deliveryDays: expected 0 to 365, got ${deliveryDays}`, ['deliveryDays']);
  const minor = minorOfAmount(price.amount, price.currency);
  if (minor === null || minor < 0n || minor > MOST_MINOR)
    refusals.add('INVALID', `price: expected zero or more in whole units of ${price.currency}, got ${price.amount}`, [
      'price',
    ]);
  refusals.throwIfAny();
  return minor!;
}

async function change(
  scope: ActionScope,
  before: CarrierRateRow,
  input: Input,
  minor: bigint,
): Promise<{ rateId: string }> {
  if (input.expectedVersion != null && input.expectedVersion !== before.version)
    throw new Refusal([versionConflict(titleOf(before), input.expectedVersion, before.version)]);
  const after = {
    ...before,
    price_minor: minor.toString(),
    delivery_days: input.deliveryDays === undefined ? before.delivery_days : input.deliveryDays,
    is_active: input.isActive ?? before.is_active,
    version: before.version + 1,
  };
  const changes = differences(valuesOf(before), valuesOf(after));
  if (changes.length === 0) return { rateId: before.id };
  scope.tx.defer(updateCarrierRate(before.id, after.price_minor, after.delivery_days, after.is_active));
  await recordTableChange(scope, CARRIER_RATE, after, titleOf(after), changes);
  return { rateId: before.id };
}

function titleOf({ carrier, service, country, most_grams: grams }: CarrierRateRow): string {
  return `Price of ${carrier} ${service} to ${country} up to ${grams} g`;
}

function valuesOf(row: CarrierRateRow): Record<string, unknown> {
  return {
    carrier: row.carrier,
    service: row.service,
    country: row.country,
    upToGrams: row.most_grams,
    price: moneyOfMinor(row.price_minor, row.currency),
    deliveryDays: row.delivery_days,
    isActive: row.is_active,
  };
}
