import { sql } from '../db/statement.js';
import { CustomerKind, upsertCustomer } from '../modules/customers/index.js';
import { CUSTOMERS, type SampleCustomer } from './customers.js';
import { moreCustomers } from './more-customers.js';
import type { SampleSize } from './size.js';
import type { Part } from './work.js';

const findCustomer = sql('sample.find-customer', `select id from customer where number = $1`);

export function customersOf(size: SampleSize): SampleCustomer[] {
  return [...CUSTOMERS, ...moreCustomers(size.customers - CUSTOMERS.length)];
}

/** They came to the company one after the other. */
export function customersPart(openedAt: Date, size: SampleSize): Part {
  return {
    name: 'customers',
    isThere: findCustomer(CUSTOMERS[0]!.number),
    async make(carryOut) {
      for (const [index, customer] of customersOf(size).entries()) {
        const at = new Date(openedAt.getTime() + (index + 1) * 1_000);
        await carryOut(at, (scope) => upsertCustomer(scope, valuesOf(customer)));
      }
    },
  };
}

function valuesOf({ number, name, taxId, domain, phone, address, contacts, tags, ...terms }: SampleCustomer) {
  return {
    number,
    name,
    taxId,
    phone,
    kind: CustomerKind.COMPANY,
    email: `orders@${domain}`,
    billingAddress: { company: name, ...address },
    shippingAddresses: [{ company: name, name: contacts[0]!.name, ...address, phone }],
    contacts: contacts.map((contact, index) => ({
      ...contact,
      email: `${mailName(contact.name)}@${domain}`,
      isPrimary: index === 0,
    })),
    tags: [...tags],
    ...(terms.priceList && { priceList: terms.priceList }),
    ...(terms.creditLimit && { creditLimit: { amount: terms.creditLimit, currency: 'EUR' } }),
  };
}

function mailName(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '');
  return plain.toLowerCase().replace(/[^a-z]+/g, '.');
}
