export interface SampleCustomer {
  number: string;
  name: string;
  taxId: string;
  domain: string;
  phone: string;
  address: {
    line1: string;
    city: string;
    region?: string;
    postalCode: string;
    country: 'IT' | 'DE' | 'FR' | 'AT' | 'SE';
  };
  contacts: readonly { name: string; role: string }[];
  tags: readonly string[];
  priceList?: string;
  /** In EUR; left out: none. */
  creditLimit?: string;
}

/** Who buys from the sample company; none of these firms exists. */
export const CUSTOMERS: readonly SampleCustomer[] = [
  {
    number: 'S-1001',
    name: 'Meccanica Savena S.r.l.',
    taxId: 'IT00000010011',
    domain: 'meccanica-savena.example',
    phone: '+39 051 555 0101',
    address: { line1: 'Via dell’Industria 14', city: 'Bologna', region: 'BO', postalCode: '40138', country: 'IT' },
    contacts: [
      { name: 'Paola Fabbri', role: 'Purchasing' },
      { name: 'Marco Zanetti', role: 'Workshop' },
    ],
    tags: ['workshop', 'key account'],
  },
  {
    number: 'S-1002',
    name: 'Officine Brenta S.p.A.',
    taxId: 'IT00000010022',
    domain: 'officine-brenta.example',
    phone: '+39 049 555 0102',
    address: { line1: 'Via Svezia 9', city: 'Padova', region: 'PD', postalCode: '35127', country: 'IT' },
    contacts: [{ name: 'Giulia Marchetti', role: 'Purchasing' }],
    tags: ['plant'],
  },
  {
    number: 'S-1003',
    name: 'Imballaggi Adige S.r.l.',
    taxId: 'IT00000010033',
    domain: 'imballaggi-adige.example',
    phone: '+39 045 555 0103',
    address: { line1: 'Viale del Lavoro 33', city: 'Verona', region: 'VR', postalCode: '37135', country: 'IT' },
    contacts: [
      { name: 'Stefano Righi', role: 'Maintenance' },
      { name: 'Elena Dal Pozzo', role: 'Accounts' },
    ],
    tags: ['packaging', 'plant'],
  },
  {
    number: 'S-1004',
    name: 'Ceramiche Secchia S.p.A.',
    taxId: 'IT00000010044',
    domain: 'ceramiche-secchia.example',
    phone: '+39 0536 555 104',
    address: { line1: 'Via Radici in Piano 120', city: 'Sassuolo', region: 'MO', postalCode: '41049', country: 'IT' },
    contacts: [{ name: 'Luca Montorsi', role: 'Purchasing' }],
    tags: ['ceramics', 'key account'],
  },
  {
    number: 'S-1005',
    name: 'Molino Taro S.n.c.',
    taxId: 'IT00000010055',
    domain: 'molino-taro.example',
    phone: '+39 0521 555 105',
    address: { line1: 'Strada Farnese 8', city: 'Parma', region: 'PR', postalCode: '43125', country: 'IT' },
    contacts: [{ name: 'Anna Ferrari', role: 'Owner' }],
    tags: ['food'],
  },
  {
    number: 'S-1006',
    name: 'Cantieri Lagunari S.r.l.',
    taxId: 'IT00000010066',
    domain: 'cantieri-lagunari.example',
    phone: '+39 041 555 0106',
    address: { line1: 'Via delle Macchine 4', city: 'Venezia', region: 'VE', postalCode: '30175', country: 'IT' },
    contacts: [{ name: 'Davide Busetto', role: 'Workshop' }],
    tags: ['shipyard'],
  },
  {
    number: 'S-1007',
    name: 'Tessitura Serio S.r.l.',
    taxId: 'IT00000010077',
    domain: 'tessitura-serio.example',
    phone: '+39 035 555 0107',
    address: { line1: 'Via Provinciale 61', city: 'Albino', region: 'BG', postalCode: '24021', country: 'IT' },
    contacts: [{ name: 'Chiara Persico', role: 'Purchasing' }],
    tags: ['textile'],
  },
  {
    number: 'S-1008',
    name: 'Antriebstechnik Isar GmbH',
    taxId: 'DE000010088',
    domain: 'antriebstechnik-isar.example',
    phone: '+49 89 5550108',
    address: { line1: 'Triebstraße 21', city: 'München', region: 'BY', postalCode: '80993', country: 'DE' },
    contacts: [
      { name: 'Katrin Huber', role: 'Purchasing' },
      { name: 'Jens Oswald', role: 'Engineering' },
    ],
    tags: ['distributor', 'key account'],
  },
  {
    number: 'S-1009',
    name: 'Fördertechnik Neckar GmbH',
    taxId: 'DE000010099',
    domain: 'foerdertechnik-neckar.example',
    phone: '+49 711 5550109',
    address: { line1: 'Ulmer Straße 210', city: 'Stuttgart', region: 'BW', postalCode: '70327', country: 'DE' },
    contacts: [{ name: 'Martin Vogel', role: 'Purchasing' }],
    tags: ['plant'],
  },
  {
    number: 'S-1010',
    name: 'Werkstattbedarf Elbe KG',
    taxId: 'DE000010100',
    domain: 'werkstattbedarf-elbe.example',
    phone: '+49 351 5550110',
    address: { line1: 'Hamburger Straße 48', city: 'Dresden', region: 'SN', postalCode: '01157', country: 'DE' },
    contacts: [{ name: 'Sabine Kretschmer', role: 'Owner' }],
    tags: ['distributor'],
  },
  {
    number: 'S-1011',
    name: 'Ateliers du Rhône SAS',
    taxId: 'FR00000010111',
    domain: 'ateliers-rhone.example',
    phone: '+33 4 55 55 01 11',
    address: { line1: '18 rue des Frères Lumière', city: 'Vénissieux', postalCode: '69200', country: 'FR' },
    contacts: [{ name: 'Hélène Morel', role: 'Purchasing' }],
    tags: ['workshop'],
  },
  {
    number: 'S-1012',
    name: 'Conserverie de l’Isère SARL',
    taxId: 'FR00000010122',
    domain: 'conserverie-isere.example',
    phone: '+33 4 55 55 01 12',
    address: { line1: '5 avenue de l’Usine', city: 'Grenoble', postalCode: '38000', country: 'FR' },
    contacts: [{ name: 'Julien Perrin', role: 'Maintenance' }],
    tags: ['food'],
  },
];
