import { chanceFrom, type Chance } from './chance.js';
import type { SampleCustomer } from './customers.js';

interface Land {
  country: SampleCustomer['address']['country'];
  /** Of a hundred customers. */
  share: number;
  trades: readonly string[];
  places: readonly [city: string, postalCode: string, region?: string][];
  streets: readonly string[];
  forms: readonly string[];
  people: readonly string[];
  dial: string;
  priceList?: string;
}

const LANDS: readonly Land[] = [
  {
    country: 'IT',
    share: 58,
    trades: [
      'Officine',
      'Meccanica',
      'Carpenteria',
      'Impianti',
      'Utensileria',
      'Torneria',
      'Stampi',
      'Caseificio',
      'Cartiera',
    ],
    places: [
      ['Modena', '41122', 'MO'],
      ['Reggio Emilia', '42122', 'RE'],
      ['Brescia', '25126', 'BS'],
      ['Vicenza', '36100', 'VI'],
      ['Treviso', '31100', 'TV'],
      ['Forlì', '47122', 'FC'],
      ['Mantova', '46100', 'MN'],
      ['Ferrara', '44122', 'FE'],
      ['Trento', '38121', 'TN'],
      ['Cuneo', '12100', 'CN'],
      ['Ancona', '60131', 'AN'],
    ],
    streets: ['Via dell’Artigianato', 'Via Emilia', 'Via Galvani', 'Via Volta', 'Viale Europa', 'Via dei Mestieri'],
    forms: ['S.r.l.', 'S.p.A.', 'S.n.c.'],
    people: [
      'Andrea Conti',
      'Silvia Riva',
      'Paolo Neri',
      'Francesca Galli',
      'Roberto Monti',
      'Laura Sala',
      'Nicola Testa',
    ],
    dial: '+39 0555',
  },
  {
    country: 'DE',
    share: 20,
    trades: ['Maschinenbau', 'Werkzeugbau', 'Fördertechnik', 'Metallbau', 'Anlagenbau', 'Brauerei'],
    places: [
      ['Augsburg', '86153', 'BY'],
      ['Ulm', '89073', 'BW'],
      ['Nürnberg', '90443', 'BY'],
      ['Kassel', '34117', 'HE'],
      ['Chemnitz', '09111', 'SN'],
      ['Bielefeld', '33602', 'NW'],
    ],
    streets: ['Industriestraße', 'Gewerbepark', 'Am Bahnhof', 'Lindenweg', 'Werkstraße'],
    forms: ['GmbH', 'KG', 'AG'],
    people: ['Thomas Brandt', 'Ute Winkler', 'Stefan Maier', 'Anja Krüger', 'Dirk Seidel'],
    dial: '+49 555',
  },
  {
    country: 'FR',
    share: 11,
    trades: ['Ateliers', 'Mécanique', 'Chaudronnerie', 'Fonderie', 'Menuiserie'],
    places: [
      ['Annecy', '74000'],
      ['Saint-Étienne', '42000'],
      ['Nantes', '44000'],
      ['Mulhouse', '68100'],
    ],
    streets: ['rue de l’Industrie', 'avenue des Forges', 'chemin du Moulin'],
    forms: ['SARL', 'SAS'],
    people: ['Claire Dubois', 'Antoine Garnier', 'Sophie Lefèvre', 'Marc Rousseau'],
    dial: '+33 4 55',
  },
  {
    country: 'AT',
    share: 6,
    trades: ['Maschinenbau', 'Schlosserei', 'Sägewerk'],
    places: [
      ['Linz', '4020'],
      ['Graz', '8020'],
      ['Villach', '9500'],
    ],
    streets: ['Industriezeile', 'Werksweg', 'Bahnhofstraße'],
    forms: ['GmbH', 'KG'],
    people: ['Georg Steiner', 'Eva Pichler', 'Karl Wagner'],
    dial: '+43 555',
  },
  {
    country: 'SE',
    share: 5,
    trades: ['Mekaniska Verkstaden', 'Industriservice', 'Verktyg'],
    places: [
      ['Västerås', '722 11'],
      ['Borås', '503 30'],
      ['Luleå', '972 31'],
    ],
    streets: ['Verkstadsgatan', 'Industrivägen', 'Hamngatan'],
    forms: ['AB'],
    people: ['Erik Lindqvist', 'Anna Holm', 'Lars Nyberg'],
    dial: '+46 55',
  },
];
const ROLES = ['Purchasing', 'Workshop', 'Maintenance', 'Accounts', 'Owner'];
const TAGS = ['workshop', 'plant', 'packaging', 'food', 'distributor', 'key account', 'export'];
const WORDS = [
  'Adda',
  'Orba',
  'Nera',
  'Sile',
  'Piave',
  'Isonzo',
  'Alpe',
  'Delta',
  'Nord',
  'Sud',
  'Uno',
  'Due',
  'Stella',
  'Vega',
];
const SEED = 20_260_303;

/** Customers beyond those that are described one by one; the same ones at every start. None of these firms exists. */
export function moreCustomers(count: number): SampleCustomer[] {
  const chance = chanceFrom(SEED);
  return Array.from({ length: count }, (_, index) => customerOf(index, chance));
}

function customerOf(index: number, chance: Chance): SampleCustomer {
  const land = landOf(chance.below(100));
  const [city, postalCode, region] = chance.oneOf(land.places);
  const word = `${chance.oneOf(WORDS)} ${chance.oneOf(WORDS)}`;
  const name = `${chance.oneOf(land.trades)} ${word} ${chance.oneOf(land.forms)}`;
  const number = String(2001 + index);
  const contacts = Array.from({ length: 1 + chance.below(3) }, (_unused, place) => ({
    name: land.people[(index + place) % land.people.length]!,
    role: ROLES[(index + place) % ROLES.length]!,
  }));
  const isDistributor = chance.below(10) === 0;
  const creditLimit = chance.below(6) === 0 ? chance.oneOf(['20000.00', '50000.00', '100000.00']) : undefined;
  return {
    number: `S-${number}`,
    name,
    taxId: `${land.country}0000${number}${String(index % 10)}`,
    domain: `${plain(word)}-${number}.example`,
    phone: `${land.dial} ${number}`,
    address: {
      line1: `${chance.oneOf(land.streets)} ${1 + chance.below(180)}`,
      city,
      postalCode,
      country: land.country,
      ...(region && { region }),
    },
    contacts,
    tags: isDistributor ? ['distributor'] : [chance.oneOf(TAGS)],
    ...(isDistributor && { priceList: 'distributors' }),
    ...(creditLimit && { creditLimit }),
  };
}

function landOf(share: number): Land {
  let rest = share;
  return LANDS.find((land) => (rest -= land.share) < 0) ?? LANDS[0]!;
}

function plain(words: string): string {
  return words.toLowerCase().replaceAll(' ', '-');
}
