import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { Refusal, Refusals } from '../../../shared/failures.js';
import { minorOfAmount } from '../../../shared/money.js';
import { insertCarrierRule, lockCarrierRule, updateCarrierRule, type CarrierRuleRow } from '../carrier-rule.queries.js';
import { CARRIER_RULE, type UpsertCarrierRuleInput } from '../carrier-rule.type.js';
import { differences, recordTableChange } from '../record-table-change.js';

type Input = Omit<UpsertCarrierRuleInput, 'idempotencyKey'>;

const CODE = /^[\w.-]{1,60}$/;
const CARRIER = /^[^/]{1,62}(\/[^/]{1,62})?$/;
const MOST_NAMES = 250;
const DEFAULT_PRIORITY = 100;

/** Creates the rule, or changes the one of that code. */
export async function upsertCarrierRule(scope: ActionScope, input: Input): Promise<{ ruleId: string }> {
  check(input);
  const found = await scope.tx.one(lockCarrierRule(input.code));
  if (found) return change(scope, found, input);
  const { code, name, priority, conditions, effect, isActive } = input;
  const values = [name ?? code, priority ?? DEFAULT_PRIORITY];
  const parts = [conditions ?? {}, effect ?? {}].map((part) => JSON.stringify(stated(part)));
  const made = await scope.tx.one(insertCarrierRule(code, ...values, ...parts, isActive ?? true));
  if (!made) return change(scope, (await scope.tx.one(lockCarrierRule(code)))!, input);
  await recordTableChange(scope, CARRIER_RULE, made, `Carrier rule ${code}`, differences({}, valuesOf(made)));
  return { ruleId: made.id };
}

async function change(scope: ActionScope, before: CarrierRuleRow, input: Input): Promise<{ ruleId: string }> {
  const title = `Carrier rule ${before.code}`;
  if (input.expectedVersion != null && input.expectedVersion !== before.version)
    throw new Refusal([versionConflict(title, input.expectedVersion, before.version)]);
  const after = {
    ...before,
    name: input.name ?? before.name,
    priority: input.priority ?? before.priority,
    conditions: input.conditions ? stated(input.conditions) : before.conditions,
    effect: input.effect ? stated(input.effect) : before.effect,
    is_active: input.isActive ?? before.is_active,
    version: before.version + 1,
  };
  const changes = differences(valuesOf(before), valuesOf(after));
  if (changes.length === 0) return { ruleId: before.id };
  const parts = [after.conditions, after.effect].map((part) => JSON.stringify(part));
  scope.tx.defer(updateCarrierRule(before.id, after.name, after.priority, ...parts, after.is_active));
  await recordTableChange(scope, CARRIER_RULE, after, title, changes);
  return { ruleId: before.id };
}

/** What is null is left out, as it is where nobody says it. */
function stated<Part extends object>(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value != null)) as Part;
}

function check({ code, name, conditions, effect }: Input): void {
  const refusals = new Refusals();
  if (!CODE.test(code))
    refusals.add('INVALID', `code: expected 1 to 60 letters, digits, ".", "_", "-", got "${code}"`, ['code']);
  if (name?.trim() === '') refusals.add('INVALID', 'name: expected some text', ['name']);
  const { countries = [], regions = [], channels = [] } = conditions ?? {};
  const { exclude = [], preferCarriers = [] } = effect ?? {};
  for (const [field, names] of Object.entries({ exclude, preferCarriers }))
    for (const each of names ?? [])
      if (!CARRIER.test(each))
        refusals.add('INVALID', `${field}: expected a carrier as "USPS" or "USPS/Express", got "${each}"`, [
          'effect',
          field,
        ]);
  const lists = [countries, regions, channels, exclude, preferCarriers];
  if (lists.some((list) => (list?.length ?? 0) > MOST_NAMES))
    refusals.add('INVALID', `expected at most ${MOST_NAMES} names in a list`, ['conditions']);
  const { weightOverGrams, weightUpToGrams, requestedWithinDays, valueOver, valueUpTo } = conditions ?? {};
  for (const [field, value] of Object.entries({ weightOverGrams, weightUpToGrams, requestedWithinDays }))
    if (value != null && value < 0)
      refusals.add('INVALID', `${field}: expected zero or more, got ${value}`, ['conditions', field]);
  if (effect?.mostDays != null && effect.mostDays < 0)
    refusals.add('INVALID', `mostDays: expected zero or more, got ${effect.mostDays}`, ['effect', 'mostDays']);
  const amounts = {
    'conditions.valueOver': valueOver,
    'conditions.valueUpTo': valueUpTo,
    'effect.mostPrice': effect?.mostPrice,
  };
  for (const [path, money] of Object.entries(amounts))
    if (money && minorOfAmount(money.amount, money.currency) === null)
      refusals.add(
        'INVALID',
        `expected an amount in whole units of ${money.currency}, got ${money.amount}`,
        path.split('.'),
      );
  refusals.throwIfAny();
}

function valuesOf({ code, name, priority, conditions, effect, is_active: isActive }: CarrierRuleRow) {
  return { code, name, priority, conditions, effect, isActive };
}
