import { appendEvents, type FieldChange } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { ruleActions, type RuleAction } from '../../../graph/rule-action.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { Refusal, Refusals } from '../../../shared/failures.js';
import { insertRule, lockRule, updateRule, type RuleRow, type RuleStep } from '../automation.queries.js';
import type { UpsertAutomationRuleInput } from '../automation-rule-input.type.js';
import { checkCondition, type RuleCondition } from '../condition.rules.js';
import { ORDER_FACTS } from '../order-facts.rules.js';
import { AUTOMATION_RULE } from '../rule.events.js';
import { readTriggers } from '../trigger.rules.js';

export type RuleValues = Omit<UpsertAutomationRuleInput, 'idempotencyKey'>;
type Editable = Pick<
  RuleRow,
  'code' | 'name' | 'description' | 'triggers' | 'condition' | 'actions' | 'priority' | 'is_active'
>;

const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
const DEFAULT_PRIORITY = 100;
const MOST_PRIORITY = 10_000;
const MOST_ACTIONS = 20;

/** Creates the rule, or changes the one with that code; writes one event with what changed. */
export async function upsertAutomationRule(scope: ActionScope, input: RuleValues): Promise<{ ruleId: string }> {
  const { tx, now, actor } = scope;
  const stated = read(input, scope.service(ruleActions));
  const found = await tx.one(lockRule(input.code));
  if (found && input.expectedVersion != null && input.expectedVersion !== found.version) {
    throw new Refusal([versionConflict(`automation rule ${found.code}`, input.expectedVersion, found.version)]);
  }
  const before = found ?? fresh(input.code);
  const rule: Editable = { ...before, ...stated };
  checkWhole(rule);
  const changes = differences(found ? fieldsOf(found) : {}, fieldsOf(rule));
  if (found && changes.length === 0) return { ruleId: found.id };
  const version = (found?.version ?? 0) + 1;
  const ruleId = found?.id ?? (await tx.ids.one());
  const texts = [
    rule.name,
    rule.description,
    JSON.stringify(rule.triggers),
    rule.condition && JSON.stringify(rule.condition),
    JSON.stringify(rule.actions),
    rule.priority,
    rule.is_active,
  ];
  const isSwitchedOn = rule.is_active && !found?.is_active;
  const since = found && !isSwitchedOn ? found.active_since : now.toISOString();
  const at = now.toISOString();
  tx.defer(
    found ? updateRule(ruleId, ...texts, since, at, version) : insertRule(ruleId, rule.code, ...texts, since, at),
  );
  await appendEvents(tx, [
    {
      subjectKind: AUTOMATION_RULE,
      subjectId: ruleId,
      sequence: version,
      at: now,
      actor,
      changes,
      type: found ? 'EDITED' : 'CREATED',
      message: `Automation rule ${rule.code} ${found ? 'changed' : 'created'}`,
    },
  ]);
  return { ruleId };
}

function fresh(code: string): Editable {
  const empty = { description: '', triggers: [], condition: null, actions: [] };
  return { ...empty, code, name: code, priority: DEFAULT_PRIORITY, is_active: true };
}

/** What the input states; everything that is wrong with it is refused at once. */
function read(input: RuleValues, actions: ReadonlyMap<string, RuleAction>): Partial<Editable> {
  const refusals = new Refusals();
  if (!CODE.test(input.code))
    refusals.add('INVALID', `code: expected 1 to 40 letters, digits, dashes, got "${input.code}"`, ['code']);
  for (const field of ['name', 'triggers', 'actions', 'priority', 'isActive'] as const)
    if (input[field] === null) refusals.add('INVALID', `${field}: cannot be emptied`, [field]);
  checkTexts(input, refusals);
  if (input.condition != null) checkCondition(input.condition, ORDER_FACTS, refusals);
  const stated: Partial<Editable> = {
    ...(input.name != null && { name: input.name }),
    ...(input.description !== undefined && { description: input.description ?? '' }),
    ...(input.triggers != null && { triggers: readTriggers(input.triggers, refusals) }),
    ...(input.condition !== undefined && { condition: input.condition as RuleCondition | null }),
    ...(input.actions != null && { actions: readSteps(input.actions, actions, refusals) }),
    ...(input.priority != null && { priority: input.priority }),
    ...(input.isActive != null && { is_active: input.isActive }),
  };
  refusals.throwIfAny();
  return stated;
}

function checkTexts({ name, description, priority }: RuleValues, refusals: Refusals): void {
  if (name != null && (name.trim() === '' || name.length > 200))
    refusals.add('INVALID', `name: expected 1 to 200 characters, got "${name.slice(0, 40)}"`, ['name']);
  if ((description ?? '').length > 2_000)
    refusals.add('INVALID', 'description: expected at most 2,000 characters', ['description']);
  if (priority != null && (priority < 0 || priority > MOST_PRIORITY))
    refusals.add('INVALID', `priority: expected 0 to ${MOST_PRIORITY}, got ${priority}`, ['priority']);
}

function readSteps(
  given: NonNullable<RuleValues['actions']>,
  known: ReadonlyMap<string, RuleAction>,
  refusals: Refusals,
): RuleStep[] {
  if (given.length === 0 || given.length > MOST_ACTIONS)
    refusals.add('INVALID', `actions: expected 1 to ${MOST_ACTIONS}, got ${given.length}`, ['actions']);
  return given.map((step, index) => {
    const at = ['actions', String(index)];
    const values = step.arguments ?? {};
    const action = known.get(step.action);
    if (!action) {
      const codes = [...known.keys()].sort().join(', ');
      refusals.add('INVALID', `action: expected one of ${codes}, got "${step.action}"`, [...at, 'action']);
    }
    for (const { path, message } of action?.arguments.safeParse(values).error?.issues ?? [])
      refusals.add('INVALID', `arguments of ${step.action}: ${message}`, [...at, 'arguments', ...path.map(String)]);
    return { action: step.action, arguments: values as Record<string, unknown> };
  });
}

function checkWhole({ triggers, actions }: Editable): void {
  const refusals = new Refusals();
  if (triggers.length === 0) refusals.add('REQUIRED', 'triggers: expected at least one', ['triggers']);
  if (actions.length === 0) refusals.add('REQUIRED', 'actions: expected at least one', ['actions']);
  refusals.throwIfAny();
}

/** By the names of the graph. */
export function fieldsOf(rule: Editable): Record<string, unknown> {
  const { code, name, description, triggers, condition, actions, priority } = rule;
  return { code, name, description, triggers, condition, actions, priority, isActive: rule.is_active };
}

function differences(before: Record<string, unknown>, after: Record<string, unknown>): FieldChange[] {
  return Object.entries(after)
    .map(([field, to]) => ({ field, from: before[field] ?? null, to }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}
