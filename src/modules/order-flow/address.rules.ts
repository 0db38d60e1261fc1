import type { Address } from '../../graph/values.type.js';
import type { Refusals } from '../../shared/failures.js';

/** Countries whose postal codes are so many digits. */
const DIGITS: Record<number, string> = {
  3: 'FO IS',
  4: 'AT AU BE BG CH CY DK HU LI LU LV NO NZ SI TN ZA',
  5: 'CZ DE EE EG ES FI FR GR HR IT KR LT MA MC ME MX MY PL RS SE SK SM TH TR UA VA',
  6: 'CN IN RO RU SG',
  7: 'JP PT',
  8: 'BR',
};
/** Those whose postal codes are something else. */
const OTHERS: Record<string, { shape: RegExp; example: string }> = {
  CA: { shape: /^[A-Z]\d[A-Z]\d[A-Z]\d$/, example: 'K1A 0B1' },
  GB: { shape: /^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/, example: 'SW1A 1AA' },
  IE: { shape: /^[A-Z]\d[\dW][A-Z\d]{4}$/, example: 'D02 X285' },
  IL: { shape: /^\d{5}(\d{2})?$/, example: '9614303' },
  MT: { shape: /^[A-Z]{3}\d{4}$/, example: 'VLT 1117' },
  NL: { shape: /^[1-9]\d{3}[A-Z]{2}$/, example: '1012 AB' },
  US: { shape: /^\d{5}(\d{4})?$/, example: '10001' },
};
const SHAPES = new Map([
  ...Object.entries(OTHERS),
  ...Object.entries(DIGITS).flatMap(([digits, countries]) =>
    countries
      .split(' ')
      .map((country) => [country, { shape: new RegExp(`^\\d{${digits}}$`), example: `${digits} digits` }] as const),
  ),
]);
/** Where a letter arrives without one. */
const POSTAL_CODE_OPTIONAL = new Set(['IE']);
/** Where carriers route by it, and the postal code alone does not do. */
const REGION_NEEDED = new Set(['AU', 'BR', 'CA', 'CN', 'IN', 'MX', 'US']);

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/**
 * Adds a refusal for each part of the address that keeps goods from being delivered to it. What stands there is not
 * repeated: the words may become a hold's, and an address is a person's.
 */
export function refuseUndeliverable(address: Address | null, refusals: Refusals): void {
  const refuse = (message: string, ...part: string[]) =>
    refusals.add('ADDRESS_INVALID', message, ['shippingAddress', ...part]);
  if (!address) return refuse('shippingAddress: goods are to be shipped, and there is no address to ship them to');
  const { country, region, postalCode } = address;
  if (!/^[A-Z]{2}$/.test(country) || regions.of(country) === undefined)
    refuse('country: expected an ISO 3166-1 alpha-2 code such as "IT"', 'country');
  for (const part of ['line1', 'city'] as const)
    if (isBlank(address[part])) refuse(`${part}: expected some text`, part);
  if (REGION_NEEDED.has(country) && isBlank(region)) refuse(`region: an address in ${country} needs one`, 'region');
  const known = SHAPES.get(country);
  if (!known || (isBlank(postalCode) && POSTAL_CODE_OPTIONAL.has(country))) return;
  if (!known.shape.test(plainPostalCode(postalCode ?? '', country)))
    refuse(`postalCode: expected one of ${country}, such as ${known.example}`, 'postalCode');
}

/** As it is compared: without spaces and dashes, and without the country that some write before it. */
function plainPostalCode(code: string, country: string): string {
  const written = code.trim().toUpperCase();
  const local = written.replace(new RegExp(`^(${country}|${country[0]!})[- ]+(?=\\d)`), '');
  return local.replaceAll(/[\s.-]/g, '');
}

function isBlank(text: string | null | undefined): boolean {
  return !text?.trim();
}
