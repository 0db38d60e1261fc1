// A shop says in three layers what went wrong: by the status, in `errors` of a 200, and in a mutation's userErrors.
// https://shopify.dev/docs/api/admin-graphql#status_and_error_codes
import {
  ConnectorFailure,
  type Allowance,
  type FailureKind,
  type IncomingResponse,
  type OutgoingRequest,
} from '#connect';
import { z } from 'zod';

export const TOO_COSTLY = 'MAX_COST_EXCEEDED';

const decimal = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/);
const costShape = z.object({
  requestedQueryCost: decimal.nullish(),
  throttleStatus: z.object({ maximumAvailable: decimal, currentlyAvailable: decimal, restoreRate: decimal }),
});
const answerShape = z.object({
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string().nullish() }).nullish() }))
    .min(1),
});

const KINDS: Readonly<Record<string, FailureKind>> = {
  THROTTLED: 'throttled',
  ACCESS_DENIED: 'unauthorized',
  INTERNAL_SERVER_ERROR: 'transient',
  TIMEOUT: 'transient',
};
/** The shop is frozen (402), closed to this app (403) or locked (423): nothing gets better without a person. */
const CLOSED = new Set([402, 403, 423]);
/** Where it does not say how long. */
const SHORT_PAUSE_MS = 1_000;

export function failureIn(response: IncomingResponse, { operation }: OutgoingRequest): ConnectorFailure | null {
  const { status, body } = response;
  if (CLOSED.has(status))
    return new ConnectorFailure('unauthorized', `${operation}: the shop is closed to the hub, got ${status}`);
  if (status === 430) return new ConnectorFailure('throttled', `${operation}: got 430`, { retryAfterMs: 60_000 });
  if (status !== 200) return null;
  const answer = answerShape.safeParse(body);
  if (!answer.success) return null;
  const { errors } = answer.data;
  const said = errors.map(({ message, extensions }) => `${message}${extensions?.code ? ` (${extensions.code})` : ''}`);
  const codes = errors.map(({ extensions }) => extensions?.code ?? '');
  const kind = Object.keys(KINDS).find((code) => codes.includes(code));
  const retryAfterMs = kind === 'THROTTLED' ? pauseIn(body) : undefined;
  return new ConnectorFailure(kind ? KINDS[kind]! : 'rejected', `${operation}: ${said.join('; ')}`, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** Until the bucket holds what the document asks for. */
function pauseIn(body: unknown): number {
  const cost = costIn(body);
  if (!cost?.requestedQueryCost) return SHORT_PAUSE_MS;
  const { currentlyAvailable, restoreRate } = cost.throttleStatus;
  const missing = Number(cost.requestedQueryCost) - Number(currentlyAvailable);
  return Math.max(SHORT_PAUSE_MS, Math.ceil((missing / Math.max(1, Number(restoreRate))) * 1000));
}

export function allowanceIn(body: unknown): Allowance | null {
  const status = costIn(body)?.throttleStatus;
  if (!status) return null;
  return {
    available: Number(status.currentlyAvailable),
    burst: Number(status.maximumAvailable),
    perSecond: Number(status.restoreRate),
  };
}

function costIn(body: unknown): z.infer<typeof costShape> | null {
  const { extensions } = (body ?? {}) as { extensions?: { cost?: unknown } };
  const cost = costShape.safeParse(extensions?.cost);
  return cost.success ? cost.data : null;
}
