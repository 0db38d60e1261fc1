import { chmod, cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { unprivilegedAccount } from '../../src/db/embedded/account.js';
import { findPackage, makeLinks, usableBinaries } from '../../src/db/embedded/binaries.js';
import { reportOf } from '../../src/db/embedded/report.js';
import { Workbench } from './support/bench.js';
import { needsLinux, needsRoot, testUnless } from './support/skips.js';

const bench = new Workbench();
afterEach(() => bench.clear());
const report = reportOf({});

test('names DATABASE_URL on a platform it has no programs for', async () => {
  await expect(findPackage('win32-x64')).rejects.toThrow(/does not run on win32-x64: set DATABASE_URL/);
});

test('makes the links itself when the install script of the package has not run', async () => {
  const copy = await copyOfPackage(await bench.folder());
  const links = JSON.parse(await readFile(path.join(copy.native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  for (const { target } of links) await rm(path.join(path.dirname(copy.native), target), { force: true });
  const binaries = await usableBinaries(copy, undefined, neverStaged, report);
  expect(binaries.postgres).toBe(path.join(copy.native, 'bin', 'postgres'));
  expect(await readdir(path.join(copy.native, 'lib'))).toContain('libicuuc.so.60');
  await expect(makeLinks(copy.native)).resolves.toBe(true);
});

testUnless(needsRoot, 'copies the programs, once, to where nobody can run them', async () => {
  const [closed, open] = [await bench.folder(), await bench.folder()];
  const copy = await copyOfPackage(path.join(closed, 'node_modules'));
  await chmod(closed, 0o700);
  const account = await unprivilegedAccount();
  const told: string[] = [];
  const telling = reportOf({ onProgress: (message) => void told.push(message) });
  for (let start = 1; start <= 2; start += 1) {
    const binaries = await usableBinaries(copy, account, () => Promise.resolve(open), telling);
    expect(binaries.postgres.startsWith(`${open}/postgres-18`)).toBe(true);
  }
  expect(told).toHaveLength(1);
});

testUnless(needsLinux, 'names glibc and DATABASE_URL when the loader of the programs is missing', async () => {
  const folder = await bench.folder();
  await mkdir(path.join(folder, 'native', 'bin'), { recursive: true });
  await writeFile(path.join(folder, 'native', 'pg-symlinks.json'), '[]');
  // A script whose interpreter is missing fails to start as a program does whose loader is.
  await writeFile(path.join(folder, 'native', 'bin', 'postgres'), '#!/no/such/loader\n', { mode: 0o755 });
  const source = { native: path.join(folder, 'native'), version: '18.0' };
  await expect(usableBinaries(source, undefined, neverStaged, report)).rejects.toThrow(/needs glibc.*DATABASE_URL/);
});

test('says so when the system has no user nobody', async () => {
  const passwd = path.join(await bench.folder(), 'passwd');
  await writeFile(passwd, 'root:x:0:0::/root:/bin/sh\n');
  await expect(unprivilegedAccount(passwd)).rejects.toThrow(/no user nobody.*DATABASE_URL/);
});

async function copyOfPackage(folder: string): Promise<{ native: string; version: string }> {
  const { native, version } = await findPackage();
  const copy = path.join(folder, 'package', 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  return { native: copy, version };
}

function neverStaged(): Promise<string> {
  return Promise.reject(new Error('nothing was to be staged'));
}
