import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../graph/context.js';
import { productsOfLines, ProductType } from '../catalog/index.js';
import { QuoteLineType, UnmatchedQuoteLineType } from './quote-line.type.js';
import { recurringTotals } from './quote-lines.rules.js';
import { lineRowsOfQuote } from './quote.loaders.js';
import { QuoteType } from './quote.type.js';
import { RecurringTotalType } from './recurrence.type.js';

@Resolver(() => QuoteType)
export class QuoteLinesResolver {
  @FieldResolver(() => [QuoteLineType], {
    description: 'What is offered, line by line; without what stands in `unmatchedLines`.',
  })
  async lines(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<QuoteLineType[]> {
    const rows = await context.load(lineRowsOfQuote, row.id);
    return rows.filter(({ product_id }) => product_id !== null).map((line) => new QuoteLineType(line));
  }

  @FieldResolver(() => [UnmatchedQuoteLineType], {
    description:
      'Lines of another CPQ tool whose SKU no product has, kept as they came and counted in the totals. A conversion of ' +
      'them is refused with NOT_FOUND, the SKU and the line’s path; it works once there is such a product.',
  })
  async unmatchedLines(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<UnmatchedQuoteLineType[]> {
    const rows = await context.load(lineRowsOfQuote, row.id);
    return rows.filter(({ product_id }) => product_id === null).map((line) => new UnmatchedQuoteLineType(line));
  }

  @FieldResolver(() => [RecurringTotalType], {
    description: 'What its recurring lines come to each period, by interval, the shorter first; before tax.',
  })
  async recurringTotal(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<RecurringTotalType[]> {
    return recurringTotals(await context.load(lineRowsOfQuote, row.id));
  }
}

@Resolver(() => QuoteLineType)
export class QuoteLineResolver {
  @FieldResolver(() => ProductType, { description: 'The product.' })
  product(@Root() { row }: QuoteLineType, @Ctx() context: GraphContext): Promise<ProductType | null> {
    return context.load(productsOfLines, row.product_id!);
  }
}
