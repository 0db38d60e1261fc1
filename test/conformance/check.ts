import 'reflect-metadata';
import process from 'node:process';
import globalSetup from '../support/global-setup.js';
import globalTeardown from '../support/global-teardown.js';
import { connectorFolders } from './folders.js';
import { tryOut, type Finding } from './matrix.js';

// npm run connector:check shopify: all that is promised of a connector, tried out; without a name, of all of them.
const MOST_SHOWN = 12;
const named = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const isQuick = process.argv.includes('--quick');
const known = connectorFolders();
const folders = named.length === 0 ? known : named.map((name) => `connectors/${name}`);

await globalSetup();
let bad = 0;
try {
  for (const folder of folders) {
    process.stdout.write(`\n${folder}\n`);
    const findings = await tryOut(folder, { acts: Number(process.env.ACTS ?? 12), isWhole: !isQuick, onFinding: show });
    bad += findings.filter(({ outcome }) => outcome === 'bad').length;
  }
} finally {
  await globalTeardown();
}
process.exitCode = bad === 0 ? 0 : 1;

function show({ name, shown, details }: Finding): void {
  process.stdout.write(`  ${name.padEnd(40)} ${shown}\n`);
  for (const detail of details.slice(0, MOST_SHOWN)) process.stdout.write(`      ${detail.slice(0, 400)}\n`);
  if (details.length > MOST_SHOWN) process.stdout.write(`      and ${details.length - MOST_SHOWN} more\n`);
}
