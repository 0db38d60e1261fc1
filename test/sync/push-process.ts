import 'reflect-metadata';
import process from 'node:process';
import { PushHub } from './push-hub.js';

// A hub that ends the hard way at a named point of a transaction.
const [databaseUrl, point] = process.argv.slice(2) as [string, string];
await PushHub.start(
  { url: databaseUrl, drop: () => Promise.resolve() },
  {
    checkpoint: (reached) => {
      if (reached === point) process.kill(process.pid, 'SIGKILL');
      return Promise.resolve();
    },
  },
);
process.send!('started');
