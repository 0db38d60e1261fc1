import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Signs texts that leave the hub, so that it knows them again. */
export interface Signer {
  sign(text: string): string;
  /** Compared as text, and in the same time whatever is wrong with it. */
  isSigned(text: string, signature: string): boolean;
}

/**
 * A key of its own for each purpose: what is signed for one can never pass for something else that the secret key signs.
 * `bytes` is how long a signature is, for addresses that people read.
 */
export function signerFor(secretKey: string, purpose: string, bytes = 32): Signer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, 'commerce-hub', purpose, 32));
  const sign = (text: string) =>
    createHmac('sha256', key).update(text).digest().subarray(0, bytes).toString('base64url');
  return {
    sign,
    isSigned(text, signature) {
      const [right, given] = [Buffer.from(sign(text)), Buffer.from(signature)];
      return right.length === given.length && timingSafeEqual(right, given);
    },
  };
}
