import type { ServiceKey } from '../../graph/context.js';

/** How orders are verified beside stock, price, tax and credit. */
export interface VerificationSettings {
  /** Whether what ships needs an address that can be delivered to. */
  checksAddresses: boolean;
  /** Two orders that look the same within it may be one; 0: nobody looks. */
  duplicateWindowMs: number;
  /** How far, as a fraction, unit prices that a channel states may be from the lists'; null: nobody looks. */
  priceTolerance: string | null;
}

export const verificationSettings: ServiceKey<VerificationSettings> = { name: 'verification' };

export const USUAL_VERIFICATION: VerificationSettings = {
  checksAddresses: true,
  duplicateWindowMs: 60 * 60 * 1000,
  priceTolerance: null,
};
