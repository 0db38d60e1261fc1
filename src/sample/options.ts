const eur = (amount: string) => ({ amount, currency: 'EUR' });

/** What can be chosen of products of the company, once they are all there. */
export const CONFIGURABLE = [
  {
    sku: 'MTR-220',
    options: [
      {
        code: 'mounting',
        name: 'Mounting',
        choices: [
          { code: 'feet', name: 'B3 feet' },
          { code: 'flange', name: 'B5 flange', priceDelta: eur('28.00') },
        ],
      },
      {
        code: 'drive',
        name: 'Drive',
        choices: [
          { code: 'inverter', name: 'Frequency inverter, wired and set', sku: 'VFD-220', priceDelta: eur('310.00') },
          { code: 'star-delta', name: 'Star-delta starter', priceDelta: eur('74.00') },
        ],
      },
      {
        code: 'brake',
        name: 'Brake',
        choices: [
          {
            code: 'spring',
            name: 'Spring-applied brake',
            priceDelta: eur('118.00'),
            requires: ['drive:inverter'],
            excludes: ['mounting:feet'],
          },
        ],
      },
    ],
  },
];

/** A motor as it is asked for most. */
export const CONFIGURED_MOTOR = {
  sku: 'MTR-220',
  configuration: [
    { option: 'mounting', choice: 'flange' },
    { option: 'drive', choice: 'inverter' },
    { option: 'brake', choice: 'spring' },
  ],
};
