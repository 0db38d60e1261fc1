import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import type { Binaries } from './binaries.js';
import type { Place } from './place.js';
import { identityOf, type ProcessIdentity } from './processes.js';
import { programEnvironment, spawnAs } from './programs.js';
import { settingArguments } from './settings.js';

/** Starts the server and returns its process, or undefined where it has ended already. */
export async function spawnPostmaster(
  place: Place,
  binaries: Binaries,
  port: number,
  settings: Record<string, string>,
  output: string,
): Promise<ProcessIdentity | undefined> {
  const file = await open(output, 'w', 0o600);
  try {
    const child = spawn(
      binaries.postgres,
      ['-D', place.clusterDir, '-p', String(port), ...settingArguments(settings)],
      {
        cwd: '/',
        env: programEnvironment,
        // A pipe would break when the hub is killed, and the server is to outlive that.
        stdio: ['ignore', file.fd, file.fd],
        // In a session of its own, or Ctrl-C would stop the server before the hub has drained.
        detached: true,
        ...spawnAs(place.account),
      },
    );
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return child.pid === undefined ? undefined : await identityOf(child.pid);
  } finally {
    await file.close();
  }
}
