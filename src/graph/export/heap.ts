import { setFlagsFromString } from 'node:v8';

let running = 0;

/**
 * Rows of an export die young, but V8 lets the dead lie until hundreds of megabytes are there: with room to spare it prefers
 * memory to work. While exports run it collects more often; what it does for others in between stays the same.
 */
export function keepHeapSmall(): () => void {
  running += 1;
  if (running === 1) setFlagsFromString('--heap-growing-percent=10');
  return () => {
    running -= 1;
    if (running === 0) setFlagsFromString('--heap-growing-percent=0');
  };
}
