import 'reflect-metadata';
import process from 'node:process';
import { isInReadme, table, writeTable } from './results.js';

// Makes the table in connectors/README.md from what runs have shown; with --check, says whether it is that.
const { text, doubts } = await table();
if (process.argv.includes('--check')) {
  if (!isInReadme(text)) doubts.push('connectors/README.md: its table is another than the results are');
  for (const doubt of doubts) process.stderr.write(`${doubt}\n`);
  process.exitCode = doubts.length === 0 ? 0 : 1;
} else {
  writeTable(text);
}
