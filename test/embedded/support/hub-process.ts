import { startEmbeddedPostgres } from '../../../src/db/embedded/index.js';

// A hub that does nothing but use the embedded database: argv is [data directory, state root]. It prints what it got as
// one line of JSON, and stops when its standard input says so.
const [dataDir, stateRoot] = process.argv.slice(2);
if (!dataDir || !stateRoot) throw new Error('expected a data directory and a state root');

const database = await startEmbeddedPostgres({ dataDir, stateRoots: [stateRoot] });
const { connectionString, pid, howItStarted, clusterDir } = database;
process.stdout.write(`${JSON.stringify({ connectionString, pid, howItStarted, clusterDir })}\n`);

const alive = setInterval(() => undefined, 60_000);
process.stdin.once('data', () => {
  database.stop().then(
    () => {
      clearInterval(alive);
      process.stdin.destroy();
    },
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    },
  );
});
