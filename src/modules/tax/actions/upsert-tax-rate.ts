import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { decimalText } from '../../../shared/decimal.js';
import { Refusal, Refusals } from '../../../shared/failures.js';
import { insertRate, lockRate, updateRate } from '../tax-rate.queries.js';
import { checkRate } from '../tax-rate.rules.js';
import { TAX_RATE, type TaxRateRow, type UpsertTaxRateInput } from '../tax-rate.type.js';

type RateValues = Omit<UpsertTaxRateInput, 'idempotencyKey'>;

/** Creates the rate, or changes the one of that place, category and first day; writes one event with what changed. */
export async function upsertTaxRate(scope: ActionScope, input: RateValues): Promise<{ rateId: string }> {
  const refusals = new Refusals();
  checkRate(input, refusals);
  refusals.throwIfAny();
  const slot = [input.country, (input.region ?? '').toUpperCase(), input.category, input.validFrom] as const;
  const found = await scope.tx.one(lockRate(...slot));
  if (found) return change(scope, found, input);
  if (input.name === undefined) refusals.add('REQUIRED', 'name: expected one for a new rate', ['name']);
  if (input.rate === undefined) refusals.add('REQUIRED', 'rate: expected one for a new rate', ['rate']);
  refusals.throwIfAny();
  const made = await scope.tx.one(insertRate(...slot, input.validUntil ?? null, input.name!, input.rate!));
  if (!made) return change(scope, (await scope.tx.one(lockRate(...slot)))!, input);
  await record(scope, made, 'CREATED', differences({}, valuesOf(made)));
  return { rateId: made.id };
}

async function change(scope: ActionScope, before: TaxRateRow, input: RateValues): Promise<{ rateId: string }> {
  if (input.expectedVersion != null && input.expectedVersion !== before.version)
    throw new Refusal([versionConflict(titleOf(before), input.expectedVersion, before.version)]);
  const after = {
    ...before,
    name: input.name ?? before.name,
    rate: input.rate ?? before.rate,
    valid_until: input.validUntil === undefined ? before.valid_until : input.validUntil,
    version: before.version + 1,
  };
  const changes = differences(valuesOf(before), valuesOf(after));
  if (changes.length === 0) return { rateId: before.id };
  scope.tx.defer(updateRate(before.id, after.name, after.rate, after.valid_until));
  await record(scope, after, 'EDITED', changes);
  return { rateId: before.id };
}

async function record(
  { tx, now, actor }: ActionScope,
  rate: TaxRateRow,
  type: 'CREATED' | 'EDITED',
  changes: FieldChange[],
): Promise<void> {
  const message = `${titleOf(rate)} ${type === 'CREATED' ? 'created' : 'changed'}`;
  await appendEvents(tx, [
    { subjectKind: TAX_RATE, subjectId: rate.id, sequence: rate.version, type, at: now, actor, message, changes },
  ]);
}

function titleOf({ country, region, category }: TaxRateRow): string {
  return `Tax rate ${[country, region, category].filter((part) => part !== '').join(' ')}`;
}

/** By the names of the graph. */
function valuesOf(rate: TaxRateRow): Record<string, string | null> {
  return {
    country: rate.country,
    region: rate.region || null,
    category: rate.category,
    name: rate.name,
    rate: decimalText(rate.rate),
    validFrom: rate.valid_from,
    validUntil: rate.valid_until,
  };
}

function differences(before: Record<string, string | null>, after: Record<string, string | null>): FieldChange[] {
  return Object.entries(after)
    .map(([field, to]) => ({ field, from: before[field] ?? null, to }))
    .filter(({ from, to }) => from !== to);
}
