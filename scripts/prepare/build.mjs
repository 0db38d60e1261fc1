import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { PrepareFailure, run, say, seconds } from './child.mjs';
import { dist, nodeModules, root, sourceFolders, stateFolder } from './paths.mjs';

const stampFile = join(stateFolder, 'built.json');
const compilerMemory = join(stateFolder, 'build.tsbuildinfo');
const otherInputs = ['tsconfig.json', 'package.json', 'package-lock.json'];

/** Whether dist/ holds the result of exactly the sources that are there now. */
export function isBuilt() {
  if (!existsSync(stampFile)) return false;
  const stamp = JSON.parse(readFileSync(stampFile, 'utf8'));
  const sources = listSources();
  return stamp.inputs === hashOf(sources) && outputsOf(sources).every((output) => existsSync(join(dist, output)));
}

/** Compiles, copies what is not TypeScript, removes what no source stands for. Throws PrepareFailure. */
export async function build() {
  const startedAt = performance.now();
  say('building');
  forgetBuild();
  const sources = listSources();
  // Taken before compiling: an edit made meanwhile must count as not yet built.
  const inputs = hashOf(sources);
  await compile();
  for (const asset of sources.filter(isAsset)) copyAsset(asset);
  const outputs = outputsOf(sources);
  if (!outputs.every((output) => existsSync(join(dist, output)))) {
    // The compiler does not look whether what it wrote earlier is still there.
    rmSync(compilerMemory, { force: true });
    await compile();
  }
  removeStale(new Set(outputs));
  const draft = `${stampFile}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ inputs }));
  renameSync(draft, stampFile);
  say(`built in ${seconds(startedAt)}`);
}

/** Makes the next prepare build, whatever the sources say. */
export function forgetBuild() {
  rmSync(stampFile, { force: true });
}

/** Copies one file that is not TypeScript to its place beside the compiled modules. */
export function copyAsset(path) {
  mkdirSync(dirname(join(dist, path)), { recursive: true });
  copyFileSync(join(root, path), join(dist, path));
}

export function isAsset(path) {
  return !/\.([cm]?ts|md)$/.test(path);
}

async function compile() {
  const tsc = join(nodeModules, 'typescript', 'bin', 'tsc');
  const { code, output } = await run(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], { progress: 'building' });
  if (code === 0) return;
  // What follows the first errors mostly follows from them.
  const lines = output.split('\n');
  const more = lines.length > 50 ? `\n… and ${lines.length - 50} more lines` : '';
  throw new PrepareFailure(`the build failed:\n\n${lines.slice(0, 50).join('\n')}${more}\n`);
}

function listSources() {
  return sourceFolders.flatMap((folder) => listFiles(root, folder)).sort();
}

function hashOf(sources) {
  const hash = createHash('sha256');
  for (const path of [...sources, ...otherInputs]) {
    const content = existsSync(join(root, path)) ? readFileSync(join(root, path)) : Buffer.alloc(0);
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function outputsOf(sources) {
  return sources.flatMap((path) => {
    if (isAsset(path)) return [path];
    if (/\.md$|\.d\.[cm]?ts$/.test(path)) return [];
    const compiled = path.replace(/ts$/, 'js');
    return [compiled, `${compiled}.map`];
  });
}

function removeStale(outputs) {
  for (const folder of sourceFolders) {
    for (const path of listFiles(dist, folder)) {
      if (outputs.has(path)) continue;
      rmSync(join(dist, path), { force: true });
      removeEmptyFolders(dirname(path));
    }
  }
}

function removeEmptyFolders(folder) {
  for (let path = folder; path.includes('/'); path = dirname(path)) {
    if (readdirSync(join(dist, path)).length > 0) return;
    rmdirSync(join(dist, path));
  }
}

// Paths with forward slashes on every system. Hidden files are an editor's, not ours.
function listFiles(base, folder) {
  if (!existsSync(join(base, folder))) return [];
  return readdirSync(join(base, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    return entry.isDirectory() ? listFiles(base, path) : [path];
  });
}
