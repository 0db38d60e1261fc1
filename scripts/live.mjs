// Runs what needs real systems: starts those of ../shared/live, runs their suites and the one over all of them, and stops
// what it started. Called by `npm run soak -- live` and by CI, which names the systems: node scripts/live.mjs vendure
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const live = join(root, '../shared/live');
const HOOK = { code: 'live-shop', secret: 'live-webhook-secret' };
const all = ['vendure', 'tryton'];
const given = process.argv.slice(2);
// `up` alone leaves them running, and `run` finds them so: CI has other work while they start.
const step = ['up', 'run', 'down'].includes(given[0]) ? given.shift() : null;
const systems = given.length > 0 ? given : all;

if (!existsSync(live)) {
  process.stdout.write(`skipped: the suites of live systems (${systems.join(', ')}): there is no ../shared/live\n`);
  process.exit(0);
}

const home = process.env.LIVE_HOME ?? join(tmpdir(), 'hub-live-systems');
mkdirSync(home, { recursive: true });
const env = { ...process.env, LIVE_HOME: home, HUB_TEST_REQUIRE: 'all', ...(await ports()) };
env.VENDURE_WEBHOOK_URL = `http://127.0.0.1:${env.HUB_LIVE_PORT}/webhooks/${HOOK.code}`;
env.VENDURE_WEBHOOK_SECRET = HOOK.secret;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});

let isWell = true;
try {
  if (step !== 'run' && step !== 'down') for (const system of systems) isWell = start(system) && isWell;
  if (isWell && step !== 'up' && step !== 'down') isWell = run();
} finally {
  if (step === null || step === 'down') for (const system of systems) command(system, 'down');
}
process.exitCode = isWell ? 0 : 1;

function start(system) {
  // One that a run before left behind, and its database, may listen elsewhere.
  command(system, 'down');
  const since = performance.now();
  const isUp = command(system, 'up', '--reset');
  process.stdout.write(`${system}: ${isUp ? 'up' : 'not up'} in ${Math.round((performance.now() - since) / 1000)} s\n`);
  return isUp;
}

function command(system, verb, ...args) {
  return spawnSync(join(live, system, verb), args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/** The suite of each system, and the one over both where both are there. */
function run() {
  const urls = {
    VENDURE_URL: `http://127.0.0.1:${env.VENDURE_PORT}`,
    TRYTON_URL: `http://127.0.0.1:${env.TRYTON_PORT}/live`,
  };
  const own = Object.fromEntries(
    systems.map((system) => [`${system.toUpperCase()}_URL`, urls[`${system.toUpperCase()}_URL`]]),
  );
  const suites = systems.map((system) => `**/dist/connectors/${system}/test/live.soak.js`);
  if (all.every((system) => systems.includes(system))) suites.push('**/dist/test/long/live.soak.js');
  const args = ['scripts/test.mjs', '--runInBand', ...suites.flatMap((suite) => ['--testMatch', suite])];
  const settings = { HUB_LIVE_SECRET: HOOK.secret, HUB_LIVE_CODE: HOOK.code };
  return (
    spawnSync(process.execPath, args, { cwd: root, env: { ...env, ...own, ...settings }, stdio: 'inherit' }).status ===
    0
  );
}

/** Free ones where none are given, so that nobody else's are in the way; the same for what was started before. */
async function ports() {
  const kept = join(home, 'ports.json');
  if ((step === 'run' || step === 'down') && existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  const names = ['HUB_LIVE_PORT', 'VENDURE_PORT', 'VENDURE_PG_PORT', 'TRYTON_PORT', 'TRYTON_PG_PORT'];
  const open = await Promise.all(names.map(() => listening()));
  const found = names.map((name, index) => [name, process.env[name] ?? String(open[index].address().port)]);
  await Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve))));
  writeFileSync(kept, JSON.stringify(Object.fromEntries(found)));
  return Object.fromEntries(found);
}

function listening() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
