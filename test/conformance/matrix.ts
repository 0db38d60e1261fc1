import { FAULT_MODES, type Connector, type FaultMode, type Sandbox } from '../../src/connect/index.js';
import { moneyOfMinor } from '../../src/shared/money.js';
import { lacksOf, projectFolder } from './definition.js';
import { differences } from './differences.js';
import { connectorIn } from './folders.js';
import type { State } from './hub-state.js';
import { lossesOf } from './kill.js';
import { modesOf, runOnce, type RunResult } from './run.js';

type Made = Sandbox['made'][number];

/** One row of the table. */
export interface Finding {
  name: string;
  /** `none`: it does not apply, `shown` says why. */
  outcome: 'fine' | 'bad' | 'none';
  shown: string;
  details: string[];
}

export interface MatrixOptions {
  /** How many things happen in the system, each day. */
  acts: number;
  days: number;
  /** Each mode has a run of its own; without it there is one run with all of them. */
  isWhole: boolean;
  /** These faults alone, or `kill`, and nothing but them. */
  only?: readonly string[];
  /** Where its sources are, if not in the folder of that name. */
  sources?: string;
  onFinding?: (finding: Finding) => void;
}

/** Tries all that is promised of a connector, and says how each of it came out. */
export async function tryOut(folder: string, options: MatrixOptions): Promise<Finding[]> {
  const { acts, days, isWhole, only, sources, onFinding = () => {} } = options;
  const connector = await connectorIn(folder);
  const findings: Finding[] = [];
  const leaks: string[] = [];
  const note = (name: string, bad: string[], shown = 'ok'): void => {
    const finding: Finding =
      bad.length === 0
        ? { name, outcome: 'fine', shown, details: [] }
        : { name, outcome: 'bad', shown: 'FAILED', details: bad };
    findings.push(finding);
    onFinding(finding);
  };
  note('definition complete', lacksOf(connector, sources ?? projectFolder(folder)));
  if (!connector.sandbox) return findings;
  let friendly: RunResult;
  try {
    friendly = await runOnce({ connector, acts, days, isReadAgain: true });
  } catch (error) {
    note(FRIENDLY, [`the run failed: ${(error as Error).message}`]);
    return findings;
  }
  leaks.push(...friendly.leaks);
  note(FRIENDLY, blemishesOf(friendly), sizeOf(friendly));
  note(SECOND_READING, friendly.changedBySecond!);
  const { can, cannot } = modesOf(connector);
  const alone = can.map((mode) => [mode]);
  const runs = only ? alone.filter(([mode]) => only.includes(mode!)) : isWhole ? [...alone, can] : [can];
  for (const modes of runs) {
    const { run, bad } = await hostileRun(connector, { acts, days, modes }, friendly);
    leaks.push(...(run?.leaks ?? []));
    const counts = run?.faults ?? {};
    note(modes.length === 1 ? modes[0]! : ALL_AT_ONCE, bad, String(sumOf(Object.values(counts))));
  }
  for (const mode of only ? [] : (Object.keys(FAULT_MODES) as FaultMode[])) {
    const why = cannot[mode];
    if (why === undefined) continue;
    const finding: Finding = { name: mode, outcome: 'none', shown: why, details: [] };
    findings.push(finding);
    onFinding(finding);
  }
  if (isWhole && connector.pull.size > 0 && (only?.includes('kill') ?? true))
    note('kill -9 in the middle of a page', await killsOf(connector, folder, acts));
  if (!only || leaks.length > 0) note('secrets stay secret', leaks);
  return findings;
}
const FRIENDLY = 'a friendly run';
export const SECOND_READING = 'a second reading changes nothing';
export const ALL_AT_ONCE = 'all faults at once';

/** One run with faults, and where it ended otherwise than the friendly one. */
export async function hostileRun(
  connector: Connector,
  { acts, days, modes }: { acts: number; days: number; modes: readonly FaultMode[] },
  friendly: RunResult,
): Promise<{ run: RunResult | null; bad: string[] }> {
  try {
    const run = await runOnce({ connector, acts, days, modes, share: modes.length > 1 ? 0.03 : 0.15 });
    const never = modes.filter((mode) => !run.faults[mode]);
    const bad = [
      ...never.map((mode) => `${mode}: it never struck`),
      ...differences(
        { hub: friendly.hub, system: friendly.system, refused: friendly.refused },
        { hub: run.hub, system: run.system, refused: run.refused },
      ),
    ];
    return { run, bad };
  } catch (error) {
    return { run: null, bad: [`the run failed: ${(error as Error).message}`] };
  }
}

/** What must not be in the end of a run in which nothing goes wrong. */
function blemishesOf({ hub, unread, made }: RunResult): string[] {
  const { integration = {}, orders = {}, quotes = {}, customers = {}, products = {} } = hub;
  const nothing = [orders, quotes, customers, products].every((held) => Object.keys(held).length === 0);
  return [
    ...unread,
    ...Object.values(integration).flatMap((status) => (MAY_BE.has(String(status)) ? [] : [`it is ${String(status)}`])),
    ...made.flatMap((each) => missingOf(hub, each)),
    ...(nothing ? ['nothing came of it'] : []),
  ];
}

/** What a system made is here as it made it, or somebody has to decide why not. */
function missingOf({ orders = {}, quotes = {}, deadLetters = {} }: State, { kind, id, total }: Made): string[] {
  if (Object.keys(deadLetters).some((name) => name.split(' ').includes(id))) return [];
  if (kind === 'quote')
    return Object.keys(quotes).some((name) => name.startsWith(`${id} `)) ? [] : [`quote ${id} is not here`];
  if (kind !== 'order') return [];
  const order = orders[id] as { status: string; currency: string; total_minor: number } | undefined;
  if (!order) return [`order ${id} is not here`];
  const here = moneyOfMinor(String(order.total_minor), order.currency).amount;
  const isOther = total !== undefined && order.status !== 'CANCELED' && here !== total;
  return isOther ? [`order ${id} comes to ${here}, there to ${total}`] : [];
}

/** What a company's rules do not let in stays open as a dead letter: somebody has to decide. */
const MAY_BE = new Set(['HEALTHY', 'DEGRADED']);

function sizeOf({ hub }: RunResult): string {
  const countOf = (kind: string) => Object.keys(hub[kind] ?? {}).length;
  const records = sumOf(['orders', 'customers', 'quotes', 'shipments'].map(countOf));
  return `${records} records, ${countOf('deadLetters')} left to people`;
}

function sumOf(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

async function killsOf(connector: Connector, folder: string, acts: number): Promise<string[]> {
  try {
    return await lossesOf(connector, folder, acts);
  } catch (error) {
    return [`the run failed: ${(error as Error).message}`];
  }
}
