import 'reflect-metadata';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { tryOut, type Finding } from '../conformance/matrix.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let made: string;
beforeAll(() => {
  made = mkdtempSync(join(ROOT, 'dist', '.made-'));
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

/** Makes a connector as a person does, and compiles what came of it, changed by hand. */
function makeConnector(code: string, changed: (path: string, text: string) => string = (_, text) => text): string {
  const sources = join(made, 'sources', code);
  const args = ['scripts/connector-new.mjs', code, '--into', sources];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const path of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    const compilerOptions = { target: ScriptTarget.ES2024, module: ModuleKind.ESNext };
    const { outputText } = transpileModule(changed(path, readFileSync(join(sources, path), 'utf8')), {
      compilerOptions,
    });
    const to = join(made, code, path.replace(/ts$/, 'js'));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, outputText);
  }
  return `${basename(made)}/${code}`;
}

const failed = (findings: readonly Finding[]) =>
  findings.filter(({ outcome }) => outcome === 'bad').map(({ name }) => name);

test('a connector that was just begun keeps all that is promised of one', async () => {
  const findings = await tryOut(makeConnector('my-own-shop'), {
    acts: 6,
    days: 1,
    isWhole: false,
    sources: join(made, 'sources', 'my-own-shop'),
  });
  expect(failed(findings)).toEqual([]);
});

test.each([
  [
    'that takes a delivery nobody signed',
    (path: string, text: string) => (path === 'webhooks.ts' ? text.replace('hasValidHmac(', '!hasValidHmac(') : text),
    'definition complete',
  ],
  [
    'that forgets to read on behind the first page',
    (path: string, text: string) => (path === 'pulling.ts' ? text.replace('next: page.next', 'next: null') : text),
    'all faults at once',
  ],
])('a connector %s is found out', async (_, changed, where) => {
  const findings = await tryOut(makeConnector('broken-shop', changed), {
    acts: 6,
    days: 1,
    isWhole: false,
    sources: join(made, 'sources', 'broken-shop'),
  });
  expect(failed(findings)).toContain(where);
});
