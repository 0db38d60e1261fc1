// A whole hub in a process of its own, for suites that race and kill. The parent says what to sabotage and where to die.
import 'reflect-metadata';
import pg from 'pg';
import process from 'node:process';
import { startHub, type HubParts } from '../../src/app.js';
import { systemClock, type Clock } from '../../src/shared/clock.js';
import { ADMIN_KEY, LOOPBACK, SELLER, TestLog, UNASKED } from './hub.js';

export interface HubChildOptions {
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
  providers?: HubParts['providers'];
  carriers?: HubParts['carriers'];
  inboundMail?: HubParts['inboundMail'];
  outboundMail?: HubParts['outboundMail'];
  isAutomationOn?: boolean;
}

/** What the parent says while it runs: to stop, where to die, what time it is. */
export type HubChildMessage = 'stop' | { dieAt: string[] } | { aheadMs: number };

const options = JSON.parse(process.argv[2]!) as HubChildOptions;
let deathPoints = options.dieAt === undefined ? [] : [options.dieAt];
let aheadMs = options.aheadMs ?? 0;
const clock: Clock = { now: () => new Date(systemClock.now().getTime() + aheadMs) };
if (options.instead) sabotage(options.instead);

const hub = await startHub({
  databaseUrl: options.databaseUrl,
  secretKey: 'the secret key of the tests, long enough',
  host: '127.0.0.1',
  port: 0,
  publicUrl: null,
  adminKey: ADMIN_KEY,
  seller: { country: 'IT', currency: 'EUR' },
  documents: { seller: SELLER },
  ...(!options.isVerifying && { verification: UNASKED }),
  egressAllow: [LOOPBACK],
  clock,
  log: new TestLog(),
  ...(options.providers && { providers: options.providers }),
  ...(options.carriers && { carriers: options.carriers }),
  ...(options.inboundMail && { inboundMail: options.inboundMail }),
  ...(options.outboundMail && { outboundMail: options.outboundMail }),
  ...(options.isAutomationOn && { isAutomationOn: true }),
  ...((options.dieAt || options.isMortal) && { checkpoint }),
});
process.send!({ url: hub.url, mailPort: hub.mailPort });
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
