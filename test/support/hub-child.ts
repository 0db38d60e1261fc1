// A whole hub in a process of its own, for suites that race and kill. The parent says what to sabotage and where to die.
import 'reflect-metadata';
import pg from 'pg';
import process from 'node:process';
import { startHub } from '../../src/app.js';
import type { GivenModuleSettings } from '../../src/module-list.js';
import { mailPort } from '../../src/modules/mail/index.js';
import { systemClock, type Clock } from '../../src/shared/clock.js';
import { ADMIN_KEY, LOOPBACK, SELLER, TestLog, UNASKED } from './hub.js';

/** And the settings of modules, as a start is told them. */
export interface HubChildOptions extends GivenModuleSettings {
  databaseUrl: string;
  /** Name of the checkpoint at which the process kills itself. */
  dieAt?: string;
  /** It may be told later where to die. */
  isMortal?: boolean;
  /** Orders are verified as is usual, addresses and duplicates too. */
  isVerifying?: boolean;
  /** By how much its clock is ahead. */
  aheadMs?: number;
  /** Pieces of SQL and what this hub sends in their place: what a suite must notice. */
  instead?: Record<string, string>;
}

/** What the parent says while it runs: to stop, where to die, what time it is. */
export type HubChildMessage = 'stop' | { dieAt: string[] } | { aheadMs: number };

const {
  databaseUrl,
  dieAt,
  isMortal = false,
  isVerifying = false,
  aheadMs: aheadAtFirst = 0,
  instead,
  ...settings
} = JSON.parse(process.argv[2]!) as HubChildOptions;
let deathPoints = dieAt === undefined ? [] : [dieAt];
let aheadMs = aheadAtFirst;
const clock: Clock = { now: () => new Date(systemClock.now().getTime() + aheadMs) };
if (instead) sabotage(instead);

const hub = await startHub({
  databaseUrl,
  secretKey: 'the secret key of the tests, long enough',
  host: '127.0.0.1',
  port: 0,
  publicUrl: null,
  adminKey: ADMIN_KEY,
  seller: { country: 'IT', currency: 'EUR' },
  documents: { seller: SELLER },
  ...(!isVerifying && { verification: UNASKED }),
  automation: { isOn: false },
  egressAllow: [LOOPBACK],
  clock,
  log: new TestLog(),
  ...settings,
  ...((dieAt || isMortal) && { checkpoint }),
});
process.send!({ url: hub.url, mailPort: hub.services.get(mailPort) });
process.on('message', (message: HubChildMessage) => {
  if (message !== 'stop') {
    if ('dieAt' in message) deathPoints = message.dieAt;
    else aheadMs = message.aheadMs;
    return;
  }
  hub.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});

async function checkpoint(point: string): Promise<void> {
  if (!deathPoints.includes(point)) return;
  // Nobody else comes here while the parent is told.
  deathPoints = [];
  await new Promise<void>((resolve) => process.send!({ hit: point }, () => resolve()));
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
}

function sabotage(instead: Record<string, string>): void {
  const send = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function query(this: unknown, ...args: unknown[]) {
    const [config] = args;
    if (config !== null && typeof config === 'object' && 'text' in config && typeof config.text === 'string') {
      const text = Object.entries(instead).reduce((sql, [piece, other]) => sql.replaceAll(piece, other), config.text);
      args[0] = { ...config, text };
    }
    return send.apply(this, args);
  } as typeof pg.Client.prototype.query;
}
