import { spawn } from 'node:child_process';
import type { Account } from './account.js';

/**
 * English messages, which start failures are told apart by, and none of the caller's PG* variables, which the
 * binaries would obey.
 */
export const programEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export interface Outcome {
  code: number | null;
  output: string;
}

/** Runs one of the PostgreSQL programs to its end. Rejects only where it could not be started at all. */
export function runProgram(
  file: string,
  args: string[],
  options: { account?: Account; input?: string } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // The hub's own working directory may be closed to the account.
    // In a session of its own, or Ctrl-C would end it before the hub has decided what to do.
    const own = { detached: true, ...spawnAs(options.account) };
    const child = spawn(file, args, { cwd: '/', env: programEnvironment, ...own });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: output.trim() }));
    // A program that ends before it has read its input is told by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

export function spawnAs(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}
