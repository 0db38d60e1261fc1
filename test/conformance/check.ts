import 'reflect-metadata';
import process from 'node:process';
import globalSetup from '../support/global-setup.js';
import globalTeardown from '../support/global-teardown.js';
import { connectorFolders, connectorIn } from './folders.js';
import { tryOut, type Finding } from './matrix.js';
import { record, table, writeTable } from './results.js';
import { suitesOf } from './suites.js';

// Tries out all that is promised of a connector, and shows how it came out:
//
//   npm run connector:check shopify                 one connector; without a name, all of them
//   npm run connector:check shopify -- --quick      all faults in one run, no kills, no suites
//   npm run connector:check shopify -- --only=drop  this fault, or several with commas between them; kill
//   npm run connector:check shopify -- --record     keeps what it shows and puts it into the table of connectors/README.md
const MOST_SHOWN = 12;
const LONGEST = 400;
const options = process.argv.slice(2).filter((arg) => arg.startsWith('--'));
const named = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const isQuick = options.includes('--quick');
const only = options
  .find((option) => option.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const folders = named.length === 0 ? connectorFolders() : named.map((name) => `connectors/${name}`);

await globalSetup();
let bad = 0;
try {
  for (const folder of folders) bad += await check(folder);
} finally {
  await globalTeardown();
}
if (options.includes('--record')) writeTable((await table()).text);
process.exitCode = bad === 0 ? 0 : 1;

async function check(folder: string): Promise<number> {
  process.stdout.write(`\n${folder}\n`);
  const findings = await tryOut(folder, {
    acts: 12,
    days: 1,
    isWhole: !isQuick,
    onFinding: show,
    ...(only && { only }),
  });
  if (!isQuick && !only) {
    const suites = await suitesOf(folder);
    suites.forEach(show);
    findings.push(...suites);
  }
  const failed = findings.filter(({ outcome }) => outcome === 'bad');
  if (options.includes('--record') && !isQuick) record(folder, await connectorIn(folder), findings);
  process.stdout.write(
    failed.length === 0 ? '  all is well\n' : `  failed: ${failed.map(({ name }) => name).join(', ')}\n`,
  );
  return failed.length;
}

function show({ name, outcome, shown, details }: Finding): void {
  process.stdout.write(`  ${name.padEnd(40)} ${outcome === 'none' ? `does not apply: ${shown}` : shown}\n`);
  for (const detail of details.slice(0, MOST_SHOWN)) process.stdout.write(`      ${detail.slice(0, LONGEST)}\n`);
  if (details.length > MOST_SHOWN) process.stdout.write(`      and ${details.length - MOST_SHOWN} more\n`);
}
