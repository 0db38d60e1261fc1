import { registerEnumType } from 'type-graphql';

export enum Department {
  SALES = 'SALES',
  WAREHOUSE = 'WAREHOUSE',
  FINANCE = 'FINANCE',
  LOGISTICS = 'LOGISTICS',
  SUPPORT = 'SUPPORT',
}
registerEnumType(Department, {
  name: 'Department',
  description: 'A department of the company. Who works there has a key with the role of the same name.',
  valuesConfig: {
    SALES: { description: 'Takes orders, makes offers.' },
    WAREHOUSE: { description: 'Picks and packs.' },
    FINANCE: { description: 'Sees to it that money comes.' },
    LOGISTICS: { description: 'Sees to it that parcels arrive.' },
    SUPPORT: { description: 'Talks with customers once they have ordered.' },
  },
});
