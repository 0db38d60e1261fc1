import type { Chance } from '#connect';

const FIRST = ['Ada', 'Bela', 'Carla', 'Dino', 'Emil', 'Fanny', 'Gino', 'Hanna', 'Ivo', 'Jule', 'Kai', 'Lea'];
const LAST = ['Amato', 'Brandt', 'De Rossi', 'Egger', 'Fischer', 'Greco', 'Huber', 'Kofler', 'Longo', 'Moser'];
const TRADES = ['Hotel', 'Studio', 'Cantina', 'Verlag', 'Bottega', 'Praxis', 'Officina'];
const NAMES = ['Aurora', 'Bergblick', 'Corallo', 'Dolomia', 'Edelweiss', 'Fontana', 'Giardino', 'Hochland'];
const PLACES = [
  { city: 'Bolzano', zip: '39100', state: 'BZ', country: 'Italy', street: 'Via Portici' },
  { city: 'Milano', zip: '20121', state: 'MI', country: 'IT', street: 'Via Brera' },
  { city: 'Innsbruck', zip: '6020', state: 'Tirol', country: 'Austria', street: 'Maria-Theresien-Strasse' },
  { city: 'München', zip: '80331', state: 'Bayern', country: 'Deutschland', street: 'Sendlinger Strasse' },
];
const ROLES = ['Purchasing', 'Owner', 'Accounting', 'Director'];

export function companyValues(chance: Chance, n: number): Record<string, string | null> {
  const name = `${chance.oneOf(TRADES)} ${chance.oneOf(NAMES)} ${n}`;
  const { street, ...place } = chance.oneOf(PLACES);
  return {
    name,
    domain: `${name.toLowerCase().replaceAll(' ', '-')}.example.com`,
    phone: phone(chance),
    address: `${street} ${1 + chance.below(80)}`,
    ...place,
    lifecyclestage: 'opportunity',
    vat_number: `IT${String(10_000_000_000 + n)}`,
  };
}

export function contactValues(chance: Chance, n: number): Record<string, string | null> {
  const [firstname, lastname] = [chance.oneOf(FIRST), chance.oneOf(LAST)];
  const email = `${firstname}.${lastname}.${n}@example.com`.toLowerCase().replaceAll(' ', '-');
  return { firstname, lastname, email, phone: phone(chance), jobtitle: chance.oneOf(ROLES) };
}

export function phone(chance: Chance): string {
  return `+39 0471 ${100_000 + chance.below(900_000)}`;
}
