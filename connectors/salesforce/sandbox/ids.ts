import { createHash } from 'node:crypto';
import { SCHEMA, type Type } from './schema.js';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const OWN_LENGTH = 12;

export function idOfNumber(type: Type, number: bigint): string {
  let [rest, figures] = [number, ''];
  for (let at = 0; at < OWN_LENGTH; at += 1) {
    figures = LETTERS[Number(rest % 62n)]! + figures;
    rest /= 62n;
  }
  return withChecks(SCHEMA[type].prefix + figures);
}

/** The id of what the hub makes: the same for the same, in whatever order things come. */
export function idOfValue(type: Type, value: string): string {
  const number = createHash('sha256').update(`${type} ${value.toLowerCase()}`).digest().readBigUInt64BE();
  return idOfNumber(type, 62n ** 11n + (number % 62n ** 10n));
}

/** Ids of 15 characters are taken as well. */
export function withChecks(id: string): string {
  const checks = [0, 5, 10].map((at) => {
    const bits = [...id.slice(at, at + 5)].map((letter, index) => (letter >= 'A' && letter <= 'Z' ? 1 << index : 0));
    return CHECKS[bits.reduce((sum, bit) => sum + bit, 0)]!;
  });
  return id.slice(0, 15) + checks.join('');
}
