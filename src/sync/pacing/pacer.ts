import { setTimeout as timer } from 'node:timers/promises';
import { ConnectorFailure, type Limit, type Outcome, type Pacer } from '../../connect/index.js';
import { randomFraction, randomId } from '../../shared/ids.js';
import { fail, forgetProbe, pass, succeed } from './breaker.rules.js';
import {
  admit,
  block,
  bringForward,
  confirm,
  correct,
  giveBack,
  release,
  type Asked,
  type Priority,
} from './bucket.rules.js';
import type { Pace, PaceDesk } from './pace-desk.js';

export interface PacerOptions {
  priority: Priority;
  /** The longest that a request waits; where it would be longer, its job gives its place to others. */
  patienceMs?: number;
  /** Ends all waits. */
  signal?: AbortSignal;
  /** Waits; tests move their clock instead. */
  pause?: (ms: number) => Promise<void>;
}

type Verdict = ReturnType<typeof admit> | { kind: 'open'; retryAfterMs: number };

const PATIENCE_MS = 5_000;

/** Paces one process's requests to one system by what all processes ask of it. */
export function pacerOf(desk: PaceDesk, code: string, options: PacerOptions): Pacer {
  const { priority, patienceMs = PATIENCE_MS, signal } = options;
  const pause = options.pause ?? ((ms: number) => timer(ms, undefined, { ...(signal && { signal }) }));

  return {
    async admit({ name, limit, cost }) {
      const id = randomId();
      const started = performance.now();
      let paused = 0;
      // A clock that stands still, or a busy machine: what counts is the longer of both.
      const left = () => patienceMs - Math.max(paused, performance.now() - started);
      const asked = (): Asked => ({ id, limit, cost, priority, patienceMs: Math.max(0, left()) });
      const ask = (isLetThrough: boolean) => desk.run((pace) => verdictOf(pace, name, asked(), isLetThrough));
      let verdict: Verdict = await ask(false);
      try {
        while (verdict.kind === 'wait' || (verdict.kind === 'go' && verdict.waitMs > 0)) {
          await pauseOrRelease(desk, verdict, pause);
          paused += verdict.waitMs;
          verdict = await ask(verdict.kind === 'go');
        }
      } catch (error) {
        await desk.run((pace) => takeBack(pace, name, asked()));
        if (!signal?.aborted) throw error;
        throw new ConnectorFailure('transient', `${code}: the hub stops`, { retryAfterMs: 0 });
      }
      if (verdict.kind !== 'go') throw refusalOf(code, name, verdict);
      desk.hold(id);
      return { done: (outcome) => finish(desk, { id, name, limit }, outcome) };
    },
  };
}

function verdictOf(pace: Pace, name: string, asked: Asked, isLetThrough: boolean): Verdict {
  const bucket = pace.bucket(name, asked.limit);
  const openMs = pass(pace.breaker, asked.id, pace.now);
  if (openMs > 0) {
    giveBack(bucket, asked.id);
    return { kind: 'open', retryAfterMs: Math.ceil(openMs) };
  }
  const verdict = isLetThrough ? confirm(bucket, asked, pace.now) : admit(bucket, asked, pace.now);
  if (verdict.kind !== 'go') forgetProbe(pace.breaker, asked.id);
  return verdict;
}

function takeBack(pace: Pace, name: string, { id, limit }: Asked): void {
  giveBack(pace.bucket(name, limit), id);
  forgetProbe(pace.breaker, id);
}

/** A place that another request of this process leaves is worth asking for at once. */
async function pauseOrRelease(
  desk: PaceDesk,
  verdict: { kind: 'wait' | 'go'; waitMs: number },
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  if (verdict.kind === 'go') return pause(verdict.waitMs);
  let forget = () => {};
  const released = new Promise<void>((resolve) => {
    forget = desk.onRelease(resolve);
  });
  try {
    await Promise.race([pause(verdict.waitMs), released]);
  } finally {
    forget();
  }
}

function refusalOf(code: string, name: string, { kind, retryAfterMs }: { kind: string; retryAfterMs: number }) {
  const seconds = (retryAfterMs / 1000).toFixed(1);
  if (kind === 'open') {
    return new ConnectorFailure('transient', `${code}: not asked, it failed too often; again in ${seconds} s`, {
      retryAfterMs,
    });
  }
  return new ConnectorFailure('throttled', `${code}: the limit "${name}" is used up; again in ${seconds} s`, {
    retryAfterMs,
  });
}

function finish(
  desk: PaceDesk,
  { id, name, limit }: { id: string; name: string; limit: Limit },
  outcome: Outcome,
): Promise<void> {
  desk.drop(id);
  const chance = randomFraction();
  return desk
    .run((pace) => record(pace, { id, name, limit, chance }, outcome))
    .then(
      () => desk.released(),
      (error: unknown) => desk.report(error),
    );
}

function record(
  pace: Pace,
  { id, name, limit, chance }: { id: string; name: string; limit: Limit; chance: number },
  outcome: Outcome,
): void {
  const bucket = pace.bucket(name, limit);
  bringForward(bucket, limit, pace.now);
  release(bucket, id);
  const failure = outcome.kind === 'failed' ? outcome.failure : null;
  if (failure?.kind === 'throttled') block(bucket, failure.retryAfterMs, pace.now);
  else if (!failure) bucket.throttles = 0;
  if (outcome.kind === 'answered' && outcome.allowance) {
    const { limit: other } = outcome.allowance;
    // Of a limit that nobody has asked for yet there is nothing to correct.
    const told = other === undefined || other === name ? bucket : pace.buckets[other];
    if (told) correct(told, outcome.allowance, pace.now);
  }
  const turn =
    failure?.kind === 'transient'
      ? fail(pace.breaker, id, { reason: failure.message, now: pace.now, chance })
      : succeed(pace.breaker, id);
  pace.turn = turn ?? pace.turn;
}
