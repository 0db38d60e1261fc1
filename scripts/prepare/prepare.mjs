import process from 'node:process';
import { build, isBuilt } from './build.mjs';
import { PrepareFailure, say } from './child.mjs';
import { install, isInstalled } from './install.mjs';
import { withLock } from './lock.mjs';

/** Installs and builds where needed; safe to call from several processes at once. Resolves to an exit code. */
export async function prepare({ installOnly = false } = {}) {
  const isReady = () => isInstalled() && (installOnly || isBuilt());
  // The common case takes no lock: a stamp is only ever present when its step was finished.
  if (isReady()) return 0;
  try {
    await withLock(async () => {
      if (!isInstalled()) await install();
      if (!installOnly && !isBuilt()) await build();
    });
    return 0;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) {
      say(`cannot write ${error.path}: ${error.message}\nDoes the folder belong to another user, or is the disk full?`);
    } else if (error instanceof PrepareFailure) {
      say(error.message);
    } else {
      throw error;
    }
    return process.exitCode || 1;
  }
}
