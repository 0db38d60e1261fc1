import { spawn } from 'node:child_process';
import process from 'node:process';
import { root } from './paths.mjs';

/** Something the user has to see and mend; shown without a stack. */
export class PrepareFailure extends Error {}

/** Writes a progress line. To stderr: the output of `npm run hub` may be piped. */
export function say(text) {
  process.stderr.write(text.replace(/^/gm, 'prepare: ') + '\n');
}

export const seconds = (startedAt) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

const running = new Set();
let interruptedBy;

/** True once a signal asked this process to end: no further step may start. */
export const isInterrupted = () => interruptedBy !== undefined;

/** The processes that are at work for this one now. */
export const childIds = () => [...running].map(({ pid }) => pid);

/**
 * Passes signals on and lets the child end first: a child that outlives its parent would still write into
 * node_modules or dist when the next prepare has taken the lock.
 */
export function passSignalsOn() {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.on(signal, () => {
      interruptedBy = signal;
      process.exitCode = code;
      for (const child of running) {
        child.kill(signal);
        // npm goes on to undo its work for most of a minute; the next prepare redoes a half install anyway.
        setTimeout(() => child.kill('SIGKILL'), 2_000).unref();
      }
    });
  }
}

/** Runs a command in the project's folder; resolves to its exit code and what it printed. */
export async function run(command, args, { progress, env = process.env, shell = false } = {}) {
  const startedAt = performance.now();
  if (isInterrupted()) throw new PrepareFailure('interrupted');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    const ticker = setInterval(() => progress && say(`${progress}, ${seconds(startedAt)}`), 10_000);
    const finish = (settle) => {
      clearInterval(ticker);
      running.delete(child);
      settle();
    };
    child.on('error', (error) => finish(() => reject(error)));
    child.on('close', (code) =>
      finish(() => {
        if (isInterrupted()) reject(new PrepareFailure('interrupted'));
        else resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8').trim() });
      }),
    );
  });
}
