import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { type: 'major' | 'minor'; execution: 'sync' }) => void;

/** How much an export may leave behind before it is swept up. */
const MOST_LEFT_BYTES = 24 * 1_048_576;

let collect: Collect | undefined;

/**
 * Rows of an export die young, but V8 lets the dead lie until hundreds of megabytes are there: with room to spare it prefers
 * memory to work. An export sweeps up behind itself; call this between its parts.
 */
export class HeapKeeper {
  #floor = used();

  sweep(): void {
    if (used() - this.#floor < MOST_LEFT_BYTES) return;
    collector()({ type: 'major', execution: 'sync' });
    // What others have come to need meanwhile is theirs to keep.
    this.#floor = used();
  }
}

function used(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

function collector(): Collect {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
  }
  return collect;
}
