import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import type { ApprovalRuleRow } from '../approval-rule.type.js';
import { reasonToAsk, type LineFigures, type QuoteFigures } from '../approval.rules.js';
import { insertApprovals, selectActiveRules } from '../approval.queries.js';
import { selectLinesOfQuotes, type LockedQuote } from '../quote.queries.js';
import type { QuoteLineRow } from '../quote-line.type.js';

/** A rule that asks for approval of a quote, and why. */
export interface Asking {
  rule: ApprovalRuleRow;
  reason: string;
}

/** Which rules ask for approval of a quote as it stands. */
export async function rulesAsking({ tx }: ActionScope, quote: LockedQuote): Promise<Asking[]> {
  const [rules, lines] = await tx.batch([selectActiveRules(), selectLinesOfQuotes([quote.id])]);
  return askingAmong(rules as ApprovalRuleRow[], quote, lines as QuoteLineRow[]);
}

export function askingAmong(
  rules: readonly ApprovalRuleRow[],
  quote: QuoteFigures,
  lines: readonly LineFigures[],
): Asking[] {
  return rules.flatMap((rule) => {
    const reason = reasonToAsk(rule, quote, lines);
    return reason === null ? [] : [{ rule, reason }];
  });
}

/** Throws APPROVAL_REQUIRED where a quote that nobody has approved needs it: a DRAFT goes on by itself only past no rule. */
export async function refuseUnapproved(scope: ActionScope, quote: LockedQuote): Promise<void> {
  if (quote.status !== 'DRAFT') return;
  const asking = await rulesAsking(scope, quote);
  if (asking.length === 0) return;
  const reasons = asking.map(({ rule, reason }) => `${rule.code} (${reason})`).join(', ');
  throw refuse('APPROVAL_REQUIRED', `quote ${quote.number} must be submitted for approval: ${reasons}`, ['quoteId']);
}

/** Leaves one open approval for each rule that asks to the transaction's last trip. */
export async function askForApproval(
  { tx, actor, now }: ActionScope,
  quoteId: string,
  asking: Asking[],
): Promise<void> {
  tx.defer(
    insertApprovals(
      quoteId,
      await tx.ids.take(asking.length),
      asking.map(({ rule }) => rule.id),
      asking.map(({ reason }) => reason),
      actor.kind,
      actor.id,
      actor.name,
      now.toISOString(),
    ),
  );
}
