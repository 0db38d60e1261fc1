// Runs one of the long suites in full size: npm run soak -- races
// `npm test` runs the same suites at a small seeded share. Called with no name it lists them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const programs = names('dist/test/soak', '.js');
const suites = names('dist/test/long', '.test.js');
const [suite, ...rest] = process.argv.slice(2);
// Real systems are started for it.
const LIVE = 'live';

if (suite !== LIVE && !programs.includes(suite) && !suites.includes(suite)) {
  if (suite !== undefined) process.stderr.write(`There is no soak suite "${suite}".\n`);
  const lines = [...new Set([...programs, ...suites, LIVE])].sort().map((name) => `  npm run soak -- ${name}\n`);
  process.stdout.write(lines.length > 0 ? `The soak suites:\n${lines.join('')}` : 'There are no soak suites yet.\n');
  process.exit(suite === undefined ? 0 : 1);
}

const env = { ...process.env, HUB_SOAK: '1' };
process.exitCode = spawnSync(process.execPath, argsOf(suite), { cwd: root, env, stdio: 'inherit' }).status ?? 1;

function argsOf(name) {
  if (name === LIVE) return ['scripts/live.mjs', ...rest];
  if (programs.includes(name)) return ['--enable-source-maps', `dist/test/soak/${name}.js`, ...rest];
  return [
    'scripts/test.mjs',
    `[/\\\\]dist[/\\\\]test[/\\\\]long[/\\\\]${RegExp.escape?.(name) ?? name}\\.test\\.js$`,
    ...rest,
  ];
}

function names(folder, ending) {
  if (!existsSync(`${root}${folder}`)) return [];
  return readdirSync(`${root}${folder}`)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));
}
