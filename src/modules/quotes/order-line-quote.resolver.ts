import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graph/context.js';
import { DateTime } from '../../graph/scalars.js';
import { parseInstant } from '../../shared/clock.js';
import { OrderLineType } from '../orders/index.js';
import { ConfigurationChoiceType } from './configuration.type.js';
import { quoteLinesById } from './quote.loaders.js';
import { QuoteLineType, recurrenceOf } from './quote-line.type.js';
import { whatFollows } from './recurrence.rules.js';
import { RecurrenceType } from './recurrence.type.js';
import { firstOrdered, offeredOfLine } from './recurring-line.loaders.js';

const NEXT_DUE =
  'It counts from the order, by the UTC calendar and at the same time of day; where a month has no such day, on its last. ' +
  'The hub makes an order of the first period alone: who bills the others is told here when.';

@Resolver(() => OrderLineType)
export class OrderLineQuoteResolver {
  @FieldResolver(() => QuoteLineType, { nullable: true, description: 'The line of the quote it was made of.' })
  quoteLine(@Root() { row }: OrderLineType, @Ctx() context: GraphContext): Promise<QuoteLineType | null> | null {
    return row.quote_line_id === null ? null : context.load(quoteLinesById, row.quote_line_id);
  }

  @FieldResolver(() => [ConfigurationChoiceType], {
    description: 'What was chosen of the product’s options on the quote; empty where the order was made of none.',
  })
  async configuration(@Root() line: OrderLineType, @Ctx() context: GraphContext): Promise<ConfigurationChoiceType[]> {
    return (await offered(line, context))?.configuration ?? [];
  }

  @FieldResolver(() => RecurrenceType, {
    nullable: true,
    description: 'How often it is due again; the line is its first period. Null for a line that is due once.',
  })
  async recurrence(@Root() line: OrderLineType, @Ctx() context: GraphContext): Promise<RecurrenceType | null> {
    const row = await offered(line, context);
    return row && recurrenceOf(row);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: `When its second period begins; null where there is none, or all of the line was canceled. ${NEXT_DUE}`,
  })
  async nextDueAt(@Root() line: OrderLineType, @Ctx() context: GraphContext): Promise<string | null> {
    return (await following(line, context))?.nextDueAt?.toISOString() ?? null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How many periods follow its first; null for a line that is due once or was canceled whole.',
  })
  async remainingTerms(@Root() line: OrderLineType, @Ctx() context: GraphContext): Promise<number | null> {
    return (await following(line, context))?.remainingTerms ?? null;
  }
}

@Resolver(() => QuoteLineType)
export class RecurringQuoteLineResolver {
  @FieldResolver(() => DateTime, {
    nullable: true,
    description:
      'When its second period begins, counted from the first order made of it; null until there is one, and where ' +
      `there is no second period. ${NEXT_DUE}`,
  })
  async nextDueAt(@Root() { row }: QuoteLineType, @Ctx() context: GraphContext): Promise<string | null> {
    const recurrence = recurrenceOf(row);
    const start = recurrence && (await context.load(firstOrdered, row.id));
    if (!recurrence || start === null) return null;
    const { nextDueAt } = whatFollows(parseInstant(start), recurrence.interval, recurrence.termCount);
    return nextDueAt?.toISOString() ?? null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How many periods no order has been made of; null for a line that is due once.',
  })
  async remainingTerms(@Root() { row }: QuoteLineType, @Ctx() context: GraphContext): Promise<number | null> {
    const recurrence = recurrenceOf(row);
    if (!recurrence) return null;
    const start = await context.load(firstOrdered, row.id);
    return start === null ? recurrence.termCount : recurrence.termCount - 1;
  }
}

function offered({ row }: OrderLineType, context: GraphContext) {
  return row.quote_line_id === null ? null : context.load(offeredOfLine, row.id);
}

async function following(line: OrderLineType, context: GraphContext) {
  const row = await offered(line, context);
  const recurrence = row && recurrenceOf(row);
  if (!row || !recurrence || row.is_canceled) return null;
  return whatFollows(parseInstant(row.placed_at), recurrence.interval, recurrence.termCount);
}
