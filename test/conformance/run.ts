import { FAULT_MODES, Faults, type Connector, type FaultMode, type Sandbox } from '../../src/connect/index.js';
import { connectIntegration, reconcileIntegration, replayDeadLetters } from '../../src/modules/integrations/index.js';
import { commandsOf } from '../../src/sync/index.js';
import { comparableStreams } from '../../src/sync/reconcile/comparable.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import type { LogLine } from '../support/recorded-log.js';
import { RunClock } from './clock.js';
import { countAll, openCompany, PRODUCTS, work } from './company.js';
import { differences } from './differences.js';
import { ConformanceHub, INTEGRATION } from './hub.js';
import { happened, hubState, systemState, type State } from './hub-state.js';
import { pullAgain, settle } from './rest.js';
import { leaksIn, secretsOf } from './secrets.js';

export const SECRET = 'conformance-hush-hush';
export const FIRST_DAY = new Date('2026-03-01T12:00:00.000Z');

export interface RunOptions {
  connector: Connector;
  modes?: readonly FaultMode[];
  /** How often each of them strikes where it can. */
  share?: number;
  /** How many things happen in the system each day, and before it is connected. */
  acts: number;
  days: number;
  seed?: number;
  /** Whether everything is read once more in the end, and what that changed is told. */
  isReadAgain?: boolean;
}

export interface RunResult {
  hub: State;
  system: State;
  refused: string[];
  faults: Partial<Record<FaultMode, number>>;
  /** What the system says that it made. */
  made: Sandbox['made'];
  /** What one side could not read of the other. */
  unread: string[];
  /** What a second reading of everything changed; null where there was none. */
  changedBySecond: string[] | null;
  /** Where a secret stands in clear. */
  leaks: string[];
  seconds: number;
}

/** Lets a system and a company work beside each other for some days, and gives what both have in the end. */
export async function runOnce(options: RunOptions): Promise<RunResult> {
  const began = performance.now();
  const { connector, modes = [], share = 0.1, acts, days, seed = 11, isReadAgain = false } = options;
  const faults = new Faults({ seed: seed + 1, modes, share, isEager: true });
  const stage = await Stage.open(connector, { faults, seed, firstNumber: acts + 1 });
  try {
    const refused: string[] = [];
    await stage.settle();
    for (let day = 1; day <= days; day += 1) {
      stage.clock.nextDay();
      await stage.systemActs(acts);
      await stage.pullAgain();
      // People act on what they see: by then it has come right.
      faults.calm();
      await stage.pullAgain();
      faults.resume();
      refused.push(...(await work(stage.hub, day)));
      // What the hub told comes back to it.
      await stage.pullAgain();
    }
    stage.clock.nextDay();
    faults.calm();
    await stage.hub.act((scope) => replayDeadLetters(scope, { code: INTEGRATION }));
    await stage.pullAgain();
    // Whether the usual compare comes in a run depends on how long its faults keep the hub waiting.
    await stage.compare();
    // What a system does about a parcel or a cancellation moves its own stock: it hears of the hub's behind that.
    await countAll(stage.hub);
    await stage.pullAgain();
    await stage.pullAgain();
    const state = await stage.state();
    const changedBySecond = isReadAgain ? await readAgain(stage) : null;
    const leaks = leaksIn(stage.lines, await stage.texts(), await secretsOf(stage.hub, connector, SECRET));
    const unread = unreadIn(stage.lines);
    const counts = Object.fromEntries(modes.map((mode) => [mode, faults.count(mode)]));
    return {
      ...state,
      refused,
      unread,
      made: stage.system.made,
      faults: counts,
      changedBySecond,
      leaks,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    await stage.close();
  }
}

function unreadIn(lines: readonly LogLine[]): string[] {
  return lines.flatMap(({ facts, message }) => {
    const { kind, topic, stream } = facts as { kind?: string; topic?: string; stream?: string };
    const isUnread = kind === 'unexpected_shape' || (kind !== undefined && message === 'a message could not be taken');
    return isUnread ? [`${message}: ${kind} in ${topic ?? stream}`] : [];
  });
}

async function readAgain(stage: Stage): Promise<string[]> {
  const before = { ...(await stage.state()), counts: await happened(stage.hub) };
  // From the beginning, as if nothing were known.
  await stage.hub.rows(`update sync_stream set checkpoint = null where direction = 'PULL'`);
  await stage.pullAgain();
  return differences(before, { ...(await stage.state()), counts: await happened(stage.hub) });
}

export interface StageOptions {
  faults?: Faults;
  seed: number;
  firstNumber: number;
  isIdle?: boolean;
  /** Where nothing is to be delivered. */
  isSilent?: boolean;
}

/** A hub with its database, and a system that it is connected with. */
export class Stage {
  readonly streams: string[];

  private constructor(
    public hub: ConformanceHub,
    readonly system: Sandbox,
    readonly clock: RunClock,
    readonly fresh: FreshDatabase,
    readonly lines: LogLine[],
    private readonly connector: Connector,
  ) {
    this.streams = [...connector.pull.keys()];
  }

  static async open(connector: Connector, options: StageOptions): Promise<Stage> {
    const { faults, seed, firstNumber, isIdle = false, isSilent = false } = options;
    const { sandbox } = connector;
    if (!sandbox) throw new Error(`${connector.code}: it has no sandbox to be tried with`);
    const fresh = await freshDatabase();
    const clock = new RunClock(FIRST_DAY);
    const lines: LogLine[] = [];
    const hub = await ConformanceHub.start({ databaseUrl: fresh.url, connector, clock: clock.hub, lines, isIdle });
    await openCompany(hub);
    const from = { secret: SECRET, products: PRODUCTS, seed, firstNumber, clock: clock.system };
    const webhookUrl = isSilent ? null : hub.webhookUrl;
    const system = await clock.atDawn(() => sandbox.start({ ...from, webhookUrl, ...(faults && { faults }) }));
    const { settings, credentials } = sandbox.connection(SECRET);
    const input = { code: INTEGRATION, name: INTEGRATION, connector: connector.code, credentials };
    await hub.act((scope) =>
      connectIntegration(scope, { ...input, settings: { ...settings, baseUrl: system.baseUrl } }),
    );
    return new Stage(hub, system, clock, fresh, lines, connector);
  }

  /** Another hub goes on with the same database. */
  async takeOver(): Promise<void> {
    await this.hub.stop();
    const { fresh, connector, clock, lines } = this;
    this.hub = await ConformanceHub.start({ databaseUrl: fresh.url, connector, clock: clock.hub, lines });
  }

  async systemActs(count: number): Promise<void> {
    await this.clock.atDawn(() => this.system.act(count));
    await this.system.settled();
    await this.settle();
  }

  settle(): Promise<void> {
    return settle(this.hub, this.clock, this.streams);
  }

  pullAgain(): Promise<void> {
    return pullAgain(this.hub, this.clock, this.streams);
  }

  async state(): Promise<{ hub: State; system: State }> {
    return { hub: await hubState(this.hub), system: await systemState(this.hub, this.system.state()) };
  }

  /** What the system no longer has shows by a look at all that it has. */
  async compare(): Promise<void> {
    if (comparableStreams(this.connector).length === 0) return;
    await this.hub.act((scope) => reconcileIntegration(scope, { code: INTEGRATION }));
    await this.pullAgain();
  }

  /** What the hub keeps of troubles, in words. */
  async texts(): Promise<string[]> {
    const rows = await this.hub.rows<{ text: string | null }>(`
      select error as text from dead_letter union all select last_error from integration
      union all select detail from inbox_message union all select last_error from push_item
      union all select message || coalesce(data::text, '') || changes::text from event
      union all select breaker::text from integration_pace`);
    return rows.flatMap(({ text }) => text ?? []);
  }

  async close(): Promise<void> {
    await this.system.stop();
    await this.hub.stop();
    await this.fresh.drop();
  }
}

/** The faults that a vendor can have, and why it cannot have the others. */
export function modesOf(connector: Connector): { can: FaultMode[]; cannot: Partial<Record<FaultMode, string>> } {
  const silent: Partial<Record<FaultMode, string>> = connector.hasWebhooks
    ? FINDS_THE_GONE
      ? {}
      : { drop: NOT_FOUND_YET }
    : { duplicate: NOTHING_DELIVERED, reorder: NOTHING_DELIVERED, drop: NOTHING_DELIVERED };
  const cannot = { ...silent, ...connector.sandbox?.cannot };
  const can = (Object.keys(FAULT_MODES) as FaultMode[]).filter((mode) => cannot[mode] === undefined);
  return { can, cannot };
}
const NOTHING_DELIVERED = 'nothing is delivered';
/** A deletion whose delivery was dropped shows in a comparison with the system alone. */
const FINDS_THE_GONE = 'compareNow' in commandsOf(new Map());
const NOT_FOUND_YET = 'a deletion that is not delivered is found by reconciliation, which there is not yet';
