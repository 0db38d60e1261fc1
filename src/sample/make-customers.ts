import { sql } from '../db/statement.js';
import { CustomerKind, upsertCustomer } from '../modules/customers/index.js';
import { CUSTOMERS, type SampleCustomer } from './customers.js';
import type { Part } from './work.js';

const findCustomer = sql('sample.find-customer', `select id from customer where number = $1`);

export function customersPart(openedAt: Date): Part {
  return {
    name: 'customers',
    isThere: findCustomer(CUSTOMERS[0]!.number),
    async make(carryOut) {
      for (const customer of CUSTOMERS) await carryOut(openedAt, (scope) => upsertCustomer(scope, valuesOf(customer)));
    },
  };
}

function valuesOf({ number, name, taxId, domain, phone, address, contacts, tags }: SampleCustomer) {
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
  };
}

function mailName(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '');
  return plain.toLowerCase().replace(/[^a-z]+/g, '.');
}
