/** Sets of what stands in `products.ts`; one without a price costs what its parts do. */
export interface SampleBundle {
  sku: string;
  name: string;
  description: string;
  price?: string;
  components: readonly { sku: string; quantity: string; isOptional?: boolean }[];
}

export const BUNDLES: readonly SampleBundle[] = [
  {
    sku: 'KIT-BRG',
    name: 'Bearing service kit 6204',
    description: 'Two bearings with grease, gloves on request.',
    price: '15.90',
    components: [
      { sku: 'BRG-6204', quantity: '2' },
      { sku: 'GRS-EP2', quantity: '1' },
      { sku: 'GLV-NIT9', quantity: '1', isOptional: true },
    ],
  },
  {
    sku: 'KIT-DRV',
    name: 'Drive set 2.2 kW',
    description: 'Motor and inverter matched to each other; a roll of cable on request.',
    price: '579.00',
    components: [
      { sku: 'MTR-220', quantity: '1' },
      { sku: 'VFD-220', quantity: '1' },
      { sku: 'CBL-4G15', quantity: '1', isOptional: true },
    ],
  },
  {
    sku: 'KIT-FIX',
    name: 'Fastener set M8',
    description: 'Bolts and the nuts for them.',
    components: [
      { sku: 'SCR-M8X30', quantity: '2' },
      { sku: 'NUT-M8', quantity: '1' },
    ],
  },
  {
    sku: 'KIT-PNE',
    name: 'Pneumatic starter set',
    description: 'Hose and two valves.',
    price: '119.00',
    components: [
      { sku: 'HSE-PU8', quantity: '1' },
      { sku: 'VLV-SOL12', quantity: '2' },
    ],
  },
  {
    sku: 'KIT-SAF',
    name: 'Safety set',
    description: 'Helmet and gloves.',
    components: [
      { sku: 'HLM-WHT', quantity: '1' },
      { sku: 'GLV-NIT9', quantity: '1' },
    ],
  },
  {
    sku: 'KIT-LUB',
    name: 'Lubrication set',
    description: 'Oil, six cartridges of grease, degreaser on request.',
    price: '109.00',
    components: [
      { sku: 'OIL-ISO46', quantity: '1' },
      { sku: 'GRS-EP2', quantity: '6' },
      { sku: 'CLN-5L', quantity: '1', isOptional: true },
    ],
  },
];
