import type { Allowance, Limit } from '../../connect/index.js';

/** Work of today goes before what is only catching up. */
export type Priority = 'live' | 'backfill';

/** One limit of one system. All times in milliseconds. */
export interface Bucket {
  /** Below zero where requests have taken what is yet to flow back: they wait until it has. */
  tokens: number;
  /** When `tokens` was so. */
  filledAt: number;
  /** The system's own figures, where it has told them. */
  burst: number | null;
  perSecond: number | null;
  blockedUntil: number;
  /** How often in a row the system said that it was too much. */
  throttles: number;
  leases: Lease[];
  line: Ticket[];
}

/** A request that was let through and is not over. It runs out, so that a killed process gives it back. */
export interface Lease {
  id: string;
  cost: number;
  priority: Priority;
  until: number;
}

/** A request that waits and has taken nothing yet; those of a priority come in their turn. */
export interface Ticket {
  id: string;
  priority: Priority;
  until: number;
}

export interface Asked {
  id: string;
  limit: Limit;
  cost: number;
  priority: Priority;
  /** The longest wait that the asker would sit out. */
  patienceMs: number;
}

export type Verdict =
  /** It may go, once it has waited so long. */
  | { kind: 'go'; waitMs: number }
  /** Not yet: ask again in so long. */
  | { kind: 'wait'; waitMs: number }
  /** That would be longer than it would wait. */
  | { kind: 'full'; retryAfterMs: number };

export const LEASE_MS = 30_000;
export const TICKET_MS = 2_000;
/** What backfill leaves to live work of what a bucket holds, and of what may be under way at once. */
const LIVE_SHARE = 0.5;
const POLL_MS = 100;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export function fullBucket(limit: Limit, now: number): Bucket {
  return {
    tokens: limit.burst,
    filledAt: now,
    burst: null,
    perSecond: null,
    blockedUntil: 0,
    throttles: 0,
    leases: [],
    line: [],
  };
}

/** What has flowed back since, and what has run out. Never back in time: of several clocks the fastest counts. */
export function bringForward(bucket: Bucket, limit: Limit, now: number): void {
  const { burst, perSecond } = figuresOf(bucket, limit);
  const passed = Math.max(0, now - bucket.filledAt);
  bucket.tokens = Math.min(burst, bucket.tokens + (passed / 1000) * perSecond);
  bucket.filledAt = Math.max(bucket.filledAt, now);
  bucket.leases = bucket.leases.filter(({ until }) => until > now);
  bucket.line = bucket.line.filter(({ until }) => until > now);
}

/**
 * Lets a request through, or says how long it has to wait. Live work takes its tokens at once, also those that are yet to
 * flow back, so that each comes in its turn; backfill takes only what lies above the share of live work.
 */
export function admit(bucket: Bucket, asked: Asked, now: number): Verdict {
  bringForward(bucket, asked.limit, now);
  const { id, priority, cost, patienceMs } = asked;
  const blockedMs = Math.max(0, bucket.blockedUntil - now);
  const tokensMs = tokensIn(bucket, asked);
  const inTurnMs = isInTurn(bucket, asked) ? 0 : POLL_MS;
  const neededMs = Math.max(blockedMs, tokensMs, inTurnMs);
  if (neededMs > patienceMs) {
    leaveLine(bucket, id);
    return { kind: 'full', retryAfterMs: Math.ceil(Math.max(blockedMs, tokensMs, 1_000)) };
  }
  if (inTurnMs > 0 || (priority === 'backfill' && neededMs > 0)) {
    standInLine(bucket, { id, priority, until: now + neededMs + TICKET_MS });
    return { kind: 'wait', waitMs: Math.max(POLL_MS, neededMs) };
  }
  leaveLine(bucket, id);
  bucket.tokens -= cost;
  bucket.leases.push({ id, cost, priority, until: now + neededMs + LEASE_MS });
  return { kind: 'go', waitMs: neededMs };
}

/** Whether a request that has waited may go now: the system may have asked to be left alone meanwhile. */
export function confirm(bucket: Bucket, { id, limit, patienceMs }: Asked, now: number): Verdict {
  bringForward(bucket, limit, now);
  const waitMs = Math.max(0, bucket.blockedUntil - now);
  if (waitMs <= patienceMs) {
    renew(bucket, new Set([id]), now + waitMs);
    return { kind: 'go', waitMs };
  }
  giveBack(bucket, id);
  return { kind: 'full', retryAfterMs: Math.ceil(waitMs) };
}

/** A request that was let through does not go: its tokens are the next one's. */
export function giveBack(bucket: Bucket, id: string): void {
  const lease = bucket.leases.find((one) => one.id === id);
  if (lease) bucket.tokens += lease.cost;
  bucket.leases = bucket.leases.filter((one) => one.id !== id);
  leaveLine(bucket, id);
}

export function release(bucket: Bucket, id: string): void {
  bucket.leases = bucket.leases.filter((one) => one.id !== id);
}

export function renew(bucket: Bucket, ids: ReadonlySet<string>, now: number): void {
  for (const lease of bucket.leases) if (ids.has(lease.id)) lease.until = Math.max(lease.until, now + LEASE_MS);
}

/** Nobody asks until then, whichever process: as long as the system says, else longer each time. */
export function block(bucket: Bucket, retryAfterMs: number | null, now: number): void {
  const pause = retryAfterMs ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** bucket.throttles);
  bucket.throttles += 1;
  bucket.blockedUntil = Math.max(bucket.blockedUntil, now + pause);
  bucket.tokens = Math.min(bucket.tokens, 0);
}

/** Takes the system's word as of now; what is under way it may not have counted yet. */
export function correct(bucket: Bucket, { available, burst, perSecond }: Allowance, now: number): void {
  if (isFigure(burst) && burst > 0) bucket.burst = burst;
  if (isFigure(perSecond) && perSecond > 0) bucket.perSecond = perSecond;
  if (!isFigure(available)) return;
  const underway = bucket.leases.reduce((sum, { cost }) => sum + cost, 0);
  bucket.tokens = available - underway;
  bucket.filledAt = Math.max(bucket.filledAt, now);
}

function isFigure(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value >= 0;
}

function figuresOf(bucket: Bucket, limit: Limit): { burst: number; perSecond: number } {
  return { burst: bucket.burst ?? limit.burst, perSecond: bucket.perSecond ?? limit.perSecond };
}

/** How long until the tokens are there. What costs more than the bucket holds goes when it is full. */
function tokensIn(bucket: Bucket, { limit, cost, priority }: Asked): number {
  const { burst, perSecond } = figuresOf(bucket, limit);
  const kept = priority === 'backfill' ? burst * LIVE_SHARE : 0;
  const missing = kept + Math.min(cost, burst - kept) - bucket.tokens;
  return missing <= 0 ? 0 : (missing / perSecond) * 1000;
}

function isInTurn({ leases, line }: Bucket, { id, limit, priority }: Asked): boolean {
  const first = line.find((ticket) => ticket.priority === priority);
  if (first && first.id !== id) return false;
  const { concurrency } = limit;
  if (concurrency === undefined) return true;
  if (leases.length >= concurrency) return false;
  const share = Math.max(1, Math.floor(concurrency * (1 - LIVE_SHARE)));
  return priority === 'live' || leases.filter((lease) => lease.priority === 'backfill').length < share;
}

function standInLine(bucket: Bucket, ticket: Ticket): void {
  const known = bucket.line.find(({ id }) => id === ticket.id);
  if (known) known.until = ticket.until;
  else bucket.line.push(ticket);
}

function leaveLine(bucket: Bucket, id: string): void {
  bucket.line = bucket.line.filter((ticket) => ticket.id !== id);
}
