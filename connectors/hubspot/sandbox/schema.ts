export type Type = 'companies' | 'contacts' | 'deals' | 'quotes' | 'line_items' | 'orders';

/** The properties of each type: an account’s own three or four included, without which the hub has nowhere to write. */
export const PROPERTIES: Readonly<Record<Type, readonly string[]>> = {
  companies: [
    ...['name', 'domain', 'phone', 'address', 'address2', 'city', 'state', 'zip', 'country', 'hs_country_code'],
    ...['lifecyclestage', 'hub_customer_number', 'vat_number'],
  ],
  contacts: [
    ...['firstname', 'lastname', 'email', 'phone', 'jobtitle', 'address', 'city', 'state', 'zip', 'country'],
    ...['hs_country_region_code', 'hub_customer_number'],
  ],
  deals: [
    ...['dealname', 'dealstage', 'pipeline', 'amount', 'closedate', 'deal_currency_code', 'hs_is_closed'],
    ...['hs_is_closed_won', 'hub_order_number', 'hub_order_status'],
  ],
  quotes: [
    ...['hs_title', 'hs_status', 'hs_quote_number', 'hs_quote_amount', 'hs_currency', 'hs_expiration_date'],
    ...['hs_esign_enabled', 'hs_esign_num_signers_required', 'hs_esign_num_signers_completed', 'hs_payment_status'],
    ...['hub_order_number', 'hub_order_status'],
  ],
  line_items: [
    ...['name', 'description', 'hs_sku', 'hs_product_id', 'quantity', 'price', 'discount', 'hs_discount_percentage'],
    ...['recurringbillingfrequency', 'hs_recurring_billing_period', 'hs_position_on_quote', 'hs_tax_rate_group_id'],
  ],
  orders: [
    ...['hs_order_name', 'hs_external_order_id', 'hs_external_order_status', 'hs_currency_code', 'hs_subtotal_price'],
    ...['hs_total_price', 'hs_source_store', 'hs_fulfillment_status', 'hs_shipping_address_street'],
    ...['hs_shipping_address_city', 'hs_shipping_address_state', 'hs_shipping_address_country'],
    ...['hub_order_number', 'hub_order_status'],
  ],
};
export const TYPES = Object.keys(PROPERTIES) as Type[];

export const UNIQUE: Readonly<Record<Type, readonly string[]>> = {
  companies: ['hub_customer_number'],
  contacts: ['email', 'hub_customer_number'],
  deals: [],
  quotes: [],
  line_items: [],
  orders: ['hub_order_number'],
};

/** HubSpot’s own: nobody writes them. */
export function modifiedName(type: Type): string {
  return type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
}
export function ownNames(type: Type): string[] {
  return ['createdate', modifiedName(type), 'hs_object_id', 'hs_merged_object_ids'];
}

/** HUBSPOT_DEFINED types of associations, there and back. */
export const ASSOCIATION_TYPES: readonly { from: Type; to: Type; there: number; back: number }[] = [
  { from: 'contacts', to: 'companies', there: 279, back: 280 },
  { from: 'contacts', to: 'companies', there: 1, back: 2 },
  { from: 'deals', to: 'companies', there: 341, back: 342 },
  { from: 'deals', to: 'companies', there: 5, back: 6 },
  { from: 'deals', to: 'contacts', there: 3, back: 4 },
  { from: 'deals', to: 'line_items', there: 19, back: 20 },
  { from: 'quotes', to: 'deals', there: 64, back: 63 },
  { from: 'quotes', to: 'line_items', there: 67, back: 68 },
  { from: 'quotes', to: 'contacts', there: 69, back: 70 },
  { from: 'quotes', to: 'companies', there: 71, back: 72 },
  { from: 'orders', to: 'companies', there: 509, back: 510 },
  { from: 'orders', to: 'contacts', there: 507, back: 508 },
  { from: 'orders', to: 'deals', there: 512, back: 511 },
];
