import process from 'node:process';

/** What a child of a measurement was started with. */
export function givenOptions<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T;
}

/**
 * The child's side: says that it is ready, answers every question, and ends with its parent. `ask: "cpu"` is answered
 * here with the CPU time used so far.
 */
export async function serveParent<Question extends object>(
  start: () => Promise<{
    ready: object;
    answer?(question: Question): Promise<object> | object;
    stop(): Promise<void> | void;
  }>,
): Promise<void> {
  try {
    const { ready, answer, stop } = await start();
    process.on('disconnect', () => {
      void Promise.resolve(stop()).finally(() => process.exit(0));
    });
    process.on('message', (question: Question & { ask?: string }) => {
      const work = question.ask === 'cpu' ? Promise.resolve(cpu()) : Promise.resolve(answer?.(question) ?? {});
      work.then(
        (result) => process.send?.(result),
        (error: unknown) => process.send?.({ fault: faultOf(error) }),
      );
    });
    process.send?.(ready);
  } catch (error) {
    process.send?.({ fault: faultOf(error) }, undefined, {}, () => process.exit(1));
  }
}

function cpu(): { cpu: number } {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system };
}

function faultOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
