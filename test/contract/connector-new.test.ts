import 'reflect-metadata';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { lacksOf } from '../conformance/definition.js';
import { differences } from '../conformance/differences.js';
import { connectorIn } from '../conformance/folders.js';
import { tryOut, type Finding } from '../conformance/matrix.js';
import { leaksIn } from '../conformance/secrets.js';

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

test('one that takes a delivery nobody signed is found out', async () => {
  const folder = makeConnector('open-shop', (path, text) =>
    path === 'webhooks.ts' ? text.replace('hasValidHmac(rawBody', 'true || hasValidHmac(rawBody') : text,
  );
  const lacks = lacksOf(await connectorIn(folder), join(made, 'sources', 'open-shop'));
  expect(lacks).toEqual(['a delivery that nobody signed is taken']);
});

test('one that forgets to read on behind the first page is found out', async () => {
  const folder = makeConnector('short-shop', (path, text) =>
    path === 'pulling.ts' ? text.replace('next: page.next', 'next: null') : text,
  );
  const sources = join(made, 'sources', 'short-shop');
  const findings = await tryOut(folder, { acts: 6, days: 1, isWhole: false, sources });
  expect(failed(findings)).toContain('a friendly run');
});

test('a secret is found in whatever a line of the log holds, and in an address', () => {
  const err = new Error('no page', { cause: { config: { headers: { authorization: 'Bearer hush-hush' } } } });
  const line = (facts: object) => ({ level: 'warn' as const, facts, message: 'a page could not be pulled' });
  expect(leaksIn([line({ err })], [], ['hush-hush'])).toHaveLength(1);
  expect(leaksIn([line({ url: '/token?key=hush%20hush' })], [], ['hush hush'])).toHaveLength(1);
  expect(leaksIn([line({ status: 401 })], ['got 401: hush-hush'], ['hush-hush'])).toHaveLength(1);
  expect(leaksIn([line({ status: 401 })], ['got 401'], ['hush-hush'])).toEqual([]);
});

test('states that differ are told apart field by field', () => {
  expect(differences({ a: { b: [1, { c: null }] } }, { a: { b: [1, { c: null }] } })).toEqual([]);
  expect(differences({ a: { b: [1, { c: 1 }] } }, { a: { b: [1, { c: 2 }] } })).toEqual([
    'a / b [1] / c: expected 1, got 2',
  ]);
  expect(differences({ a: 1 }, { b: 1 })).toEqual(['a: expected 1, got nothing', 'b: expected nothing, got 1']);
});
