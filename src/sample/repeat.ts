import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../shared/log.js';

/** Works again and again with a pause between; what fails is logged and tried again. The function returned ends it. */
export function repeat(everyMs: number, log: Log, work: () => Promise<void>): () => Promise<void> {
  const stopped = new AbortController();
  const run = (async () => {
    while (!stopped.signal.aborted) {
      await wait(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      await work().catch((error: unknown) =>
        log.warn({ err: error }, 'the sample company could not go on; it tries again'),
      );
    }
  })();
  return async () => {
    stopped.abort();
    await run;
  };
}
