import { randomBytes, randomUUID } from 'node:crypto';

// Crockford's alphabet, as TypeID asks for: no i, l, o, u.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 26;
const ZEROS = '0'.repeat(LENGTH);
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, BigInt(value)]));
const MAX_ID = 2n ** 63n - 1n;

/** A database id as the graph shows it: a TypeID, its prefix naming the type. */
export function typeId(prefix: string, id: string): string {
  let rest = Number(id);
  if (!Number.isSafeInteger(rest)) return `${prefix}_${bigText(BigInt(id))}`;
  let text = '';
  while (rest > 0) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return `${prefix}_${ZEROS.slice(text.length)}${text}`;
}

function bigText(id: bigint): string {
  let text = '';
  for (let rest = id; rest > 0n; rest >>= 5n) text = ALPHABET[Number(rest & 31n)] + text;
  return text.padStart(LENGTH, '0');
}

/** Null where the text is no TypeID. */
export function parseTypeId(text: string): { prefix: string; id: string } | null {
  const match = /^([a-z]+)_([0-9a-hjkmnp-tv-z]{26})$/.exec(text);
  if (!match) return null;
  let id = 0n;
  for (const letter of match[2]!) id = id * 32n + VALUES.get(letter)!;
  return id > MAX_ID ? null : { prefix: match[1]!, id: id.toString() };
}

/** The database id behind a TypeID of that prefix; null for any other text. */
export function idOf(prefix: string, text: string): string | null {
  const parsed = parseTypeId(text);
  return parsed?.prefix === prefix ? parsed.id : null;
}

export function randomSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

export function randomId(): string {
  return randomUUID();
}

/** At least 0 and below 1; for pauses that are not to be the same everywhere. */
export function randomFraction(): number {
  return Math.random();
}
