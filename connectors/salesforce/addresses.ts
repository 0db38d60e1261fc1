import type { StatedAddress } from '#connect';

const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** Not of ISO 3166, but of those who name places for computers. */
const NO_COUNTRIES = ['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ'];
/** Codes of countries that are no more are replaced by those that came after. */
const isCountry = (code: string): boolean =>
  NAMES.of(code) !== undefined && !NO_COUNTRIES.includes(code) && new Intl.Locale(`und-${code}`).region === code;
const CODES = LETTERS.flatMap((a) => LETTERS.map((b) => a + b)).filter(isCountry);
/** Names that people type and the list does not have. */
const OTHER_NAMES: readonly [string, string][] = [
  ['usa', 'US'],
  ['united states of america', 'US'],
  ['uk', 'GB'],
  ['great britain', 'GB'],
  ['england', 'GB'],
  ['czech republic', 'CZ'],
  ['the netherlands', 'NL'],
  ['turkey', 'TR'],
  ['italia', 'IT'],
  ['deutschland', 'DE'],
  ['österreich', 'AT'],
  ['schweiz', 'CH'],
  ['españa', 'ES'],
];
const CODE_OF = new Map<string, string>([
  ...CODES.map((code): [string, string] => [NAMES.of(code)!.toLowerCase(), code]),
  ...OTHER_NAMES,
]);

export interface AddressFields {
  line1: string | null;
  line2?: string | null;
  city: string | null;
  region: string | null;
  postalCode: string | null;
  country: string | null;
  countryCode: string | null;
}

/** An address, where it is whole; undefined says nothing, since half an address must not replace a whole one. */
export function addressOf(fields: AddressFields): StatedAddress | undefined {
  const { line1, line2, city, region, postalCode } = fields;
  const country = countryOf(fields.countryCode) ?? countryOf(fields.country);
  if (line1 === null || city === null || country === undefined) return undefined;
  return {
    line1,
    ...(line2 != null && { line2 }),
    city,
    ...(region !== null && { region }),
    ...(postalCode !== null && { postalCode }),
    country,
  };
}

/** By its code or its English name: the field is free text, with a code beside it in newer accounts. */
function countryOf(text: string | null): string | undefined {
  if (text === null) return undefined;
  const upper = text.toUpperCase();
  return CODES.includes(upper) ? upper : CODE_OF.get(text.toLowerCase());
}

export function countryName(code: string): string {
  return NAMES.of(code) ?? code;
}
