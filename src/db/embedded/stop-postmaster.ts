import { endsWithin, signalProcess, type ProcessIdentity } from './processes.js';

const FAST_STOP_MS = 8_000;
const IMMEDIATE_STOP_MS = 10_000;

/** Lets transactions end by abort and the server write a checkpoint; where that takes too long, stops it as a crash would. */
export async function stopPostmaster(target: ProcessIdentity): Promise<void> {
  await signalProcess(target, 'SIGINT');
  if (await endsWithin(target, FAST_STOP_MS)) return;
  await signalProcess(target, 'SIGQUIT');
  if (await endsWithin(target, IMMEDIATE_STOP_MS)) return;
  await signalProcess(target, 'SIGKILL');
  await endsWithin(target, IMMEDIATE_STOP_MS);
}
