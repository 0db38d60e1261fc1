import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE, Role, SELLERS, STAFF } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate } from '../../graph/mutation.js';
import { connect, PageArgs } from '../../graph/paging.js';
import { approveQuote } from './actions/approve-quote.js';
import { rejectQuote } from './actions/reject-quote.js';
import { submitQuote } from './actions/submit-quote.js';
import { upsertApprovalRule } from './actions/upsert-approval-rule.js';
import { ApprovalRulePayload, ApprovalRuleType, UpsertApprovalRuleInput } from './approval-rule.type.js';
import { approvalRulesById, approvalsOfQuote } from './approval.loaders.js';
import { selectAllApprovalRules } from './approval.queries.js';
import { changeQuote } from './change-quote.js';
import { QuoteApprovalType } from './quote-approval.type.js';
import { QuoteActionInput, QuotePayload } from './quote-input.type.js';
import { approvalQueueList } from './quote.queries.js';
import { QuoteConnection, QuoteType, type QuoteRow } from './quote.type.js';

@Resolver(() => QuoteType)
export class ApprovalResolver {
  @Allow(INSIDE)
  @Query(() => [ApprovalRuleType], { description: 'When quotes must be approved, and by whom; by code.' })
  async approvalRules(@Ctx() { db }: GraphContext): Promise<ApprovalRuleType[]> {
    return (await db.read(selectAllApprovalRules())).map((row) => new ApprovalRuleType(row));
  }

  @Allow(INSIDE)
  @Query(() => QuoteConnection, {
    description:
      'Quotes that wait for a decision that the caller’s roles may make, what has waited longest first; without those ' +
      'that the caller made or submitted. `QuoteFilter.awaitingMyApproval` finds the same among others.',
  })
  async approvalQueue(@Args(() => PageArgs) page: PageArgs, @Ctx() context: GraphContext): Promise<QuoteConnection> {
    const list = approvalQueueList(context.viewer);
    return new QuoteConnection(await connect(context, list, page, (row: QuoteRow) => new QuoteType(row)));
  }

  @Allow([Role.ADMIN])
  @Mutation(() => ApprovalRulePayload, {
    description:
      'Creates or changes a rule for approvals. It holds for what is submitted, sent or accepted from then on; what was ' +
      'asked before stands.',
  })
  async upsertApprovalRule(
    @Arg('input', () => UpsertApprovalRuleInput, { description: 'The rule.' }) input: UpsertApprovalRuleInput,
    @Ctx() context: GraphContext,
  ): Promise<ApprovalRulePayload> {
    const { outcome, ...rest } = await mutate(context, 'upsertApprovalRule', input, (scope) =>
      upsertApprovalRule(scope, input),
    );
    return { approvalRule: outcome && (await context.load(approvalRulesById, outcome.ruleId)), ...rest };
  }

  @Allow(SELLERS)
  @Mutation(() => QuotePayload, {
    description:
      'Asks for the approvals that the rules want of a DRAFT: to PENDING_APPROVAL, or where no rule asks, to APPROVED.',
  })
  submitQuote(
    @Arg('input', () => QuoteActionInput, { description: 'Which quote.' }) input: QuoteActionInput,
    @Ctx() context: GraphContext,
  ): Promise<QuotePayload> {
    return changeQuote(context, 'submitQuote', input, submitQuote);
  }

  @Allow(STAFF)
  @Mutation(() => QuotePayload, {
    description:
      'Gives the open approvals that the caller’s roles may give; ADMIN may give all. With the last one the quote is ' +
      'APPROVED. Who made or submitted the quote gives none: FORBIDDEN.',
  })
  approveQuote(
    @Arg('input', () => QuoteActionInput, { description: 'Which quote.' }) input: QuoteActionInput,
    @Ctx() context: GraphContext,
  ): Promise<QuotePayload> {
    const { roles } = context.viewer;
    return changeQuote(context, 'approveQuote', input, (scope) => approveQuote(scope, input, roles));
  }

  @Allow(STAFF)
  @Mutation(() => QuotePayload, {
    description: 'Refuses the open approvals that the caller’s roles may give, and so the quote: to REJECTED.',
  })
  rejectQuote(
    @Arg('input', () => QuoteActionInput, { description: 'Which quote.' }) input: QuoteActionInput,
    @Ctx() context: GraphContext,
  ): Promise<QuotePayload> {
    const { roles } = context.viewer;
    return changeQuote(context, 'rejectQuote', input, (scope) => rejectQuote(scope, input, roles));
  }

  @Allow(INSIDE)
  @FieldResolver(() => [QuoteApprovalType], {
    description: 'The approvals that rules asked for when it was submitted, by rule. Not for customers.',
  })
  approvals(@Root() { row }: QuoteType, @Ctx() context: GraphContext): Promise<QuoteApprovalType[]> {
    return context.load(approvalsOfQuote, row.id);
  }
}
