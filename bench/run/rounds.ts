import { chanceFrom } from '../dataset/company.js';
import type { Answered, Burst } from '../load/load-process.js';
import type { Side, Target } from '../load/requests.js';
import type { Child } from './child.js';

export interface Contender {
  side: Side;
  server: Child;
  port: number;
}

/** One contender's share of one round. */
export interface Window {
  perSecond: number;
  latencies: number[];
  /** Server's CPU milliseconds for each request. */
  cpuMs: number;
}

export interface Round extends Record<Side, Window> {
  connections: number;
}

export interface RoundPlan {
  connections: number[];
  rounds: number;
  windowMs: number;
}

const WARM_UP_MS = 1_500;
const MAX_REQUESTS = 50_000;

/** Measures both contenders in turns, in an order that changes from round to round: what disturbs one disturbs both. */
export async function inRounds(
  load: Child,
  contenders: Contender[],
  target: Omit<Target, 'side' | 'seed'>,
  plan: RoundPlan,
): Promise<Round[]> {
  const chance = chanceFrom(plan.rounds);
  const measured: Round[] = [];
  let seed = 0;
  const measure = (contender: Contender, connections: number, forMs: number): Promise<Window> => {
    seed += 1;
    return oneWindow(load, contender, { ...target, seed, connections, forMs });
  };
  for (const connections of plan.connections) {
    for (const contender of contenders) await measure(contender, connections, WARM_UP_MS);
    for (let round = 0; round < plan.rounds; round += 1) {
      const order = chance(2) === 0 ? contenders : contenders.toReversed();
      const windows: Partial<Record<Side, Window>> = {};
      for (const contender of order) windows[contender.side] = await measure(contender, connections, plan.windowMs);
      measured.push({ connections, hub: windows.hub!, floor: windows.floor! });
    }
  }
  return measured;
}

async function oneWindow(
  load: Child,
  { side, server, port }: Contender,
  burst: Omit<Burst, 'side' | 'port' | 'maxRequests'>,
): Promise<Window> {
  const before = await server.cpu();
  const { wallMs, latencies } = await load.ask<Answered>({ ...burst, side, port, maxRequests: MAX_REQUESTS });
  const cpu = (await server.cpu()) - before;
  return { perSecond: (latencies.length * 1_000) / wallMs, latencies, cpuMs: cpu / 1_000 / latencies.length };
}
