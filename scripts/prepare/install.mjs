import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { PrepareFailure, run, say, seconds } from './child.mjs';
import { nodeModules, root } from './paths.mjs';

const lockFile = join(root, 'package-lock.json');
// npm writes this one last, so that it stands for a finished install.
const hiddenLock = join(nodeModules, '.package-lock.json');
const stampFile = join(nodeModules, '.hub-installed');

/** Whether node_modules holds what the lock names, by our own install or by one made by hand. */
export function isInstalled() {
  if (!existsSync(hiddenLock)) return false;
  const stamp = stampOfNow();
  if (existsSync(stampFile) && read(stampFile) === stamp) return true;
  const wanted = JSON.parse(read(lockFile)).packages;
  const installed = JSON.parse(read(hiddenLock)).packages ?? {};
  if (!holdsAll(wanted, installed)) return false;
  if (!Object.keys(installed).every((folder) => existsSync(join(root, folder, 'package.json')))) return false;
  try {
    writeFileSync(stampFile, stamp);
  } catch {
    // Installed by another user: the long comparison is then made each time.
  }
  return true;
}

/** Installs exactly what the lock names. Throws PrepareFailure with npm's words when that fails. */
export async function install() {
  const startedAt = performance.now();
  if (process.platform === 'win32' && process.execPath.startsWith(nodeModules)) {
    throw new PrepareFailure(
      'The packages changed, and Windows cannot replace the Node that is running.\nRun "npm ci" yourself, then the same command again.',
    );
  }
  say('installing the packages that package-lock.json names; the first time takes a minute or two');
  mkdirSync(nodeModules, { recursive: true });
  rmSync(stampFile, { force: true });
  rmSync(hiddenLock, { force: true });
  // The build needs the development packages, whatever NODE_ENV or an omit setting says.
  const { command, prefix, shell } = npm();
  const args = [...prefix, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const { code, output } = await run(command, args, { progress: 'still installing', shell }).catch((error) => {
    if (error instanceof PrepareFailure) throw error;
    throw new PrepareFailure(`npm could not be started: ${error.message}\nnpm comes with Node; is it on the PATH?`);
  });
  if (code !== 0) {
    throw new PrepareFailure(
      `"npm ci" failed with exit code ${code} after ${seconds(startedAt)}. What npm said:\n\n${output}\n\n` +
        'Nothing was started. When the cause is gone (network, proxy, disk space), run the same command again.',
    );
  }
  writeFileSync(stampFile, stampOfNow());
  say(`installed in ${seconds(startedAt)}`);
}

// npm names its own program and Node in the environment. Its Node is not the one in node_modules, which it is about
// to replace.
function npm() {
  const { npm_execpath: program, npm_node_execpath: node } = process.env;
  if (program && /npm-cli\.c?js$/.test(program)) {
    return { command: node && existsSync(node) ? node : process.execPath, prefix: [program], shell: false };
  }
  return { command: 'npm', prefix: [], shell: process.platform === 'win32' };
}

// Both locks: a hand-made `npm install` or `npm prune` changes npm's own one and must be looked at anew.
function stampOfNow() {
  const hash = createHash('sha256').update(read(lockFile)).update(read(hiddenLock)).digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}

function holdsAll(wanted, installed) {
  return Object.entries(wanted).every(([folder, entry]) => {
    if (folder === '' || entry.link) return true;
    const found = installed[folder];
    if (!found) return isForAnother(entry);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

// npm leaves an optional package out where it does not fit this machine, and which C library that has is not known
// here: an absent one counts only where its system and processor are the ones at hand.
function isForAnother({ optional, devOptional, os, cpu, libc }) {
  if (!optional && !devOptional) return false;
  return libc !== undefined || !os?.includes(process.platform) || !(cpu?.includes(process.arch) ?? true);
}

function read(file) {
  return readFileSync(file, 'utf8');
}
