import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graph/context.js';
import { MoneyType } from '../../graph/values.type.js';
import { moneyOfMinor, type Money } from '../../shared/money.js';
import { CustomerType } from '../customers/index.js';
import { creditUsedOfCustomer } from '../orders/index.js';

@Resolver(() => CustomerType)
export class CustomerCreditResolver {
  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'Value of open orders that counts against the credit limit: the totals of orders in its currency from CONFIRMED to ' +
      'DELIVERED. Null where there is no limit.',
  })
  async creditUsed(@Root() { row }: CustomerType, @Ctx() context: GraphContext): Promise<Money | null> {
    if (row.credit_limit_currency === null) return null;
    const used = await context.load(creditUsedOfCustomer, row.id);
    return moneyOfMinor(used ?? '0', row.credit_limit_currency);
  }
}
