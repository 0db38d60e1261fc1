import type { Address } from '../graph/values.type.js';
import { countryIn } from './formats.js';
import type { Language } from './languages.js';

/** An address as it is written on a letter, the country in the reader's language. */
export function postalLines(address: Address | null, language: Language): string[] {
  if (!address) return [];
  const { name, company, line1, line2, postalCode, city, region, country } = address;
  const place = [postalCode, city].filter(Boolean).join(' ');
  const lines = [company, name, line1, line2, region ? `${place}, ${region}` : place, countryIn(language, country)];
  return lines.filter((line): line is string => Boolean(line));
}
