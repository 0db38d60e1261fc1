// Runs the compiled tests and ends with one line: "N passed, N failed" and, where there are any, ", N skipped".
// Arguments go to Jest: npm test -- orders.cancel -t "refuses"
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const args = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'hub-test-'));
const resultFile = join(scratch, 'results.json');

const child = spawn(
  process.execPath,
  ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...args],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      HUB_TEST_RESULTS: resultFile,
      // For the many processes that suites start: what one has compiled need not be compiled by the next.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(scratch, 'compiled'),
    },
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
const exitCode = await new Promise((resolve) => {
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    resolve(1);
  });
  child.on('close', (code) => resolve(code ?? 1));
});

const suites = readSuites();
const titled = suites.flatMap((suite) => suite.tests);
const passed = titled.filter((test) => test.status === 'passed').length;
const skippedTests = titled.filter((test) => ['pending', 'skipped', 'todo', 'disabled'].includes(test.status));
// A suite that could not even be loaded has no test of its own to count.
const brokenSuites = suites.filter(
  (suite) => suite.isBroken && !suite.tests.some((test) => test.status === 'failed'),
).length;
let failed = titled.filter((test) => test.status === 'failed').length + brokenSuites;
// A global set-up that failed, no test found, a killed run: never a line that reads like success.
if (failed === 0 && exitCode !== 0) failed = 1;

let skipped = skippedTests.length;
const isFiltered = args.some((arg) => /^(-t|--testNamePattern)(=|$)/.test(arg));
if (process.env.HUB_TEST_REQUIRE === 'all' && skipped > 0 && !isFiltered) {
  process.stderr.write('\nHUB_TEST_REQUIRE=all counts what was skipped as failed:\n');
  for (const test of skippedTests) process.stderr.write(`  ${test.title}\n`);
  failed += skipped;
  skipped = 0;
}
process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed > 0 ? 1 : 0;

function readSuites() {
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8'));
  } catch {
    return [];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
