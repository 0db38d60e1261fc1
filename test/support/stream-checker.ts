import type { StreamedEvent } from '../../src/events/streamed-event.js';

export type SeenEvent = Pick<StreamedEvent, 'position' | 'id' | 'subjectKind' | 'subjectId' | 'sequence'>;

/**
 * What is wrong with a stream that should hold every committed event once: positions without a gap, and each
 * subject's sequence rising 1, 2, 3 …. Empty where nothing is.
 */
export function faultsOf(seen: readonly SeenEvent[], committedIds: readonly string[]): string[] {
  const faults: string[] = [];
  const sequences = new Map<string, number>();
  const ids = new Set<string>();
  seen.forEach((event, index) => {
    const subject = `${event.subjectKind} ${event.subjectId}`;
    const expected = (sequences.get(subject) ?? 0) + 1;
    if (event.position !== index + 1) faults.push(`position ${event.position} where ${index + 1} was due`);
    if (event.sequence !== expected) faults.push(`${subject}: sequence ${event.sequence} where ${expected} was due`);
    if (ids.has(event.id)) faults.push(`event ${event.id} came twice`);
    sequences.set(subject, event.sequence);
    ids.add(event.id);
  });
  const committed = new Set(committedIds);
  for (const id of committed) if (!ids.has(id)) faults.push(`event ${id} never came`);
  for (const id of ids) if (!committed.has(id)) faults.push(`event ${id} was never committed`);
  return faults;
}
