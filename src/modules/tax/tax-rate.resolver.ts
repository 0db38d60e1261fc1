import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Allow, INSIDE, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { CountryCode, DateTime } from '../../graph/scalars.js';
import { upsertTaxRate } from './actions/upsert-tax-rate.js';
import { taxRatesById } from './tax-rate.loaders.js';
import { selectAllRates } from './tax-rate.queries.js';
import { TaxRatePayload, TaxRateType, UpsertTaxRateInput } from './tax-rate.type.js';

@Resolver(() => TaxRateType)
export class TaxRateResolver {
  @Allow(INSIDE)
  @Query(() => [TaxRateType], { description: 'Tax rates, by country, region, category and first day.' })
  async taxRates(
    @Arg('country', () => CountryCode, { nullable: true, description: 'Of this country only.' })
    country: string | null,
    @Arg('at', () => DateTime, { nullable: true, description: 'Those that hold on the day of this moment only.' })
    at: Date | null,
    @Ctx() { db }: GraphContext,
  ): Promise<TaxRateType[]> {
    const rows = await db.read(selectAllRates(country ?? null, at?.toISOString().slice(0, 10) ?? null));
    return rows.map((row) => new TaxRateType(row));
  }

  @Allow([Role.ADMIN, Role.FINANCE])
  @Mutation(() => TaxRatePayload, {
    description:
      'Creates, changes or ends a tax rate. It holds for what is taxed from then on; orders keep their taxes.',
  })
  async upsertTaxRate(
    @Arg('input', () => UpsertTaxRateInput, { description: 'The rate.' }) input: UpsertTaxRateInput,
    @Ctx() context: GraphContext,
  ): Promise<TaxRatePayload> {
    const { outcome, ...rest } = await mutate(context, 'upsertTaxRate', input, (scope) => upsertTaxRate(scope, input));
    return { taxRate: outcome && (await context.load(taxRatesById, outcome.rateId)), ...rest };
  }
}
