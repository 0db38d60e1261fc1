import 'reflect-metadata';
import { openDatabase } from '../../src/app.js';
import { startSync } from '../../src/sync/index.js';
import { recordedLog } from '../support/recorded-log.js';
import { engineParts } from './engine.js';

// A hub's engine that ends the hard way at a named point of a transaction.
const [databaseUrl, point] = process.argv.slice(2) as [string, string];
const log = recordedLog();
const db = await openDatabase({
  databaseUrl,
  log,
  checkpoint: (reached) => {
    if (reached === point) process.kill(process.pid, 'SIGKILL');
    return Promise.resolve();
  },
});
await startSync(engineParts(db, log));
process.send!('started');
