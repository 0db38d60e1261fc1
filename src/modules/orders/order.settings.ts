import { isCurrency } from '../../shared/money.js';
import { integer, oneOf, text } from '../../shared/setting-parsers.js';
import { defineSettings, unusual } from '../../shared/settings.js';
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
const TAX_ROUNDINGS = ['LINE', 'ORDER'] as const;

export const sellerSettings = defineSettings(
  'seller',
  {
    HUB_SELLER_COUNTRY: {
      about: 'The seller’s country: decides tax where no address says one.',
      fallback: 'IT',
      expected: 'an ISO 3166-1 alpha-2 code',
      parse: text(/^[A-Z]{2}$/),
    },
    HUB_SELLER_CURRENCY: {
      about: 'The seller’s currency.',
      fallback: 'EUR',
      expected: 'an ISO 4217 code',
      parse: (value: string) => (isCurrency(value) ? value : undefined),
    },
    HUB_TAX_ROUNDING: {
      about: 'How taxes of new orders are rounded: each line’s, or each tax once over the whole order.',
      fallback: 'LINE',
      expected: TAX_ROUNDINGS.join(' or '),
      parse: oneOf(TAX_ROUNDINGS),
    },
    HUB_RETURN_DAYS: {
      about: 'How many days after its delivery an order may be returned: until then it is not completed.',
      fallback: '14',
      expected: 'whole days, up to 365',
      parse: integer(0, 365),
    },
  },
  {
    read: (values): SellerSettings => ({
      country: values.HUB_SELLER_COUNTRY,
      currency: values.HUB_SELLER_CURRENCY,
      taxRounding: values.HUB_TAX_ROUNDING,
      returnWindowDays: values.HUB_RETURN_DAYS,
    }),
    audit: ({ country, currency, taxRounding, returnWindowDays }, usual) => ({
      open: {
        'seller.country': country,
        'seller.currency': currency,
        'seller.taxRounding': unusual(taxRounding, usual.taxRounding),
        'seller.returnWindowDays': unusual(returnWindowDays, usual.returnWindowDays),
      },
    }),
  },
);
