import { exact } from '../../shared/decimal.js';
import { integer, onOff, text } from '../../shared/setting-parsers.js';
import { defineSettings, unusual } from '../../shared/settings.js';

/** How orders are verified beside stock, price, tax and credit. */
export interface VerificationSettings {
  /** Whether what ships needs an address that can be delivered to. */
  checksAddresses: boolean;
  /** Two orders that look the same within it may be one; 0: nobody looks. */
  duplicateWindowMs: number;
  /** How far, as a fraction, unit prices that a channel states may be from the lists'; null: nobody looks. */
  priceTolerance: string | null;
}

export const verificationSettings = defineSettings(
  'verification',
  {
    HUB_VERIFY_ADDRESSES: {
      about: 'Whether an order whose goods ship is confirmed only with an address that they can be delivered to.',
      fallback: 'on',
      expected: 'on or off',
      parse: onOff,
    },
    HUB_DUPLICATE_MINUTES: {
      about: 'Orders of one customer with the same lines and total within this time may be one; 0: nobody looks.',
      fallback: '60',
      expected: 'whole minutes, up to 43200',
      parse: integer(0, 43_200),
    },
    HUB_PRICE_TOLERANCE: {
      about: 'How many percent the prices that a channel states may be from the lists’; an order beyond is held.',
      fallback: null,
      shown: 'nobody looks',
      expected: 'a percentage such as 5 or 2.5',
      parse: text(/^\d{1,3}(\.\d{1,2})?$/),
    },
  },
  {
    read: ({ HUB_PRICE_TOLERANCE: percent, ...values }): VerificationSettings => ({
      checksAddresses: values.HUB_VERIFY_ADDRESSES,
      duplicateWindowMs: values.HUB_DUPLICATE_MINUTES * 60_000,
      priceTolerance: percent ? exact(percent).dividedBy(100).toFixed() : null,
    }),
    audit: ({ checksAddresses, duplicateWindowMs, priceTolerance }, usual) => ({
      open: {
        'verification.addresses': unusual(checksAddresses, usual.checksAddresses, 'off'),
        'verification.duplicateWindowMs': unusual(duplicateWindowMs, usual.duplicateWindowMs),
        'verification.priceTolerance': priceTolerance,
      },
    }),
  },
);
