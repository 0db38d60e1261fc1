import type { ServiceKey } from '../../graph/context.js';
import { signerFor } from '../../shared/signer.js';

/** Makes links by which an address ends its letters; nobody can make one for another’s. They do not expire: letters are kept. */
export interface OptOutLinks {
  tokenOf(address: string): string;
  /** Null where the token is none of ours. */
  addressOf(token: string): string | null;
}
export const optOutLinks: ServiceKey<OptOutLinks> = { name: 'optOutLinks' };

export function signedOptOuts(secretKey: string): OptOutLinks {
  const signer = signerFor(secretKey, 'opting out');
  return {
    tokenOf: (address) => `${Buffer.from(address).toString('base64url')}.${signer.sign(address)}`,
    addressOf(token) {
      const [named, signed, ...more] = token.split('.');
      if (!named || !signed || more.length > 0 || token.length > 1_000) return null;
      const address = Buffer.from(named, 'base64url').toString();
      return signer.isSigned(address, signed) ? address : null;
    },
  };
}
