import type { Chance } from '#connect';
import type { Values } from './org.js';

const FIRST = ['Ada', 'Bela', 'Carla', 'Dino', 'Emil', 'Fanny', 'Gino', 'Hanna', 'Ivo', 'Jule', 'Kai', 'Lea'];
const LAST = ['Amato', 'Brandt', 'De Rossi', 'Egger', 'Fischer', 'Greco', 'Huber', 'Kofler', 'Longo', 'Moser'];
const TRADES = ['Hotel', 'Studio', 'Cantina', 'Verlag', 'Bottega', 'Praxis', 'Officina'];
const NAMES = ['Aurora', 'Bergblick', 'Corallo', 'Dolomia', 'Edelweiss', 'Fontana', 'Giardino', 'Hochland'];
const PLACES = [
  { City: 'Bolzano', PostalCode: '39100', State: 'BZ', Country: 'Italy', Street: 'Via Portici' },
  { City: 'Milano', PostalCode: '20121', State: 'MI', Country: 'IT', Street: 'Via Brera' },
  { City: 'Innsbruck', PostalCode: '6020', State: 'Tirol', Country: 'Austria', Street: 'Maria-Theresien-Strasse' },
  { City: 'München', PostalCode: '80331', State: 'Bayern', Country: 'Deutschland', Street: 'Sendlinger Strasse' },
];
const TITLES = ['Purchasing', 'Owner', 'Accounting', 'Director'];

export function accountValues(chance: Chance, n: number): Values {
  const { Street, ...place } = chance.oneOf(PLACES);
  const address = { ...place, Street: `${Street} ${1 + chance.below(80)}\r\nInterno ${1 + chance.below(9)}` };
  return {
    Name: `${chance.oneOf(TRADES)} ${chance.oneOf(NAMES)} ${n}`,
    Phone: phone(chance),
    ...Object.fromEntries(Object.entries(address).map(([part, value]) => [`Billing${part}`, value])),
    VAT__c: `IT${String(10_000_000_000 + n)}`,
  };
}

export function contactValues(chance: Chance, n: number, AccountId: string): Values {
  const [FirstName, LastName] = [chance.oneOf(FIRST), chance.oneOf(LAST)];
  const Email = `${FirstName}.${LastName}.${n}@example.com`.toLowerCase().replaceAll(' ', '-');
  return { AccountId, FirstName, LastName, Email, Phone: phone(chance), Title: chance.oneOf(TITLES) };
}

export function phone(chance: Chance): string {
  return `+39 0471 ${100_000 + chance.below(900_000)}`;
}
