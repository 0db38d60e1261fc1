/** Every code of `UserErrorCode` that the hub can answer today, with what it means for the caller. */
export const REFUSALS = {
  NOT_FOUND: 'The record named does not exist, or the caller may not see it.',
  INVALID: 'A value is outside what is allowed.',
  REQUIRED: 'A value that is needed is missing.',
  FORBIDDEN: 'The caller may not do or set this.',
  CONFLICT: 'The change contradicts what is there.',
  ALREADY_EXISTS: 'A record with this name, code or external id exists.',
  VERSION_CONFLICT: 'The record has changed since `expectedVersion` was read.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used before with another input.',
  INVALID_TRANSITION: 'The record cannot go from its status to the one asked for.',
  ADDRESS_INVALID: 'Goods cannot be delivered to the address as it stands.',
  LIKELY_DUPLICATE: 'Another order looks the same; `allowDuplicate` says that it is one of its own.',
  ON_HOLD: 'A hold is open: nothing of the order moves forward until it is released.',
  INSUFFICIENT_STOCK: 'Less is available than is asked for.',
  PRODUCT_INACTIVE: 'The product is no longer sold.',
  CURRENCY_MISMATCH: 'The amount is in another currency than the record.',
  PRICE_CHANGED: 'The price is not that of the lists any more.',
  PRICE_MISSING: 'No price list has a price for this product, quantity and currency.',
  TAX_MISSING: 'No tax rate is known for this country and category.',
  CREDIT_LIMIT_EXCEEDED: 'With this order the customer’s open orders would go beyond the credit limit.',
  QUOTE_EXPIRED: 'The quote was valid until a time that has passed.',
  QUOTE_NOT_ACCEPTED: 'The quote has not been accepted.',
  QUOTE_DECLINED: 'The quote was declined.',
  QUOTE_SUPERSEDED: 'A newer revision stands in the quote’s place.',
  APPROVAL_REQUIRED: 'A rule asks for approval of the quote; submit it first.',
  QUOTE_ALREADY_CONVERTED: 'All of the quote, or of the lines asked for, has become orders already.',
  PAYMENT_REQUIRED: 'The order’s payments do not cover its total, and nothing of it leaves before they do.',
  PAYMENT_DECLINED: 'The provider has said no; the attempt is kept with its reason.',
  AMOUNT_EXCEEDED: 'More is asked for than is left of the payment, or than the order has to pay.',
  CARRIER_DECLINED: 'The carrier has said no; the label is kept with its reason.',
  PROVIDER_UNAVAILABLE: 'The provider has not answered; the hub finds out what became of it.',
} as const;
export type RefusalCode = keyof typeof REFUSALS;

/** Top-level error codes: faults, and requests that never reach a rule. */
export const FAULTS = {
  BAD_USER_INPUT: 'A value has the wrong shape, or not exactly one way to name a thing was given.',
  UNAUTHENTICATED: 'No API key, or one that is unknown, expired or revoked.',
  FORBIDDEN: 'The key’s roles do not allow this field.',
  TOO_MANY_REQUESTS: 'The key has spent its requests for now; `retryAfterMs` says when to go on.',
  LIMIT_EXCEEDED: 'The document is too deep, too costly, or asks for too much at once.',
  PERSISTED_QUERY_NOT_FOUND: 'No document is known by that hash; send it with its text, if the hub takes any.',
  DOCUMENT_NOT_TRUSTED: 'This hub runs registered documents only, and the one sent is none of them.',
  BUSY: 'Another call holds the record for too long; the same call may be sent again.',
  UNAVAILABLE: 'The database cannot be reached; the same call may be sent again.',
  STALE_DATA:
    'A record is older than `maxStaleness` lets it be; `record`, `source` and `ageSeconds` say which and how old.',
  CURSOR_EXPIRED: 'The stream cannot go on behind that cursor; read afresh and subscribe without it.',
  LAGGED: 'The reader is too slow; subscribe again behind `lastCursor`.',
  INTERNAL_SERVER_ERROR: 'A fault of the hub; `requestId` finds it in the log.',
} as const;
export type FaultCode = keyof typeof FAULTS;

/** One thing the caller can mend; what a mutation lists in `userErrors`. */
export interface UserErrorFacts {
  code: RefusalCode;
  message: string;
  field?: string[];
  /** The graph's type where the error carries facts of its own. */
  type?: string;
  facts?: Record<string, unknown>;
}

/** Thrown in an action: the transaction rolls back and the caller reads the errors as data. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(readonly errors: UserErrorFacts[]) {
    super(errors.map((error) => error.message).join('; '));
  }
}

export function refuse(code: RefusalCode, message: string, field?: string[]): Refusal {
  return new Refusal([{ code, message, ...(field && { field }) }]);
}

/** What is told came before the record it belongs to, by the id that one has in the connected system. */
export class NotYet extends Error {
  override name = 'NotYet';
  constructor(
    readonly kind: string,
    readonly externalId: string,
  ) {
    super(`${kind} ${externalId} is not here yet`);
  }
}

/** A request that cannot be served, with a code and message that are safe to show. */
export class RequestError extends Error {
  override name = 'RequestError';
  constructor(
    readonly code: FaultCode,
    message: string,
    readonly extensions: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function badInput(field: string, expected: string, value: unknown): RequestError {
  return new RequestError('BAD_USER_INPUT', `${field}: expected ${expected}, got ${show(value)}`, { field });
}

export function show(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));
  return text === undefined ? 'nothing' : text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** Collects refusals, so that a caller sees all of them at once. */
export class Refusals {
  readonly errors: UserErrorFacts[] = [];
  add(code: RefusalCode, message: string, field?: string[]): void {
    this.errors.push({ code, message, ...(field && { field }) });
  }
  push(error: UserErrorFacts): void {
    this.errors.push(error);
  }
  throwIfAny(): void {
    if (this.errors.length > 0) throw new Refusal(this.errors);
  }
}
