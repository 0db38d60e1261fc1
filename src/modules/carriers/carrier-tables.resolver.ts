import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Allow, INSIDE, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { CountryCode } from '../../graph/scalars.js';
import { upsertCarrierRate } from './actions/upsert-carrier-rate.js';
import { upsertCarrierRule } from './actions/upsert-carrier-rule.js';
import { selectAllCarrierRates } from './carrier-rate.queries.js';
import { CarrierRatePayload, CarrierRateType, UpsertCarrierRateInput } from './carrier-rate.type.js';
import { selectAllCarrierRules } from './carrier-rule.queries.js';
import { CarrierRulePayload, CarrierRuleType, UpsertCarrierRuleInput } from './carrier-rule.type.js';
import { carrierRatesById, carrierRulesById } from './shipping.loaders.js';

const DISPATCHERS = [Role.ADMIN, Role.LOGISTICS];

@Resolver()
export class CarrierTablesResolver {
  @Allow(INSIDE)
  @Query(() => [CarrierRateType], {
    description: 'One’s own prices of carriers, by country, carrier, service and weight.',
  })
  async carrierRates(
    @Arg('country', () => CountryCode, { nullable: true, description: 'Of this country only.' })
    country: string | null,
    @Ctx() { db }: GraphContext,
  ): Promise<CarrierRateType[]> {
    return (await db.read(selectAllCarrierRates(country ?? null))).map((row) => new CarrierRateType(row));
  }

  @Allow(INSIDE)
  @Query(() => [CarrierRuleType], {
    description: 'All rules by which carriers are chosen, in the order in which they hold.',
  })
  async carrierRules(@Ctx() { db }: GraphContext): Promise<CarrierRuleType[]> {
    return (await db.read(selectAllCarrierRules())).map((row) => new CarrierRuleType(row));
  }

  @Allow(DISPATCHERS)
  @Mutation(() => CarrierRatePayload, {
    description:
      'Creates, changes or ends a price of a carrier that nobody asks. It holds for what is rated from then on.',
  })
  async upsertCarrierRate(
    @Arg('input', () => UpsertCarrierRateInput, { description: 'The price.' }) input: UpsertCarrierRateInput,
    @Ctx() context: GraphContext,
  ): Promise<CarrierRatePayload> {
    const { outcome, ...rest } = await mutate(context, 'upsertCarrierRate', input, (scope) =>
      upsertCarrierRate(scope, input),
    );
    return { carrierRate: outcome && (await context.load(carrierRatesById, outcome.rateId)), ...rest };
  }

  @Allow(DISPATCHERS)
  @Mutation(() => CarrierRulePayload, {
    description:
      'Creates, changes or ends a rule by which carriers are chosen. It holds for what is rated from then on.',
  })
  async upsertCarrierRule(
    @Arg('input', () => UpsertCarrierRuleInput, { description: 'The rule.' }) input: UpsertCarrierRuleInput,
    @Ctx() context: GraphContext,
  ): Promise<CarrierRulePayload> {
    const { outcome, ...rest } = await mutate(context, 'upsertCarrierRule', input, (scope) =>
      upsertCarrierRule(scope, input),
    );
    return { carrierRule: outcome && (await context.load(carrierRulesById, outcome.ruleId)), ...rest };
  }
}
