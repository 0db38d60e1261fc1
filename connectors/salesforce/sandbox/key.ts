import { checkPrimeSync, createHash, createPrivateKey, type KeyObject } from 'node:crypto';

const PRIME_BYTES = 128;
const EXPONENT = 65_537n;
const known = new Map<string, KeyObject>();

/** A key pair that is the same for the same secret, in whatever process: nobody has to keep it. For trials only. */
export function keyFrom(secret: string): KeyObject {
  const key = known.get(secret) ?? makeKey(secret);
  known.set(secret, key);
  return key;
}

function makeKey(secret: string): KeyObject {
  const [p, q] = [primeFrom(`${secret} p`), primeFrom(`${secret} q`)];
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const parts = Object.entries(numbers).map(([name, value]) => [name, base64url(value)]);
  return createPrivateKey({ key: { kty: 'RSA', ...(Object.fromEntries(parts) as object) }, format: 'jwk' });
}

function primeFrom(seed: string): bigint {
  const blocks = Array.from({ length: PRIME_BYTES / 64 }, (_, n) =>
    createHash('sha512').update(`${seed} ${n}`).digest(),
  );
  const bytes = Buffer.concat(blocks);
  // The two highest bits, so that two of them make all of 2048; the lowest, since no prime is even.
  bytes[0]! |= 0xc0;
  let candidate = BigInt(`0x${bytes.toString('hex')}`) | 1n;
  while (!((candidate - 1n) % EXPONENT !== 0n && checkPrimeSync(candidate, { checks: 20 }))) candidate += 2n;
  return candidate;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) {
    const times = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - times * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
