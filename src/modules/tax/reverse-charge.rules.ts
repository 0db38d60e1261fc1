import * as vat from 'jsvat';

/** Of a customer, what decides whether it owes the tax itself. */
export interface TaxedCustomer {
  /** Where the goods go. */
  country: string;
  customer_kind: string | null;
  customer_tax_id: string | null;
}

// The library's own list of Europe holds countries that are not in the Union.
const EU = [
  ...[vat.austria, vat.belgium, vat.bulgaria, vat.croatia, vat.cyprus, vat.czechRepublic, vat.denmark, vat.estonia],
  ...[vat.finland, vat.france, vat.germany, vat.greece, vat.hungary, vat.ireland, vat.italy, vat.latvia],
  ...[vat.lithuania, vat.luxembourg, vat.malta, vat.netherlands, vat.poland, vat.portugal, vat.romania],
  ...[vat.slovakiaRepublic, vat.slovenia, vat.spain, vat.sweden],
];
const MEMBERS = new Set(EU.map((country) => country.codes[0]!));

/**
 * Whether a business in another member state of the EU owes the tax itself (directive 2006/112/EC, articles 138 and
 * 196): its VAT id is of a member state other than the seller's, well formed and with the right check digits. Whether
 * the id is still in force only VIES knows, which is not asked.
 */
export function isReverseCharged(customer: TaxedCustomer, sellerCountry: string): boolean {
  const { country, customer_kind: kind, customer_tax_id: taxId } = customer;
  if (kind !== 'COMPANY' || taxId === null || country === sellerCountry) return false;
  if (!MEMBERS.has(country) || !MEMBERS.has(sellerCountry)) return false;
  const issuer = vatCountry(taxId);
  return issuer !== null && issuer !== sellerCountry;
}

/** The member state that issued a VAT id; null where it is none, by its form and check digits. */
export function vatCountry(taxId: string): string | null {
  const { isValid, country } = vat.checkVAT(taxId, EU);
  return isValid ? (country?.isoCode.short ?? null) : null;
}
