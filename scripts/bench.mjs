// Runs the measurements of bench/: all of them, or those that are named.
//
//   npm run bench                                 all, one after the other
//   npm run bench -- page place                   these
//   npm run bench -- page --orders 100000         with options for the measurement
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const ending = '.bench.js';
const folder = `${root}dist/bench`;
const known = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .sort();
const given = process.argv.slice(2);
const firstOption = given.findIndex((argument) => argument.startsWith('-'));
const named = firstOption < 0 ? given : given.slice(0, firstOption);
const options = firstOption < 0 ? [] : given.slice(firstOption);
const unknown = named.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  process.stderr.write(`There is no measurement ${unknown.join(', ')}; there are ${known.join(', ') || 'none'}.\n`);
  process.exit(1);
}
for (const name of named.length > 0 ? named : known) {
  const args = ['--enable-source-maps', `dist/bench/${name}${ending}`, ...options];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
