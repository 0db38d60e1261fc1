/** A number is the sequence, with at least so many digits, between these two; `{year}` in them is the year's. */
export interface NumberFormat {
  before: string;
  digits: number;
  behind: string;
}

const PATTERN = /^([^{}]|\{year\})*\{number:([1-9]|1\d)\}([^{}]|\{year\})*$/;

/** Reads "{year}/{number:6}"; null where it is none, or says no year: numbers begin again with each. */
export function numberFormat(text: string): NumberFormat | null {
  if (text.length > 60 || !PATTERN.test(text) || !text.includes('{year}')) return null;
  const [, before, digits, behind] = /^(.*)\{number:(\d+)\}(.*)$/.exec(text)!;
  return { before: before!, digits: Number(digits), behind: behind! };
}

/** The text around the sequence in a year. */
export function around({ before, behind }: NumberFormat, year: number): { before: string; behind: string } {
  const inYear = (text: string) => text.replaceAll('{year}', String(year));
  return { before: inYear(before), behind: inYear(behind) };
}
