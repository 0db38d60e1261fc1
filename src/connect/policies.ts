/** Who is believed where several systems know a field. */
export const POLICIES = {
  SOURCE_WINS: 'This system’s word stands, whatever others say and whenever; the hub’s own users are overruled too.',
  LATEST: 'The word that was said last stands, whoever said it.',
  NON_EMPTY: 'The last word stands, but nothing said never replaces something said.',
  HUMAN_DECIDES: 'What differs waits for a person; until then the field stays as it is.',
} as const;
export type Policy = keyof typeof POLICIES;

export const CUSTOMER_FIELDS = [
  'name',
  'kind',
  'email',
  'phone',
  'taxId',
  'isActive',
  'billingAddress',
  'shippingAddresses',
  'tags',
  'contacts',
] as const;
export const PRODUCT_FIELDS = [
  'name',
  'description',
  'weightGrams',
  'isActive',
  'isStocked',
  'requiresShipping',
] as const;

/** What is not named is LATEST. */
export interface FieldPolicies {
  customer?: Partial<Record<(typeof CUSTOMER_FIELDS)[number], Policy>>;
  product?: Partial<Record<(typeof PRODUCT_FIELDS)[number], Policy>>;
}
