// The hub, compiled and started anew at each change.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { copyAsset, forgetBuild, isAsset } from './prepare/build.mjs';
import { nodeModules, root, sourceFolders } from './prepare/paths.mjs';

// From here on dist/ follows the edits, and no longer the state that the last stamp was made for.
forgetBuild();
const children = [
  start([join(nodeModules, 'typescript', 'bin', 'tsc'), '-p', '.', '--watch', '--preserveWatchOutput']),
  start(['--watch', '--watch-preserve-output', '--enable-source-maps', 'dist/src/main.js', ...process.argv.slice(2)]),
];
for (const folder of sourceFolders) watchAssets(folder);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop());

function start(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  child.on('exit', () => stop());
  return child;
}

function stop() {
  for (const child of children) child.kill('SIGTERM');
}

function watchAssets(folder) {
  try {
    watch(join(root, folder), { recursive: true }, (_, name) => {
      if (!name || name.split(/[/\\]/).some((part) => part.startsWith('.')) || !isAsset(name)) return;
      try {
        copyAsset(join(folder, name));
      } catch {
        // A folder, or a file that is gone again.
      }
    });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}
