// Digits as people and forms write them: in groups with a blank, a dot or a dash between.
const WRITTEN = /\d+(?:[\s.–-]{1,2}\d+)*/gu;
const SHORTEST = 12;
const LONGEST = 19;

interface Group {
  digits: string;
  from: number;
  to: number;
}

/** The text with all but the last four digits of what may be a card number (ISO/IEC 7812-1) taken out. */
export function maskCardNumbers(text: string): string {
  return text.replace(WRITTEN, maskGroups);
}

/** Any run of whole groups may be the number: what stands before or behind it is another. */
function maskGroups(written: string): string {
  const groups = [...written.matchAll(/\d+/g)].map((match): Group => {
    const [digits] = match;
    return { digits, from: match.index, to: match.index + digits.length };
  });
  for (const [first, { from }] of groups.entries()) {
    const number = longestNumber(groups.slice(first));
    if (number)
      return `${written.slice(0, from)}•••• ${number.digits.slice(-4)}${maskGroups(written.slice(number.to))}`;
  }
  return written;
}

/** The longest that the first groups make: a part of a number may look like one too. */
function longestNumber(groups: Group[]): Group | undefined {
  let longest: Group | undefined;
  let digits = '';
  for (const group of groups) {
    digits += group.digits;
    if (digits.length > LONGEST) break;
    if (mayBeCardNumber(digits)) longest = { digits, from: groups[0]!.from, to: group.to };
  }
  return longest;
}

function mayBeCardNumber(digits: string): boolean {
  return digits.length >= SHORTEST && hasCheckDigit(digits);
}

/** Luhn's check. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  [...digits].reverse().forEach((digit, place) => {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}
