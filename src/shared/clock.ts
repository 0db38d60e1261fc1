/** Where the hub reads the time, so that a test or the sample company can set it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/**
 * By how much clocks may differ, and whole seconds from their parts. What left so shortly before a count is taken off the
 * shelf: what is there less is not sold twice.
 */
export const CLOCKS_DIFFER_MS = 300_000;

/** PostgreSQL's text of a timestamptz in a UTC session, as RFC 3339 with milliseconds. */
export function instantText(pgText: string): string {
  const fraction = pgText[19] === '.' ? /^\d+/.exec(pgText.slice(20, 23))![0].padEnd(3, '0') : '000';
  return `${pgText.slice(0, 10)}T${pgText.slice(11, 19)}.${fraction}Z`;
}

export function parseInstant(text: string): Date {
  return new Date(text);
}

/** The calendar day of an instant in a zone, as in "2026-03-02". */
export function dayOf(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}
