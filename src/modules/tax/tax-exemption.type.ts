import { registerEnumType } from 'type-graphql';

export enum TaxExemption {
  REVERSE_CHARGE = 'REVERSE_CHARGE',
}
registerEnumType(TaxExemption, {
  name: 'TaxExemption',
  description: 'Why an amount bears no tax.',
  valuesConfig: {
    REVERSE_CHARGE: {
      description:
        'A business in another member state of the EU owes the tax itself: its VAT id is well formed and has the right ' +
        'check digits. Whether the id is still in force is not asked of VIES.',
    },
  },
});
