import type { ServiceKey } from '../graph/context.js';

/** Who stands on documents as the seller. */
export interface Seller {
  name: string;
  address: readonly string[];
  taxId: string;
  /** How to pay, in words; null: nothing is said. */
  payment: string | null;
}
export interface Issuer {
  /** Null: not said. What must name the seller cannot be issued then. */
  seller: Seller | null;
  /** Days on documents are those of this zone. */
  timeZone: string;
}
export const documentIssuer: ServiceKey<Issuer> = { name: 'document-issuer' };
