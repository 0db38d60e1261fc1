import { z } from 'zod';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { exactlyOne } from '../../graph/lookup.js';
import { mutate } from '../../graph/mutation.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { ruleActions } from '../../graph/rule-action.js';
import { idOf } from '../../shared/ids.js';
import { ORDER_PREFIX, ordersById, OrderType } from '../orders/index.js';
import { rehearseRule } from './actions/rehearse-rule.js';
import { upsertAutomationRule } from './actions/upsert-automation-rule.js';
import { AutomationActionType, AutomationFactType, AutomationRehearsalType } from './automation-catalog.type.js';
import { AutomationRulePayload, UpsertAutomationRuleInput } from './automation-rule-input.type.js';
import { AUTOMATION_RULE_PREFIX, AutomationRuleType } from './automation-rule.type.js';
import { AutomationRunConnection, AutomationRunFilter, AutomationRunType } from './automation-run.type.js';
import { automationRulesById } from './automation.loaders.js';
import { selectAllRules, selectRuleByCode } from './automation.queries.js';
import { operatorsOf } from './condition.rules.js';
import { ORDER_FACTS } from './order-facts.rules.js';
import { runList } from './run-list.js';
import type { RunRow } from './run.queries.js';

@Resolver()
export class AutomationResolver {
  @Allow(INSIDE)
  @Query(() => [AutomationRuleType], {
    description: 'What the hub does to orders by itself; in the order of their turn.',
  })
  async automationRules(@Ctx() { db }: GraphContext): Promise<AutomationRuleType[]> {
    return (await db.read(selectAllRules())).map((row) => new AutomationRuleType(row));
  }

  @Allow(INSIDE)
  @Query(() => AutomationRuleType, { nullable: true, description: 'One rule, by exactly one of these.' })
  async automationRule(
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | undefined,
    @Arg('code', () => String, { nullable: true, description: 'Its code.' }) code: string | undefined,
    @Ctx() context: GraphContext,
  ): Promise<AutomationRuleType | null> {
    exactlyOne('automationRule', { id, code });
    const found = id == null ? null : idOf(AUTOMATION_RULE_PREFIX, id);
    if (code == null) return found === null ? null : context.load(automationRulesById, found);
    const row = await context.db.readOne(selectRuleByCode(code));
    return row ? new AutomationRuleType(row) : null;
  }

  @Allow(INSIDE)
  @Query(() => [AutomationFactType], { description: 'All that the condition of a rule may ask of an order.' })
  automationFacts(): AutomationFactType[] {
    return [...ORDER_FACTS.values()].map(({ name, kind, description, values }) => ({
      name,
      kind,
      description,
      operators: operatorsOf(kind),
      values: values ?? null,
    }));
  }

  @Allow(INSIDE)
  @Query(() => [AutomationActionType], { description: 'All that a rule may do; by code.' })
  automationActions(@Ctx() context: GraphContext): AutomationActionType[] {
    return [...context.service(ruleActions).values()]
      .map((action) => ({
        code: action.code,
        description: action.description,
        argumentsSchema: z.toJSONSchema(action.arguments, { io: 'input' }),
      }))
      .sort((a, b) => (a.code < b.code ? -1 : 1));
  }

  @Allow(INSIDE)
  @Query(() => AutomationRunConnection, {
    description: 'What rules did, why they did not, and what waits for its time; the latest first.',
  })
  async automationRuns(
    @Arg('filter', () => AutomationRunFilter, { nullable: true, description: 'Which runs.' })
    filter: AutomationRunFilter | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<AutomationRunConnection> {
    const list = runList(filter);
    return new AutomationRunConnection(await connect(context, list, page, (row: RunRow) => new AutomationRunType(row)));
  }

  @Allow(INSIDE)
  @Query(() => AutomationRehearsalType, {
    nullable: true,
    description:
      'What a rule would do to an order if it were set off now, active or not, and why; null where there is no such rule ' +
      'or order. It is done by the same actions and taken back.',
  })
  async testAutomationRule(
    @Arg('code', () => String, { description: 'The rule’s code.' }) code: string,
    @Arg('orderId', () => ID, { description: 'The order.' }) orderId: string,
    @Ctx() context: GraphContext,
  ): Promise<AutomationRehearsalType | null> {
    const rule = await context.db.readOne(selectRuleByCode(code));
    const id = idOf(ORDER_PREFIX, orderId);
    if (!rule || id === null) return null;
    const { db, clock } = context;
    return rehearseRule({ db, clock, service: (key) => context.service(key) }, rule, id);
  }

  @Allow([Role.ADMIN])
  @Mutation(() => AutomationRulePayload, {
    description:
      'Creates or changes a rule; `isActive` false switches it off. It holds for what happens from then on: what waits for ' +
      'its time is looked at by the rule as it is then.',
  })
  async upsertAutomationRule(
    @Arg('input', () => UpsertAutomationRuleInput, { description: 'The rule.' }) input: UpsertAutomationRuleInput,
    @Ctx() context: GraphContext,
  ): Promise<AutomationRulePayload> {
    const { outcome, ...rest } = await mutate(context, 'upsertAutomationRule', input, (scope) =>
      upsertAutomationRule(scope, input),
    );
    return { automationRule: outcome && (await context.load(automationRulesById, outcome.ruleId)), ...rest };
  }
}

@Resolver(() => AutomationRunType)
export class AutomationRunResolver {
  @FieldResolver(() => AutomationRuleType, { description: 'The rule.' })
  async rule(@Root() { row }: AutomationRunType, @Ctx() context: GraphContext): Promise<AutomationRuleType> {
    return (await context.load(automationRulesById, row.rule_id))!;
  }

  @FieldResolver(() => OrderType, { description: 'The order it looked at.' })
  async order(@Root() { row }: AutomationRunType, @Ctx() context: GraphContext): Promise<OrderType> {
    return (await context.load(ordersById, row.order_id))!;
  }
}
