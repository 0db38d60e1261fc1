import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ServiceKey } from '../../graph/context.js';

/** Makes links by which an address ends its letters; nobody can make one for another’s. They do not expire: letters are kept. */
export interface OptOutLinks {
  tokenOf(address: string): string;
  /** Null where the token is none of ours. */
  addressOf(token: string): string | null;
}
export const optOutLinks: ServiceKey<OptOutLinks> = { name: 'optOutLinks' };

export function signedOptOuts(secretKey: string): OptOutLinks {
  const key = createHmac('sha256', secretKey).update('notifications: opting out').digest();
  const signature = (address: string) => createHmac('sha256', key).update(address).digest();
  return {
    tokenOf: (address) => `${Buffer.from(address).toString('base64url')}.${signature(address).toString('base64url')}`,
    addressOf(token) {
      const [named, signed, ...more] = token.split('.');
      if (!named || !signed || more.length > 0 || token.length > 1_000) return null;
      const address = Buffer.from(named, 'base64url').toString();
      const [given, right] = [Buffer.from(signed, 'base64url'), signature(address)];
      return given.length === right.length && timingSafeEqual(given, right) ? address : null;
    },
  };
}
