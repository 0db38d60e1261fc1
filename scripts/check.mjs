// Everything that can be said of the sources without running the tests. Runs all steps, then shows which hold.
//
//   npm run check             all steps
//   npm run check -- lint     only the named ones
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './prepare/paths.mjs';

const bin = (name, file) => join('node_modules', name, file);
const cli = ['--enable-source-maps', 'dist/src/cli.js'];

// `needs` names files a step cannot do without; on a machine that asks for everything, a missing one is a failure.
const steps = [
  { name: 'format', args: [bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', args: [bin('eslint', 'bin/eslint.js'), '--max-warnings', '0', '.'] },
  // A build ends only without a type error.
  { name: 'types', args: ['scripts/prepare.mjs'] },
  { name: 'imports', args: ['scripts/check-imports.mjs'] },
  { name: 'sizes', args: ['scripts/check-sizes.mjs'] },
  { name: 'words', args: ['scripts/check-words.mjs'] },
  { name: 'schema', after: 'types', args: [...cli, 'schema', '--check'], needs: ['src/cli.ts'] },
  { name: 'graph-rules', args: ['scripts/check-graph-rules.mjs'], needs: ['schema/schema.graphql'] },
  { name: 'promise', args: ['scripts/check-promise.mjs'], needs: ['schema/promised.graphql'] },
  { name: 'migrations', after: 'types', args: [...cli, 'migrations', '--check'], needs: ['src/cli.ts'] },
  { name: 'settings', after: 'types', args: [...cli, 'settings', '--check'], needs: ['src/cli.ts'] },
  { name: 'conformance', after: 'types', args: ['dist/test/conformance/table.js', '--check'], needs: ['connectors'] },
  {
    name: 'operations',
    args: [bin('@graphql-codegen/cli', 'esm/bin.js'), '--config', 'codegen.yml', '--check'],
    needs: ['schema/schema.graphql'],
  },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no step ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}.\n`,
  );
  process.exit(1);
}
const chosen = steps.filter(
  ({ name }) =>
    wanted.length === 0 ||
    wanted.includes(name) ||
    steps.some((step) => step.after === name && wanted.includes(step.name)),
);
const isStrict = process.env.CI === 'true' || process.env.HUB_TEST_REQUIRE === 'all';

// Two at a time: each keeps about one core busy.
const waiting = [...chosen];
const results = new Map();
const running = new Map();
await Promise.all([work(), work()]);

const width = Math.max(...chosen.map(({ name }) => name.length));
process.stdout.write('\n');
for (const { name } of chosen) {
  const { outcome, seconds } = results.get(name);
  process.stdout.write(`${name.padEnd(width)}  ${outcome}${seconds ? `  ${seconds} s` : ''}\n`);
}
const bad = chosen.filter(({ name }) => !results.get(name).isFine);
process.stdout.write(
  bad.length === 0 ? '\ncheck: all is well\n' : `\ncheck: failed: ${bad.map(({ name }) => name).join(', ')}\n`,
);
process.exitCode = bad.length === 0 ? 0 : 1;

async function work() {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    const result = runStep(step);
    running.set(step.name, result);
    results.set(step.name, await result);
  }
}

async function runStep({ name, args, needs = [], after }) {
  const missing = needs.find((file) => !existsSync(join(root, file)));
  if (missing) return { isFine: !isStrict, outcome: `${isStrict ? 'FAILED' : 'skipped'}: there is no ${missing}` };
  if (after && !(await running.get(after)).isFine)
    return { isFine: false, outcome: `FAILED: not run, ${after} failed` };
  const startedAt = performance.now();
  const { code, output } = await capture(args);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (code !== 0) process.stdout.write(`\n---- ${name}\n${output}\n`);
  return { isFine: code === 0, outcome: code === 0 ? 'ok    ' : 'FAILED', seconds };
}

function capture(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8').trim() }));
  });
}
