import { isCurrency, readWire, rejected, type Change, type StatedAddress, type StatedCustomer } from '#connect';
import { checkShopMoney } from './amounts.js';
import { orderUrl, type Settings } from './settings.js';
import { statementOf } from './statement.js';
import { orderShape, type Address, type Customer } from './wire.js';

/** What a delivery about an order says: all of them carry the whole order. */
export function orderChanges(payload: unknown, { settings }: { settings: Settings }): Change[] {
  const order = readWire(orderShape, payload);
  if (!isCurrency(order.currency)) throw rejected(`currency: expected an ISO 4217 code, got "${order.currency}"`);
  checkShopMoney(order);
  return [
    {
      kind: 'order',
      order: {
        externalId: order.id,
        externalUrl: orderUrl(settings, order.id),
        sourceVersion: order.updated_at,
        // Differs from created_at where an order was imported: then it is when it was placed.
        placedAt: order.processed_at ?? order.created_at,
        channelNumber: order.name,
        email: textOf(order.email) ?? textOf(order.contact_email),
        note: textOf(order.note),
        purchaseOrderNumber: textOf(order.po_number),
        currency: order.currency,
        pricesIncludeTax: order.taxes_included,
        customer: order.customer ? customerOf(order.customer) : undefined,
        ...statementOf(order),
        billingAddress: order.billing_address ? addressOf('billing_address', order.billing_address) : undefined,
        shippingAddress: order.shipping_address ? addressOf('shipping_address', order.shipping_address) : undefined,
        canceledAt: order.cancelled_at ?? undefined,
        cancelReason: order.cancelled_at ? textOf(order.cancel_reason) : undefined,
      },
    },
  ];
}

/** A company is one by the customer's own record; what one order's addresses say may differ from order to order. */
function customerOf(customer: Customer): StatedCustomer {
  const company = textOf(customer.default_address?.company);
  const person = [textOf(customer.first_name), textOf(customer.last_name)].filter(Boolean).join(' ');
  const email = textOf(customer.email);
  const phone = textOf(customer.phone) ?? textOf(customer.default_address?.phone);
  return {
    externalId: customer.id,
    name: (company ?? person) || email || phone || `Customer ${customer.id}`,
    kind: company ? 'COMPANY' : 'PERSON',
    email,
    phone,
  };
}

function addressOf(field: string, address: Address): StatedAddress {
  const needed = (name: 'address1' | 'city' | 'country_code'): string => {
    const value = textOf(address[name]);
    if (value === undefined) throw rejected(`${field}.${name}: expected a text, got nothing`);
    return value;
  };
  const country = needed('country_code');
  if (!/^[A-Z]{2}$/.test(country))
    throw rejected(`${field}.country_code: expected two capital letters, got "${country}"`);
  const person = [textOf(address.first_name), textOf(address.last_name)].filter(Boolean).join(' ');
  return {
    name: (textOf(address.name) ?? person) || undefined,
    company: textOf(address.company),
    line1: needed('address1'),
    line2: textOf(address.address2),
    city: needed('city'),
    region: textOf(address.province) ?? textOf(address.province_code),
    postalCode: textOf(address.zip),
    country,
    phone: textOf(address.phone),
  };
}

/** The shop writes "nothing" as null, as "" and by leaving the field out. */
function textOf(value: string | null | undefined): string | undefined {
  return value?.trim() || undefined;
}
