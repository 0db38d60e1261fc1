import 'reflect-metadata';
import process from 'node:process';
import { RunClock } from './clock.js';
import { connectorIn } from './folders.js';
import { ConformanceHub } from './hub.js';
import { FIRST_DAY } from './run.js';

// A hub that ends the hard way at a named point of a transaction.
const [databaseUrl, folder, point, laterMs] = process.argv.slice(2) as [string, string, string, string];
const clock = new RunClock(FIRST_DAY);
clock.leap(Number(laterMs));
await ConformanceHub.start({
  databaseUrl,
  connector: await connectorIn(folder),
  clock: clock.hub,
  checkpoint: (reached) => {
    if (reached === point) process.kill(process.pid, 'SIGKILL');
    return Promise.resolve();
  },
});
