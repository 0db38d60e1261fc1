import type { ServiceKey } from '../../graph/context.js';

/** Who sells: decides tax where no address says a country. */
export interface SellerSettings {
  country: string;
  currency: string;
}
export const sellerSettings: ServiceKey<SellerSettings> = { name: 'seller' };
