import { describe, expect, test } from '@jest/globals';
import {
  CLOSED,
  fail,
  MOST_FAILURES,
  PROBE_MS,
  pass,
  stateOf,
  succeed,
} from '../../../src/sync/pacing/breaker.rules.js';
import {
  admit,
  block,
  bringForward,
  confirm,
  correct,
  fullBucket,
  giveBack,
  LEASE_MS,
  release,
  renew,
  TICKET_MS,
  type Asked,
  type Bucket,
} from '../../../src/sync/pacing/bucket.rules.js';

const LIMIT = { burst: 10, perSecond: 2 };
let last = 0;
const asked = (more: Partial<Asked> = {}): Asked => ({
  id: String((last += 1)),
  limit: LIMIT,
  cost: 1,
  priority: 'live',
  patienceMs: 5_000,
  ...more,
});
const go = (waitMs = 0) => ({ kind: 'go', waitMs });

function fillOf(bucket: Bucket, count: number, more: Partial<Asked> = {}, now = 0) {
  return Array.from({ length: count }, () => admit(bucket, asked(more), now));
}

describe('a bucket', () => {
  test('lets its burst through at once, then each as its tokens flow back, in turn', () => {
    const bucket = fullBucket(LIMIT, 0);
    expect(fillOf(bucket, 10)).toEqual(Array(10).fill(go()));
    expect(fillOf(bucket, 3)).toEqual([go(500), go(1_000), go(1_500)]);
    expect(admit(bucket, asked(), 1_000)).toEqual(go(1_000));
  });

  test('sends away what would wait too long, and takes nothing for it', () => {
    const bucket = fullBucket(LIMIT, 0);
    fillOf(bucket, 10);
    const before = structuredClone(bucket);
    expect(admit(bucket, asked({ cost: 4, patienceMs: 1_999 }), 0)).toEqual({ kind: 'full', retryAfterMs: 2_000 });
    expect(bucket).toEqual(before);
  });

  test('counts by cost; what costs more than it holds goes when it is full', () => {
    const bucket = fullBucket(LIMIT, 0);
    expect(admit(bucket, asked({ cost: 30 }), 0)).toEqual(go());
    expect(bucket.tokens).toBe(-20);
    expect(admit(bucket, asked(), 0)).toEqual({ kind: 'full', retryAfterMs: 10_500 });
  });

  test('never gives more than burst and flow together, whatever the clocks of its processes say', () => {
    const bucket = fullBucket(LIMIT, 0);
    let granted = 0;
    for (let step = 0; step <= 600; step += 1) {
      // One process is 7 s ahead of the other.
      const now = step * 100 + (step % 2) * 7_000;
      const verdict = admit(bucket, asked({ patienceMs: 0 }), now);
      if (verdict.kind === 'go') granted += 1;
    }
    expect(granted).toBeLessThanOrEqual(10 + 2 * 67);
    expect(granted).toBeGreaterThanOrEqual(130);
  });

  test('keeps half of it for live work: backfill cannot starve it, and takes no turn ahead', () => {
    const bucket = fullBucket(LIMIT, 0);
    const backfill = fillOf(bucket, 6, { priority: 'backfill' });
    expect(backfill.map(({ kind }) => kind)).toEqual(['go', 'go', 'go', 'go', 'go', 'wait']);
    expect(fillOf(bucket, 5)).toEqual(Array(5).fill(go()));
    expect(admit(bucket, asked({ priority: 'backfill' }), 0).kind).toBe('wait');
    expect(admit(bucket, asked(), 0)).toEqual(go(500));
  });

  test('lets backfill through a bucket of one, when it is full', () => {
    const limit = { burst: 1, perSecond: 0.5 };
    const bucket = fullBucket(limit, 0);
    expect(admit(bucket, asked({ limit, priority: 'backfill' }), 0)).toEqual(go());
    expect(admit(bucket, asked({ limit, priority: 'backfill' }), 0)).toEqual({ kind: 'wait', waitMs: 2_000 });
    expect(admit(bucket, asked({ limit }), 2_000)).toEqual(go());
  });

  test('serves those that wait for backfill first come, first served, and forgets one that is gone', () => {
    const bucket = fullBucket({ burst: 2, perSecond: 1 }, 0);
    const by = (id: string) => asked({ id, limit: { burst: 2, perSecond: 1 }, priority: 'backfill' });
    expect(['a', 'b', 'c'].map((id) => admit(bucket, by(id), 0).kind)).toEqual(['go', 'wait', 'wait']);
    expect(admit(bucket, by('c'), 1_000)).toEqual({ kind: 'wait', waitMs: 100 });
    // "b" was killed: its ticket runs out.
    expect(admit(bucket, by('c'), 1_000 + TICKET_MS)).toEqual(go());
  });

  test('lets no more be under way at once than the limit says, half of it for backfill', () => {
    const limit = { burst: 100, perSecond: 100, concurrency: 4 };
    const bucket = fullBucket(limit, 0);
    expect(fillOf(bucket, 3, { limit, priority: 'backfill' }).map(({ kind }) => kind)).toEqual(['go', 'go', 'wait']);
    const first = asked({ limit });
    admit(bucket, first, 0);
    expect(fillOf(bucket, 2, { limit }).map(({ kind }) => kind)).toEqual(['go', 'wait']);
    release(bucket, first.id);
    // The one that waits comes first, until its ticket runs out.
    expect(admit(bucket, asked({ limit }), 0).kind).toBe('wait');
    expect(admit(bucket, asked({ limit }), 100 + TICKET_MS).kind).toBe('go');
  });

  test('takes the place of a killed process back, and keeps that of one that goes on', () => {
    const limit = { burst: 100, perSecond: 100, concurrency: 2 };
    const bucket = fullBucket(limit, 0);
    const [killed, lives] = [asked({ limit }), asked({ limit })];
    for (const one of [killed, lives]) admit(bucket, one, 0);
    renew(bucket, new Set([lives.id]), LEASE_MS / 2);
    expect(admit(bucket, asked({ limit, patienceMs: 0 }), LEASE_MS - 1).kind).toBe('full');
    expect(fillOf(bucket, 2, { limit, patienceMs: 0 }, LEASE_MS + 1).map(({ kind }) => kind)).toEqual(['go', 'full']);
  });

  test('gives back what was not used', () => {
    const bucket = fullBucket(LIMIT, 0);
    const one = asked({ cost: 4 });
    admit(bucket, one, 0);
    giveBack(bucket, one.id);
    expect(bucket).toEqual(fullBucket(LIMIT, 0));
  });

  test('lets nobody through while the system wants to be left alone, not even those that wait already', () => {
    const bucket = fullBucket(LIMIT, 0);
    fillOf(bucket, 10);
    const waits = asked();
    expect(admit(bucket, waits, 0)).toEqual(go(500));
    block(bucket, 3_000, 400);
    expect(confirm(bucket, waits, 500)).toEqual(go(2_900));
    block(bucket, 60_000, 3_400);
    expect(confirm(bucket, waits, 3_400)).toEqual({ kind: 'full', retryAfterMs: 60_000 });
    expect(bucket.leases.some(({ id }) => id === waits.id)).toBe(false);
    expect(admit(bucket, asked(), 63_399)).toMatchObject(go(1));
  });

  test('pauses longer each time where the system does not say how long', () => {
    const bucket = fullBucket(LIMIT, 0);
    const pauses = Array.from({ length: 8 }, () => {
      block(bucket, null, 0);
      return bucket.blockedUntil;
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  test('believes the system of what is left, less what is under way', () => {
    const bucket = fullBucket(LIMIT, 0);
    const [first] = [asked({ cost: 5 })];
    admit(bucket, first!, 0);
    admit(bucket, asked({ cost: 2 }), 0);
    bringForward(bucket, LIMIT, 1_000);
    release(bucket, first!.id);
    correct(bucket, { available: 9 }, 1_000);
    expect(bucket.tokens).toBe(7);
    bringForward(bucket, LIMIT, 1_500);
    expect(bucket.tokens).toBe(8);
    correct(bucket, { available: 3, burst: 40, perSecond: 4 }, 1_500);
    bringForward(bucket, LIMIT, 2_500);
    expect(bucket.tokens).toBe(5);
    bringForward(bucket, LIMIT, 99_000);
    expect(bucket.tokens).toBe(40);
  });

  test.each([NaN, Infinity, -1])('does not believe a system that says %s', (figure) => {
    const bucket = fullBucket(LIMIT, 0);
    correct(bucket, { available: figure, burst: figure, perSecond: figure }, 0);
    expect(bucket).toEqual(fullBucket(LIMIT, 0));
  });
});

describe('a breaker', () => {
  const broken = (now: number, chance = 0) => ({ reason: 'got 500', now, chance });
  const opened = () => {
    const breaker = { ...CLOSED };
    for (let at = 1; at < MOST_FAILURES; at += 1) expect(fail(breaker, 'x', broken(0))).toBeNull();
    expect(fail(breaker, 'x', broken(0))).toBe('opened');
    return breaker;
  };

  test('opens when so many in a row have failed, not before', () => {
    expect(stateOf(opened(), 0)).toBe('OPEN');
    const breaker = { ...CLOSED };
    for (let at = 1; at < MOST_FAILURES; at += 1) fail(breaker, 'x', broken(0));
    succeed(breaker, 'x');
    expect(fail(breaker, 'x', broken(0))).toBeNull();
    expect(pass(breaker, 'y', 0)).toBe(0);
  });

  test('lets nobody ask while it is open, then one alone', () => {
    const breaker = opened();
    expect(pass(breaker, 'a', 4_999)).toBe(1);
    expect(stateOf(breaker, 5_000)).toBe('HALF_OPEN');
    expect(pass(breaker, 'a', 5_000)).toBe(0);
    expect(pass(breaker, 'a', 5_001)).toBe(0);
    expect(pass(breaker, 'b', 5_001)).toBe(1_000);
    // The one that asked was killed.
    expect(pass(breaker, 'b', 5_001 + PROBE_MS)).toBe(0);
  });

  test('closes when the one that asked gets an answer; what was under way before says nothing', () => {
    const breaker = opened();
    pass(breaker, 'probe', 5_000);
    expect(succeed(breaker, 'late')).toBeNull();
    expect(fail(breaker, 'late', broken(5_000))).toBeNull();
    expect(succeed(breaker, 'probe')).toBe('closed');
    expect(breaker).toEqual(CLOSED);
  });

  test('waits longer each time, with some chance in it', () => {
    const breaker = opened();
    const pauses: number[] = [];
    let now = 5_000;
    for (let at = 0; at < 8; at += 1) {
      pass(breaker, 'probe', now);
      expect(fail(breaker, 'probe', broken(now, at === 0 ? 0.5 : 0))).toBeNull();
      pauses.push(breaker.openUntil - now);
      now = breaker.openUntil;
    }
    expect(pauses).toEqual([11_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
  });
});
