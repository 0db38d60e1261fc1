import type { Chance } from '#connect';

const FIRST = [
  'Anna',
  'Bruno',
  'Chiara',
  'Dario',
  'Elisa',
  'Fabio',
  'Greta',
  'Hugo',
  'Irene',
  'Jonas',
  'Karin',
  'Luca',
];
const LAST = [
  'Bianchi',
  'Conti',
  'Ferri',
  'Gallo',
  'Keller',
  'Lang',
  'Moretti',
  'Neri',
  'Rossi',
  'Sommer',
  'Villa',
  'Weber',
];
const COMPANIES = ['Officina Nord', 'Studio Ponte', 'Werkhof Sued', 'Casa Lume', 'Atelier Quadro'];
const PLACES = [
  {
    country: 'Italy',
    country_code: 'IT',
    province: 'Bologna',
    province_code: 'BO',
    city: 'Bologna',
    zip: '40121',
    street: 'Via Emilia',
  },
  {
    country: 'Italy',
    country_code: 'IT',
    province: 'Milano',
    province_code: 'MI',
    city: 'Milano',
    zip: '20121',
    street: 'Via Dante',
  },
  {
    country: 'Italy',
    country_code: 'IT',
    province: 'Torino',
    province_code: 'TO',
    city: 'Torino',
    zip: '10122',
    street: 'Via Po',
  },
];
const COUNT = 40;

export type Buyer = ReturnType<typeof makeBuyers>[number];

/** The shop's customers: the same ones come back again and again. */
export function makeBuyers(chance: Chance) {
  return Array.from({ length: COUNT }, (_, index) => {
    const first = chance.oneOf(FIRST);
    const last = chance.oneOf(LAST);
    const isCompany = chance.below(5) === 0;
    const company = isCompany ? `${chance.oneOf(COMPANIES)} ${index + 1}` : null;
    const { street, ...place } = chance.oneOf(PLACES);
    const address = {
      first_name: first,
      last_name: last,
      name: `${first} ${last}`,
      company,
      address1: `${street} ${chance.below(120) + 1}`,
      address2: null as string | null,
      phone: null as string | null,
      ...place,
    };
    const customer = {
      id: `@${7_115_310_627_314_723_000n + BigInt(index)}@`,
      email: `${first}.${last}.${index + 1}@example.com`.toLowerCase(),
      first_name: first,
      last_name: last,
      phone: null as string | null,
      state: 'enabled',
      default_address: { ...address, default: true },
    };
    return { customer, address, isCompany };
  });
}
