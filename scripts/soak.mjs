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

if (!programs.includes(suite) && !suites.includes(suite)) {
  if (suite !== undefined) process.stderr.write(`There is no soak suite "${suite}".\n`);
  const lines = [...new Set([...programs, ...suites])].sort().map((name) => `  npm run soak -- ${name}\n`);
  process.stdout.write(lines.length > 0 ? `The soak suites:\n${lines.join('')}` : 'There are no soak suites yet.\n');
  process.exit(suite === undefined ? 0 : 1);
}

const args = programs.includes(suite)
  ? ['--enable-source-maps', `dist/test/soak/${suite}.js`, ...rest]
  : [
      'scripts/test.mjs',
      `[/\\\\]dist[/\\\\]test[/\\\\]long[/\\\\]${RegExp.escape?.(suite) ?? suite}\\.test\\.js$`,
      ...rest,
    ];
const env = { ...process.env, HUB_SOAK: '1' };
process.exitCode = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;

function names(folder, ending) {
  if (!existsSync(`${root}${folder}`)) return [];
  return readdirSync(`${root}${folder}`)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));
}
