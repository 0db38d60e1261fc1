import { exact } from '../shared/decimal.js';
import type { SampleProduct } from './products.js';

interface Family {
  sku: string;
  name: string;
  description: string;
  /** What tells the members apart, as it stands in the SKU and in the name. */
  members: readonly [sku: string, name: string][];
  /** Of the first member; each next one costs so much more. */
  price: string;
  step: string;
  weightGrams: number;
  unit?: string;
  stock: number;
}

const sizes = (...names: string[]): [string, string][] =>
  names.map((name) => [name.replaceAll(/[^A-Z0-9]/gi, ''), name]);
const grid = (first: readonly string[], second: readonly string[], by: string): [string, string][] =>
  first.flatMap((one) => second.map((other): [string, string] => [`${one}X${other}`, `${one}${by}${other}`]));

/** What a supplier of workshops and plants has on its shelves beside the best-known items. */
const FAMILIES: readonly Family[] = [
  {
    sku: 'BRG',
    name: 'Deep groove ball bearing',
    description: 'Single row, sealed on both sides.',
    members: sizes(
      '6000',
      '6001',
      '6003',
      '6005',
      '6008',
      '6010',
      '6205',
      '6207',
      '6208',
      '6210',
      '6304',
      '6306',
      '6308',
      '6310',
      '6312',
    ),
    price: '3.90',
    step: '1.35',
    weightGrams: 180,
    stock: 900,
  },
  {
    sku: 'SCR',
    name: 'Hex bolt, box of 100',
    description: 'Steel 8.8, zinc plated.',
    members: grid(['M6', 'M12', 'M16'], ['20', '25', '35', '50', '60', '80'], ' × '),
    price: '11.20',
    step: '1.10',
    weightGrams: 2400,
    unit: 'box',
    stock: 700,
  },
  {
    sku: 'NUT',
    name: 'Self-locking nut, box of 200',
    description: 'Steel class 8, nylon insert.',
    members: sizes('M5', 'M6', 'M10', 'M12', 'M16'),
    price: '7.40',
    step: '2.15',
    weightGrams: 1300,
    unit: 'box',
    stock: 800,
  },
  {
    sku: 'WSH',
    name: 'Flat washer, box of 500',
    description: 'Steel, zinc plated, DIN 125.',
    members: sizes('M5', 'M6', 'M8', 'M10', 'M12', 'M16'),
    price: '5.20',
    step: '0.95',
    weightGrams: 900,
    unit: 'box',
    stock: 900,
  },
  {
    sku: 'BLT',
    name: 'V-belt',
    description: 'Classical section.',
    members: sizes('A32', 'A36', 'A45', 'A50', 'B42', 'B51', 'B60', 'B75', 'C81', 'C96'),
    price: '5.90',
    step: '1.45',
    weightGrams: 190,
    stock: 500,
  },
  {
    sku: 'CHN',
    name: 'Roller chain, 5 m',
    description: 'With one connecting link.',
    members: sizes('06B-1', '10B-1', '12B-1', '16B-1'),
    price: '26.40',
    step: '17.80',
    weightGrams: 5200,
    stock: 200,
  },
  {
    sku: 'MTR',
    name: 'Electric motor',
    description: 'IE3, 4 poles, B3 foot mounting, 230/400 V.',
    members: [
      ['037', '0.37 kW'],
      ['055', '0.55 kW'],
      ['110', '1.1 kW'],
      ['150', '1.5 kW'],
      ['300', '3 kW'],
      ['400', '4 kW'],
    ],
    price: '118.00',
    step: '64.00',
    weightGrams: 14000,
    stock: 60,
  },
  {
    sku: 'VFD',
    name: 'Frequency inverter',
    description: '400 V, with a keypad.',
    members: [
      ['037', '0.37 kW'],
      ['075', '0.75 kW'],
      ['150', '1.5 kW'],
      ['400', '4 kW'],
    ],
    price: '154.00',
    step: '58.00',
    weightGrams: 1500,
    stock: 70,
  },
  {
    sku: 'SNS',
    name: 'Sensor',
    description: 'PNP, 2 m cable.',
    members: [
      ['IND08', 'inductive M8'],
      ['IND18', 'inductive M18'],
      ['IND30', 'inductive M30'],
      ['CAP18', 'capacitive M18'],
      ['OPT18', 'photoelectric M18'],
      ['USN30', 'ultrasonic M30'],
    ],
    price: '27.90',
    step: '14.60',
    weightGrams: 110,
    stock: 300,
  },
  {
    sku: 'CBL',
    name: 'Control cable, 50 m',
    description: 'PVC, oil resistant.',
    members: grid(['3G', '5G', '7G', '12G'], ['0.75', '1', '2.5'], ''),
    price: '48.00',
    step: '13.50',
    weightGrams: 6800,
    unit: 'roll',
    stock: 150,
  },
  {
    sku: 'VLV',
    name: 'Solenoid valve, 24 V DC',
    description: 'Brass, normally closed.',
    members: sizes('1/8', '1/4', '3/8', '3/4', '1/1'),
    price: '31.20',
    step: '9.70',
    weightGrams: 480,
    stock: 220,
  },
  {
    sku: 'HSE',
    name: 'Pneumatic hose PU, 25 m',
    description: 'Blue, up to 10 bar.',
    members: sizes('4 mm', '6 mm', '10 mm', '12 mm'),
    price: '17.60',
    step: '7.90',
    weightGrams: 1000,
    unit: 'roll',
    stock: 260,
  },
  {
    sku: 'FIT',
    name: 'Push-in fitting, pack of 10',
    description: 'Nickel-plated brass.',
    members: grid(['4', '6', '8', '10'], ['1/8', '1/4', '3/8'], ' mm – ').map(([sku, name]) => [
      sku.replace('/', ''),
      name,
    ]),
    price: '8.40',
    step: '0.85',
    weightGrams: 160,
    unit: 'pack',
    stock: 600,
  },
  {
    sku: 'CYL',
    name: 'Pneumatic cylinder',
    description: 'ISO 15552, double acting, cushioned.',
    members: grid(['32', '40', '50', '63'], ['50', '100', '160', '250'], ' × '),
    price: '42.30',
    step: '6.40',
    weightGrams: 1400,
    stock: 120,
  },
  {
    sku: 'ORG',
    name: 'O-ring NBR 70, bag of 50',
    description: 'For oil and air, −30 to 100 °C.',
    members: grid(['10', '16', '20', '25', '32', '40'], ['2', '3'], ' × '),
    price: '3.60',
    step: '0.55',
    weightGrams: 60,
    unit: 'bag',
    stock: 1200,
  },
  {
    sku: 'GLV',
    name: 'Nitrile coated gloves, 12 pairs',
    description: 'EN 388, knitted.',
    members: sizes('7', '8', '10', '11'),
    price: '18.90',
    step: '0.20',
    weightGrams: 480,
    unit: 'pack',
    stock: 500,
  },
  {
    sku: 'SHO',
    name: 'Safety shoe S3, pair',
    description: 'Composite cap, metal free.',
    members: sizes('38', '39', '40', '41', '42', '43', '44', '45', '46', '47'),
    price: '64.00',
    step: '0.00',
    weightGrams: 1250,
    unit: 'pair',
    stock: 90,
  },
  {
    sku: 'OIL',
    name: 'Lubricating oil, 20 l',
    description: 'Mineral, in a can.',
    members: sizes('ISO22', 'ISO32', 'ISO68', 'ISO100', 'ISO150', 'ISO220'),
    price: '69.50',
    step: '4.80',
    weightGrams: 17800,
    unit: 'can',
    stock: 160,
  },
  {
    sku: 'BIT',
    name: 'HSS-Co twist drill, pack of 10',
    description: 'Cobalt, 135° point.',
    members: sizes('2 mm', '2.5 mm', '3 mm', '4 mm', '5 mm', '6 mm', '8 mm', '10 mm', '12 mm'),
    price: '9.90',
    step: '3.70',
    weightGrams: 140,
    unit: 'pack',
    stock: 400,
  },
  {
    sku: 'FLT',
    name: 'Hydraulic filter element',
    description: 'Glass fibre, 10 µm.',
    members: sizes('HF030', 'HF060', 'HF110', 'HF160', 'HF240', 'HF330'),
    price: '24.80',
    step: '8.60',
    weightGrams: 520,
    stock: 180,
  },
];

/** All their products, family by family. */
export const FAMILY_PRODUCTS: readonly SampleProduct[] = FAMILIES.flatMap((family) =>
  family.members.map(([sku, name], index): SampleProduct => {
    const price = exact(family.price).plus(exact(family.step).times(index)).toFixed(2);
    return {
      sku: `${family.sku}-${sku}`,
      name: `${family.name} ${name}`,
      description: family.description,
      weightGrams: family.weightGrams,
      taxCategory: 'standard',
      price,
      ...(family.unit && { unit: family.unit }),
      ...(index % 2 === 0 && { tier: { from: '20', price: exact(price).times('0.92').toFixed(2) } }),
      stock: { BOLOGNA: String(family.stock), PADOVA: String(Math.round(family.stock * 0.4)) },
    };
  }),
);
