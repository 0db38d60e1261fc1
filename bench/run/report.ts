import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Side } from '../load/requests.js';
import type { Round, Window } from './rounds.js';

export interface Summary {
  perSecond: number;
  p50: number;
  p95: number;
  cpuMs: number;
}

export interface Measured {
  connections: number;
  ratio: number;
  hub: Summary;
  floor: Summary;
}

/** Prints what was measured, keeps it whole in a file, and answers its medians. */
export async function report(name: string, facts: object, rounds: Round[]): Promise<Measured[]> {
  const groups = Map.groupBy(rounds, (round) => round.connections);
  const results = [...groups].map(([connections, own]) => ({
    connections,
    hub: summaryOf(own.map((round) => round.hub)),
    floor: summaryOf(own.map((round) => round.floor)),
    ratio: median(own.map((round) => round.hub.perSecond / round.floor.perSecond)),
    cpuRatio: median(own.map((round) => round.hub.cpuMs / round.floor.cpuMs)),
  }));
  const lines = results.flatMap(({ connections, hub, floor, ratio, cpuRatio }) => [
    row(`${connections}`, 'hub', hub, `${ratio.toFixed(2)}`, `${cpuRatio.toFixed(1)}`),
    row('', 'floor', floor, '1', '1'),
  ]);
  const head = ['conns', '', 'req/s', 'ratio', 'p50 ms', 'p95 ms', 'CPU ms/req', 'ratio']
    .map((title) => title.padStart(10))
    .join('');
  process.stdout.write(`\n${name}\n${head}\n${lines.join('\n')}\n`);
  await keep(name, { ...facts, results, rounds });
  return results;
}

/** Writes all figures to a file of the system's temporary folder and says where. */
export async function keep(name: string, figures: object): Promise<void> {
  const file = join(tmpdir(), `hub-bench-${name}-${new Date().toISOString().replace(/[:.]/g, '-')}.json`);
  await writeFile(file, JSON.stringify(figures));
  process.stdout.write(`all figures: ${file}\n`);
}

function summaryOf(windows: Window[]): Summary {
  const latencies = windows.flatMap((window) => window.latencies).sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)]!;
  return {
    perSecond: median(windows.map((window) => window.perSecond)),
    p50: at(0.5),
    p95: at(0.95),
    cpuMs: median(windows.map((window) => window.cpuMs)),
  };
}

function row(connections: string, side: Side, summary: Summary, ratio: string, cpuRatio: string): string {
  const { perSecond, p50, p95, cpuMs } = summary;
  const cells = [
    connections,
    side,
    perSecond.toFixed(0),
    ratio,
    p50.toFixed(2),
    p95.toFixed(2),
    cpuMs.toFixed(2),
    cpuRatio,
  ];
  return cells.map((cell) => cell.padStart(10)).join('');
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
