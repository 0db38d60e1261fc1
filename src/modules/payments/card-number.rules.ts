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
  for (let first = 0; first < groups.length; first += 1) {
    let digits = '';
    for (let last = first; last < groups.length && digits.length < LONGEST; last += 1) {
      digits += groups[last]!.digits;
      if (!mayBeCardNumber(digits)) continue;
      const rest = written.slice(groups[last]!.to);
      return `${written.slice(0, groups[first]!.from)}•••• ${digits.slice(-4)}${maskGroups(rest)}`;
    }
  }
  return written;
}

function mayBeCardNumber(digits: string): boolean {
  return digits.length >= SHORTEST && digits.length <= LONGEST && hasCheckDigit(digits);
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
