import type { Role } from '../../graph/access.js';

/** A kind of record that has a history: how events name it, what the graph calls it, and who reads its history. */
export interface HistorySubject {
  /** `subjectKind` of its events. */
  kind: string;
  /** The graph's type, e.g. "Order"; also of records that have none there. */
  type: string;
  /** Of its ids; null where the graph has no such record. */
  prefix: string | null;
  roles: readonly Role[];
}

const byKind = new Map<string, HistorySubject>();

/** Makes the history of a kind of record readable; an event of a kind that nobody declared is shown to nobody. */
export function declareSubject(subject: HistorySubject): HistorySubject {
  byKind.set(subject.kind, subject);
  return subject;
}

export function subjectOf(kind: string): HistorySubject | undefined {
  return byKind.get(kind);
}

export function allSubjects(): HistorySubject[] {
  return [...byKind.values()].toSorted((a, b) => a.type.localeCompare(b.type));
}
