import type { StreamedEvent } from './streamed-event.js';

/** Which events a reader wants; what is left out does not narrow. */
export interface EventFilter {
  subjectKind?: string;
  subjectId?: string;
  customerId?: string;
}

export function passes(filter: EventFilter, event: StreamedEvent): boolean {
  return (
    (filter.subjectKind === undefined || filter.subjectKind === event.subjectKind) &&
    (filter.subjectId === undefined || filter.subjectId === event.subjectId) &&
    (filter.customerId === undefined || filter.customerId === event.customerId)
  );
}
