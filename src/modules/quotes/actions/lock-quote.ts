import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { findReference, type ExternalIdInput } from '../../references/index.js';
import { QUOTE } from '../quote.events.js';
import { lockQuote, type LockedQuote } from '../quote.queries.js';
import { QUOTE_PREFIX } from '../quote.type.js';

interface QuoteName {
  quoteId?: string | null;
  external?: ExternalIdInput | null;
  expectedVersion?: number | null;
}

/**
 * Locks the quote that is named by id or by its id elsewhere. Throws NOT_FOUND where there is none that the caller may
 * see, and VERSION_CONFLICT where it has changed since.
 */
export async function lockQuoteForAction({ tx, customerId }: ActionScope, name: QuoteName): Promise<LockedQuote> {
  const id = name.external
    ? (await tx.one(findReference(name.external.integration, QUOTE, name.external.externalId)))?.record_id
    : idOf(QUOTE_PREFIX, name.quoteId ?? '');
  const quote = id == null ? undefined : await tx.one(lockQuote(id));
  if (!quote || (customerId !== null && quote.customer_id !== customerId)) {
    const asked = name.external ? `${name.external.integration} id ${name.external.externalId}` : `id ${name.quoteId}`;
    throw refuse('NOT_FOUND', `no quote has the ${asked}`, [name.external ? 'external' : 'quoteId']);
  }
  if (name.expectedVersion != null && name.expectedVersion !== quote.version) {
    throw new Refusal([versionConflict(`quote ${quote.number}`, name.expectedVersion, quote.version)]);
  }
  return quote;
}
