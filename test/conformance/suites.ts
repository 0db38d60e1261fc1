import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Finding } from './matrix.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const NO_CONTRACT = 'no description of the vendor’s is held against it';

/** What the suites say that hold each request and answer against the vendor's own description, and the connector's own. */
export async function suitesOf(folder: string): Promise<Finding[]> {
  const code = folder.split('/').at(-1)!;
  const contracts = [
    ...filesIn('test/contract').filter((file) => file.startsWith(`test/contract/${code}.`)),
    ...filesIn(`${folder}/test`).filter((file) => file.endsWith('/contract.test.ts')),
  ];
  const own = filesIn(`${folder}/test`).filter((file) => file.endsWith('.test.ts') && !contracts.includes(file));
  const contract: Finding =
    contracts.length === 0
      ? { name: 'requests valid against the contract', outcome: 'none', shown: NO_CONTRACT, details: [] }
      : await run('requests valid against the contract', contracts);
  return [contract, await run('its own tests', own)];
}

function filesIn(folder: string): string[] {
  if (!existsSync(`${ROOT}${folder}`)) return [];
  return readdirSync(`${ROOT}${folder}`).map((file) => `${folder}/${file}`);
}

async function run(name: string, files: readonly string[]): Promise<Finding> {
  const built = files.map((file) => `/dist/${file.replace(/\.ts$/, '.js')}$`);
  const child = spawn(process.execPath, ['scripts/test.mjs', ...built], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const said = lines.join('').trim().split('\n');
  const count = said.at(-1) ?? '';
  if (code === 0) return { name, outcome: 'fine', shown: count.replace(', 0 failed', ''), details: [] };
  return { name, outcome: 'bad', shown: 'FAILED', details: said.slice(-40) };
}
