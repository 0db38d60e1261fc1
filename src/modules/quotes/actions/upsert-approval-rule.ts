import { LockMode, type InferEntity } from '@mikro-orm/postgresql';
import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { Role } from '../../../graph/access.js';
import { STAFF } from '../../../graph/access.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { decimalText } from '../../../shared/decimal.js';
import { Refusal, Refusals } from '../../../shared/failures.js';
import { minorOfAmount, moneyOfMinor } from '../../../shared/money.js';
import { ApprovalRuleEntity } from '../approval-rule.entity.js';
import type { UpsertApprovalRuleInput } from '../approval-rule.type.js';
import { checkBounds } from '../approval.rules.js';
import { APPROVAL_RULE } from '../quote.events.js';
import { lockForeignName } from '../quote.queries.js';

type Rule = InferEntity<typeof ApprovalRuleEntity>;
export type RuleValues = Omit<UpsertApprovalRuleInput, 'idempotencyKey'>;
const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/** Creates the rule, or changes the one with that code; writes one event with what changed. */
export async function upsertApprovalRule(scope: ActionScope, input: RuleValues): Promise<{ ruleId: string }> {
  const { tx, now, actor } = scope;
  checkStated(input);
  await tx.query(lockForeignName(`approval rule ${input.code}`));
  const em = await tx.entities();
  const found = await em.findOne(ApprovalRuleEntity, { code: input.code }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (found && input.expectedVersion != null && input.expectedVersion !== found.version) {
    throw new Refusal([versionConflict(`approval rule ${found.code}`, input.expectedVersion, found.version)]);
  }
  const before = found ? valuesOf(found) : {};
  const rule =
    found ?? em.create(ApprovalRuleEntity, { ...fresh(input), id: await tx.ids.one(), createdAt: now, updatedAt: now });
  apply(rule, input);
  checkWhole(rule);
  const changes = differences(before, valuesOf(rule));
  if (found && changes.length === 0) return { ruleId: rule.id };
  if (found) rule.version += 1;
  else em.persist(rule);
  rule.updatedAt = now;
  await em.flush();
  await appendEvents(tx, [
    {
      subjectKind: APPROVAL_RULE,
      subjectId: rule.id,
      sequence: rule.version,
      at: now,
      actor,
      changes,
      type: found ? 'EDITED' : 'CREATED',
      message: `Approval rule ${rule.code} ${found ? 'changed' : 'created'}`,
    },
  ]);
  return { ruleId: rule.id };
}

function fresh({ code }: RuleValues) {
  return { code, name: code, approverRoles: [] as Role[], isActive: true, version: 1 };
}

function checkStated(input: RuleValues): void {
  const refusals = new Refusals();
  if (!CODE.test(input.code))
    refusals.add('INVALID', `code: expected 1 to 40 letters, digits, dashes, got "${input.code}"`, ['code']);
  for (const field of ['name', 'approverRoles', 'isActive'] as const)
    if (input[field] === null) refusals.add('INVALID', `${field}: cannot be emptied`, [field]);
  if (input.name?.trim() === '') refusals.add('INVALID', `name: expected some text, got "${input.name}"`, ['name']);
  const strangers = (input.approverRoles ?? []).filter((role) => !STAFF.includes(role));
  if (strangers.length > 0) {
    const message = `approverRoles: expected some of ${STAFF.join(', ')}, got ${strangers.join(', ')}`;
    refusals.add('INVALID', message, ['approverRoles']);
  }
  checkBounds(input, refusals);
  refusals.throwIfAny();
}

function apply(rule: Rule, input: RuleValues): void {
  for (const field of ['name', 'isActive', 'lineDiscountOver', 'discountOver', 'termMonthsOver'] as const)
    if (input[field] !== undefined) Object.assign(rule, { [field]: input[field] });
  if (input.approverRoles != null) rule.approverRoles = [...new Set(input.approverRoles)];
  if (input.totalOver === undefined) return;
  const { amount, currency } = input.totalOver ?? {};
  rule.totalOverMinor = amount === undefined ? null : minorOfAmount(amount, currency!)!.toString();
  rule.totalOverCurrency = currency ?? null;
}

function checkWhole(rule: Rule): void {
  const refusals = new Refusals();
  if (rule.approverRoles.length === 0)
    refusals.add('REQUIRED', 'approverRoles: expected at least one', ['approverRoles']);
  const bounds = [rule.lineDiscountOver, rule.discountOver, rule.totalOverMinor, rule.termMonthsOver];
  if (bounds.every((bound) => bound == null)) {
    const names = 'lineDiscountOver, discountOver, totalOver, termMonthsOver';
    refusals.add('REQUIRED', `expected at least one of ${names}`, ['lineDiscountOver']);
  }
  refusals.throwIfAny();
}

/** By the names of the graph. */
function valuesOf(rule: Rule): Record<string, unknown> {
  const { code, name, lineDiscountOver, discountOver, totalOverMinor, totalOverCurrency } = rule;
  return {
    code,
    name,
    lineDiscountOver: lineDiscountOver == null ? null : decimalText(lineDiscountOver),
    discountOver: discountOver == null ? null : decimalText(discountOver),
    totalOver: totalOverMinor == null ? null : moneyOfMinor(totalOverMinor, totalOverCurrency!),
    termMonthsOver: rule.termMonthsOver ?? null,
    approverRoles: [...rule.approverRoles],
    isActive: rule.isActive,
  };
}

function differences(before: Record<string, unknown>, after: Record<string, unknown>): FieldChange[] {
  return Object.entries(after)
    .map(([field, to]) => ({ field, from: before[field] ?? null, to }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}
