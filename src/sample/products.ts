export interface SampleProduct {
  sku: string;
  name: string;
  description: string;
  unit?: string;
  weightGrams?: number;
  taxCategory: 'standard' | 'reduced';
  /** Net, in EUR. */
  price: string;
  /** Net, from a quantity on. */
  tier?: { from: string; price: string };
  /** Left out: not counted and not shipped. */
  stock?: { BOLOGNA: string; PADOVA: string };
  /** Also sold in the web shops of the sandboxes. */
  inShops?: boolean;
}

const bearing = (sku: string, size: string, price: string, from50: string, weightGrams: number): SampleProduct => ({
  sku,
  name: `Deep groove ball bearing ${size}`,
  description: `Single row, sealed on both sides, ${size}.`,
  weightGrams,
  taxCategory: 'standard',
  price,
  tier: { from: '50', price: from50 },
  stock: { BOLOGNA: '1800', PADOVA: '900' },
  inShops: true,
});

const stocked = (
  sku: string,
  name: string,
  description: string,
  price: string,
  weightGrams: number,
  more: Partial<SampleProduct> = {},
): SampleProduct => ({
  sku,
  name,
  description,
  price,
  weightGrams,
  taxCategory: 'standard',
  stock: { BOLOGNA: '600', PADOVA: '250' },
  ...more,
});

/** What the sample company sells: parts and supplies for workshops and plants. */
export const PRODUCTS: readonly SampleProduct[] = [
  bearing('BRG-6202', '6202-2RS, 15 × 35 × 11 mm', '4.20', '3.65', 45),
  bearing('BRG-6204', '6204-2RS, 20 × 47 × 14 mm', '5.40', '4.70', 106),
  bearing('BRG-6206', '6206-2RS, 30 × 62 × 16 mm', '8.90', '7.75', 199),
  stocked('BLT-A40', 'V-belt A40', 'Classical section, 13 × 1016 mm.', '6.80', 120, { inShops: true }),
  stocked('BLT-HTD8', 'Timing belt HTD 8M, 1200 mm', 'Width 30 mm, glass cord.', '27.50', 310),
  stocked('CHN-08B', 'Roller chain 08B-1, 5 m', 'Pitch 12.7 mm, with one connecting link.', '34.90', 3500),
  stocked('SCR-M8X30', 'Hex bolt M8 × 30, box of 100', 'Steel 8.8, zinc plated.', '14.60', 1900, {
    unit: 'box',
    tier: { from: '20', price: '12.90' },
    stock: { BOLOGNA: '1400', PADOVA: '700' },
    inShops: true,
  }),
  stocked('SCR-M10X40', 'Hex bolt M10 × 40, box of 50', 'Steel 8.8, zinc plated.', '16.20', 2100, {
    unit: 'box',
    tier: { from: '20', price: '14.30' },
  }),
  stocked('NUT-M8', 'Self-locking nut M8, box of 200', 'Steel class 8, nylon insert.', '9.80', 1100, { unit: 'box' }),
  stocked('OIL-ISO46', 'Hydraulic oil ISO VG 46, 20 l', 'HLP mineral oil in a can.', '78.00', 17600, { unit: 'can' }),
  stocked('GRS-EP2', 'Lithium grease EP 2, cartridge 400 g', 'For bearings under load.', '5.90', 430, {
    tier: { from: '24', price: '5.10' },
    inShops: true,
  }),
  stocked('CLN-5L', 'Citrus degreaser, 5 l', 'For machines and floors.', '22.40', 5200),
  stocked('MTR-075', 'Electric motor 0.75 kW, 4 poles', 'IE3, B3 foot mounting, 230/400 V.', '164.00', 9800, {
    stock: { BOLOGNA: '60', PADOVA: '25' },
  }),
  stocked('MTR-220', 'Electric motor 2.2 kW, 4 poles', 'IE3, B3 foot mounting, 230/400 V.', '312.00', 21500, {
    stock: { BOLOGNA: '35', PADOVA: '15' },
  }),
  stocked('VFD-220', 'Frequency inverter 2.2 kW', '400 V, with a keypad.', '289.00', 1700, {
    stock: { BOLOGNA: '40', PADOVA: '20' },
  }),
  stocked('SNS-IND12', 'Inductive sensor M12, PNP', 'Sensing distance 4 mm, 2 m cable.', '31.50', 90, {
    inShops: true,
  }),
  stocked('CBL-4G15', 'Control cable 4G1.5, 50 m', 'PVC, oil resistant.', '96.00', 7400, { unit: 'roll' }),
  stocked('VLV-SOL12', 'Solenoid valve 1/2", 24 V DC', 'Brass, normally closed.', '48.70', 520),
  stocked('HSE-PU8', 'Pneumatic hose PU 8 mm, 25 m', 'Blue, up to 10 bar.', '29.80', 900, { unit: 'roll' }),
  stocked('GLV-NIT9', 'Nitrile coated gloves, size 9, 12 pairs', 'EN 388, knitted.', '18.90', 480, {
    unit: 'pack',
    inShops: true,
  }),
  stocked('HLM-WHT', 'Safety helmet, white', 'EN 397, with a ratchet.', '16.50', 390, { inShops: true }),
  stocked('PLT-15', 'Wood pellets, 15 kg bag', 'For the heating of halls.', '5.80', 15000, {
    unit: 'bag',
    taxCategory: 'reduced',
    tier: { from: '70', price: '5.20' },
    stock: { BOLOGNA: '3000', PADOVA: '2200' },
  }),
  stocked('WTR-18', 'Drinking water, 18 l bottle', 'For water coolers.', '7.40', 18500, {
    unit: 'bottle',
    taxCategory: 'reduced',
    inShops: true,
  }),
  {
    sku: 'SRV-CAL',
    name: 'Calibration on site, hour',
    description: 'Sensors and torque tools, with a report.',
    unit: 'hour',
    taxCategory: 'standard',
    price: '85.00',
  },
];
