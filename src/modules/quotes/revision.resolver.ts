import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { Allow, SELLERS } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { FieldChangeType } from '../history/index.js';
import { reviseQuote } from './actions/revise-quote.js';
import { changeQuote } from './change-quote.js';
import { QuotePayload, ReviseQuoteInput } from './quote-input.type.js';
import { lineRowsOfQuote, revisionsOfQuote } from './quote.loaders.js';
import { QuoteType } from './quote.type.js';
import { changesBetween } from './revision-diff.rules.js';

@Resolver(() => QuoteType)
export class RevisionResolver {
  @Allow(SELLERS)
  @Mutation(() => QuotePayload, {
    description:
      'Makes the next revision of a quote, a DRAFT that asks for approval anew; the newest so far becomes SUPERSEDED, ' +
      'unless it had come to its end. An older revision can be taken up again once the newest has: QUOTE_SUPERSEDED until ' +
      'then. What is accepted is not revised (INVALID_TRANSITION), nor what another tool states (CONFLICT). Where two ' +
      'revise the same quote at once, one is refused.',
  })
  reviseQuote(
    @Arg('input', () => ReviseQuoteInput, { description: 'Which quote, and what is different.' })
    input: ReviseQuoteInput,
    @Ctx() context: GraphContext,
  ): Promise<QuotePayload> {
    return changeQuote(context, 'reviseQuote', input, reviseQuote);
  }

  @FieldResolver(() => [QuoteType], {
    description: 'All revisions with its number, the oldest first; itself among them.',
  })
  revisions(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<QuoteType[]> {
    return context.load(revisionsOfQuote, row.id);
  }

  @FieldResolver(() => QuoteType, { nullable: true, description: 'The revision before; null for the first.' })
  async supersedes(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<QuoteType | null> {
    const revisions = await context.load(revisionsOfQuote, row.id);
    return revisions.findLast(({ revision }) => revision < row.revision) ?? null;
  }

  @FieldResolver(() => QuoteType, { nullable: true, description: 'The revision behind it; null for the newest.' })
  async supersededBy(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<QuoteType | null> {
    const revisions = await context.load(revisionsOfQuote, row.id);
    return revisions.find(({ revision }) => revision > row.revision) ?? null;
  }

  @FieldResolver(() => [FieldChangeType], {
    nullable: true,
    description:
      'What is different from another revision of it, field by field: `total`, `lines.1.quantity` … Lines are compared ' +
      'where SKU and configuration are the same, in their order, then where the SKU is; places count from 0, in this ' +
      'revision. A line that came or went is shown whole, with null on the other side; one that went with its place ' +
      'there. Null where there is no such revision.',
  })
  async changesFrom(
    @Root() { row }: QuoteType,
    @Arg('revision', () => Int, { nullable: true, description: 'Which revision; left out: the one before.' })
    revision: number | undefined,
    @Ctx() context: GraphContext,
  ): Promise<FieldChangeType[] | null> {
    const revisions = await context.load(revisionsOfQuote, row.id);
    const from =
      revision == null
        ? revisions.findLast((other) => other.revision < row.revision)
        : revisions.find((other) => other.revision === revision);
    if (!from) return null;
    const [before, after] = await context.loadMany(lineRowsOfQuote, [from.row.id, row.id]);
    return changesBetween({ quote: from.row, lines: before! }, { quote: row, lines: after! });
  }
}
