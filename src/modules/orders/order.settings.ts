import type { ServiceKey } from '../../graph/context.js';
import type { TaxRounding } from '../tax/index.js';

/** Who sells: decides tax where no address says a country. */
export interface SellerSettings {
  country: string;
  currency: string;
  /** Of orders and quotes from now on; an order keeps the one that it was placed with. */
  taxRounding: TaxRounding;
  /** For how long after its delivery an order may be returned: until then it is not completed. */
  returnWindowDays: number;
}
export const sellerSettings: ServiceKey<SellerSettings> = { name: 'seller' };
