import { setTimeout as wait } from 'node:timers/promises';
import { LoadConnection } from '../load/connection.js';

/** Sends at a steady rate, whatever the answers take; milliseconds from when each was due to its answer. */
export async function answerTimes(
  port: number,
  requests: readonly Buffer[],
  { rate, seconds }: { rate: number; seconds: number },
): Promise<number[]> {
  const idle: LoadConnection[] = [];
  const times: number[] = [];
  const underway: Promise<void>[] = [];
  const send = async (request: Buffer, dueAt: number): Promise<void> => {
    const line = idle.pop() ?? (await LoadConnection.open(port));
    await line.send(request);
    times.push(performance.now() - dueAt);
    idle.push(line);
  };
  const startedAt = performance.now();
  for (const [index, request] of requests.slice(0, rate * seconds).entries()) {
    const dueAt = startedAt + (index * 1_000) / rate;
    const pause = dueAt - performance.now();
    if (pause > 0) await wait(pause);
    underway.push(send(request, dueAt));
  }
  await Promise.all(underway);
  for (const line of idle) line.close();
  return times;
}
