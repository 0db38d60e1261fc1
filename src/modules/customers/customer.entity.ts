import { defineEntity, p, type InferEntity } from '@mikro-orm/postgresql';
import type { Address } from '../../graph/values.type.js';

export const CustomerEntity = defineEntity({
  name: 'Customer',
  tableName: 'customer',
  properties: {
    id: p.bigint('string').primary(),
    number: p.string(),
    kind: p.string(),
    name: p.string(),
    email: p.string().nullable(),
    phone: p.string().nullable(),
    taxId: p.string().nullable(),
    isActive: p.boolean(),
    priceListId: p.bigint('string').nullable(),
    creditLimitMinor: p.bigint('string').nullable(),
    creditLimitCurrency: p.string().nullable(),
    billingAddress: p.json<Address>().nullable(),
    shippingAddresses: p.json<Address[]>(),
    tags: p.array(),
    mergedIntoId: p.bigint('string').nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    version: p.integer(),
  },
});

export const ContactEntity = defineEntity({
  name: 'Contact',
  tableName: 'contact',
  properties: {
    id: p.bigint('string').primary(),
    customer: () => p.manyToOne(CustomerEntity).joinColumn('customer_id'),
    position: p.integer(),
    name: p.string(),
    email: p.string().nullable(),
    phone: p.string().nullable(),
    role: p.string().nullable(),
    isPrimary: p.boolean(),
  },
});

export type Customer = InferEntity<typeof CustomerEntity>;
export type Contact = InferEntity<typeof ContactEntity>;
