import { Field, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../graph/scalars.js';
import { MoneyType } from '../../graph/values.type.js';
import { moneyOfMinor, type Money } from '../../shared/money.js';
import type { InsightRow } from './customer-insights.queries.js';

@ObjectType('CustomerInsights', {
  description: 'What a customer’s orders tell; drafts and canceled orders do not count.',
})
export class CustomerInsightsType {
  constructor(
    readonly customerId: string,
    private readonly rows: InsightRow[],
  ) {}

  @Field(() => [MoneyType], { description: 'Totals of its orders, taxes included, by currency; computed by the hub.' })
  get lifetimeValue(): Money[] {
    return this.rows.map((row) => moneyOfMinor(row.total_minor, row.currency));
  }
  @Field(() => Int, { description: 'How many orders.' })
  get orderCount(): number {
    return this.rows.reduce((sum, row) => sum + row.order_count, 0);
  }
  @Field(() => DateTime, { nullable: true, description: 'When it ordered last; null where it never did.' })
  get lastOrderAt(): string | null {
    return this.rows
      .map((row) => row.last_order_at)
      .reduce<string | null>((a, b) => (a === null || b > a ? b : a), null);
  }
}
