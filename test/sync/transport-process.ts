import { once } from 'node:events';
import pg from 'pg';
import { ConnectorFailure } from '../../src/connect/index.js';
import { PaceDesk } from '../../src/sync/pacing/pace-desk.js';
import { pacerOf } from '../../src/sync/pacing/pacer.js';
import { TransportHub } from './transport-hub.js';

/** What one process of several does when its parent says so. */
export interface Task {
  code: string;
  now: string;
  /** Asks for as many places as the limit has; else it makes a call, to be killed in the middle of it. */
  race?: {
    places: number;
    /** Stops before its first commit, says so, and goes on when it is told to. */
    stops: boolean;
    isLocked: boolean;
  };
}

let stops = false;
let isLocked = true;
interceptLock();
const hub = await TransportHub.open(process.argv[2]!, async (point) => {
  if (point !== 'pace:before-commit' || !stops) return;
  stops = false;
  const told = once(process, 'message');
  process.send!('stopped');
  await told;
});
process.send!('ready');
for (;;) {
  const [task] = (await once(process, 'message')) as [Task];
  hub.now = new Date(task.now);
  await (task.race ? race(task.code, task.race) : hold(task.code));
}

async function race(code: string, told: NonNullable<Task['race']>): Promise<void> {
  ({ stops, isLocked } = told);
  const { id } = await hub.connection(code);
  const desk = new PaceDesk(id, { ...hub.parts, onTurn: () => Promise.resolve() });
  const pacer = pacerOf(desk, code, { priority: 'live' });
  const limit = { burst: told.places, perSecond: 0.001 };
  let granted = 0;
  for (let at = 0; at < told.places; at += 1) {
    try {
      await (await pacer.admit({ name: 'race', limit, cost: 1 })).done({ kind: 'answered', allowance: null });
      granted += 1;
    } catch (error) {
      if (!(error instanceof ConnectorFailure)) throw error;
    }
  }
  process.send!(granted);
}

async function hold(code: string): Promise<void> {
  const http = hub.http(await hub.connection(code));
  await http.send({ operation: 'hold', method: 'GET', path: '/held', limit: 'single' });
}

function interceptLock(): void {
  const send = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function query(this: unknown, ...args: unknown[]) {
    const [config] = args;
    if (
      !isLocked &&
      config !== null &&
      typeof config === 'object' &&
      'text' in config &&
      typeof config.text === 'string'
    )
      // Another name too: the driver keeps one text for each.
      if (/integration_pace .* for update/.test(config.text))
        args[0] = { ...config, name: 'unlocked', text: config.text.replace(' for update', '') };
    return send.apply(this, args);
  } as typeof pg.Client.prototype.query;
}
